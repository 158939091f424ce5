"""The judge of the virtual month sees a false finding and a missed one, or it would prove nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.daemon.bent import local
from tests.daemon.history import BRIDGE, ONE_DAY, TrueAccount, TruePost
from tests.daemon.oracle import Finding, Oracle
from tests.daemon.serving import CONTROL, Served

JUDGED = local("11-01 09:00")


def post(at: str, *, original: bool = True) -> TruePost:
    moment = local(at)
    return TruePost(key=at, title=at, words="", at=moment, shown_at=moment, original=original)


def an_account(*posts: TruePost, host: str = "127.0.2.1") -> TrueAccount:
    return TrueAccount(account_id="a", organizer="一局", main=False, host=host, window=9, rate="", posts=posts)


def answers(account: TrueAccount, first: str, last: str, *, host: str = "127.0.2.1") -> list[Served]:
    """One good answer a day, at nine."""
    found, at = [], local(f"{first} 09:00")
    while at <= local(f"{last} 09:00"):
        found.append(Served(at=at, host=host, path=account.path, status=200, shown=tuple(account.listed(at))))
        at += ONE_DAY
    return found


def gx03(*weeks: tuple[int, int]) -> Finding:
    windows = tuple((date(2026, 10, first), date(2026, 10, last)) for first, last in weeks)
    return Finding(account_id="a", code="GX-03", verdict="已核实", windows=windows)


SILENT_WEEK = an_account(
    post("08-01 09:00"), post("10-04 09:00"), post("10-08 09:00"), post("10-20 09:00"), post("10-30 09:00")
)
QUIET_SINCE = an_account(post("08-01 09:00"), *(post(f"10-{day:02} 09:00") for day in range(1, 32, 6)))


def test_a_finding_about_a_week_with_a_post_is_false() -> None:
    oracle = Oracle([SILENT_WEEK], answers(SILENT_WEEK, "10-01", "11-01"), JUDGED)
    assert oracle.false_findings([gx03((12, 18))]) == []
    assert oracle.false_findings([gx03((5, 11), (12, 18))]) == ["a GX-03 2026-10-05/2026-10-11"]
    assert oracle.false_findings([replace(gx03((5, 11)), verdict="待复核")]) == []


def test_a_silent_week_that_every_answer_proves_is_missed_without_its_finding() -> None:
    oracle = Oracle([SILENT_WEEK], answers(SILENT_WEEK, "10-01", "11-01"), JUDGED)
    missed, proven = oracle.missed([])
    assert "a GX-03 2026-10-12/2026-10-18" in missed
    assert proven == len(missed)
    assert "a GX-03 2026-10-12/2026-10-18" not in oracle.missed([gx03((12, 18))])[0]


def test_what_no_answer_proves_is_not_missed() -> None:
    week = "a GX-03 2026-10-12/2026-10-18"
    shown = answers(SILENT_WEEK, "10-01", "10-15")
    assert week not in Oracle([SILENT_WEEK], shown, JUDGED).missed([])[0]
    late = [Served(at=local("11-01 08:00"), host="127.0.2.1", path="/a.xml", status=200, shown=SILENT_WEEK.posts)]
    assert week in Oracle([SILENT_WEEK], late, JUDGED).missed([])[0]
    assert Oracle([SILENT_WEEK], late, local("11-01 07:00")).missed([])[0] == []
    assert Oracle([SILENT_WEEK], late, JUDGED, [(local("11-01 07:00"), JUDGED)]).missed([])[0] == []


def test_an_answer_of_the_bridge_proves_no_more_than_its_control() -> None:
    account = replace(SILENT_WEEK, host=BRIDGE)
    at = local("10-19 02:00")
    answer = Served(at=at, host=BRIDGE, path="/a.xml", status=200, shown=tuple(account.listed(at)))

    def control(newest: datetime) -> Served:
        return Served(at=at - timedelta(minutes=1), host=BRIDGE, path=CONTROL, status=200, newest=newest)

    def missed(*given: Served) -> bool:
        return "a GX-03 2026-10-12/2026-10-18" in Oracle([account], given, JUDGED).missed([])[0]

    assert missed(control(local("10-19 01:45")), answer)
    assert not missed(answer)
    assert not missed(control(local("10-18 23:45")), answer)  # froze before the week's end
    assert not missed(control(local("10-17 20:00")), answer)  # froze a day ago


def test_rolling_windows_count_originals_alone() -> None:
    account = an_account(
        post("09-01 09:00"), *(post(f"10-{day:02} 09:00", original=day == 1) for day in (1, 6, 13, 20, 27))
    )
    oracle = Oracle([account], answers(account, "10-01", "11-01"), JUDGED)
    finding = Finding(
        account_id="a", code="YC-01", verdict="已核实", windows=((date(2026, 10, 2), date(2026, 10, 31)),)
    )
    assert oracle.false_findings([finding]) == []
    assert oracle.false_findings([replace(finding, windows=((date(2026, 10, 1), date(2026, 10, 31)),))]) != []
    missed, _ = oracle.missed([])
    assert next(each for each in missed if "YC-01" in each) == "a YC-01 2026-10-02/2026-10-15"
    assert [each for each in oracle.missed([finding])[0] if "YC-01" in each] == []
    assert Oracle([QUIET_SINCE], answers(QUIET_SINCE, "10-01", "11-01"), JUDGED).missed([])[0] == []
