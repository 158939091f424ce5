"""Judging from the database in slices gives what judging from everything that is known gives."""

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.case import Observations
from monitor.decisions import Decision, Entered, Reason, Ruling, Subject
from monitor.disposal import Disposition, Step
from monitor.findings import Judgement, Result, Severity, Verdict, Window
from monitor.judge import judge
from monitor.rechecking import Duty
from monitor.rechecking import Outcome as Became
from monitor.values import Account, Item, Mark, SourceAddress
from monitor.visits import Outcome, Visit
from schedules.inspect import frame_of
from schedules.observe import Examined, judge_accounts
from schedules.office import Office
from storage.accounts import save_accounts
from storage.coverage import coverage_of
from storage.database import open_database
from storage.decisions import save_decision
from storage.dispositions import save_disposition
from storage.entered import save_entered
from storage.posts import posts_between
from storage.visits import visits_between
from tests.monitor.builders import moment
from tests.schedules.offices import (
    IMPORTED,
    a_visit,
    an_account,
    an_item,
    an_office,
    daily,
    gaoxian,
    register,
    seen,
    sources,
    store,
)

LONG_AGO, FAR = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
NOW = "11-20 00:00"
POLICIES: dict[str, dict[str, Any]] = {
    "as-shipped": {},
    "fixed": {"YC_01": {"mode": "fixed"}},
    "without-yc": {"YC_01": {"enabled": False}},
    "long-gx-01": {"GX_01": {"days": 30}},
    "unknown-is-repost": {"YC_01": {"unknown": "转载"}},
}


def judged_by(
    office: Office, accounts: Sequence[Account], month: str, *, now: str = NOW, as_of: str | None = None
) -> list[Examined]:
    point = moment(as_of) if as_of else None
    frame = frame_of(office, month, now=moment(now), as_of=point)
    with office.database.read() as session:
        return judge_accounts(session, accounts, frame, point, [])


def judged_from_everything(office: Office, account: Account, month: str) -> Judgement:
    """The judgement of one account by everything that was ever seen of it, given at once."""
    ids = [account.account_id]
    with office.database.read() as session:
        everything = Observations(
            horizon=date(2000, 1, 1),
            posts=tuple(posts_between(session, ids, LONG_AGO, FAR)[account.account_id]),
            coverage=coverage_of(session, ids, LONG_AGO, FAR)[account.account_id],
            visits=tuple(visits_between(session, ids, LONG_AGO, FAR)[account.account_id]),
        )
    return judge(account, everything, frame_of(office, month, now=moment(NOW), as_of=None))


def said(judgement: Judgement) -> dict[str, object]:
    """What an official reads of a judgement; of windows their verdicts."""
    return {
        "findings": judgement.findings,
        "figures": judgement.figures,
        "result": judgement.result,
        "disposal": judgement.disposal,
        "notes": judgement.notes,
        "posts": judgement.posts,
        "windows": [(code, each.window, each.verdict) for code, some in judgement.windows for each in some],
    }


# ------------------------------------------------------------------------------------------------------------- laws


def accounts_of(chance: Random, count: int) -> list[Account]:
    return [
        an_account(f"a{n}", main=chance.random() < 0.3, opened=chance.choice([None, None, date(2026, 8, 20)]))
        for n in range(count)
    ]


def history(chance: Random, account: Account, office: Office) -> list[Visit]:
    """Visits of half a year with dated, undated, back-dated and restated posts; some prove a stretch, some fail."""
    source = sources(office)[account.account_id]
    visits: list[Visit] = []
    for _ in range(chance.randint(1, 6)):
        at = moment("2026-05-01") + timedelta(days=chance.uniform(20, 200))
        items = {}
        for key in chance.sample("ABCDE", chance.randint(0, 3)):
            ago = timedelta(days=chance.choice([0.1, 1, 10, 40, 80, 120]) * chance.random())
            items[key] = an_item(
                key,
                None if chance.random() < 0.25 else at - ago,
                mark=chance.choice([Mark.NONE, Mark.ORIGINAL, Mark.REPOST]),
            )
        back = chance.choice([None, 5, 30, 100, 190])
        proves = None if back is None else at - timedelta(days=back * chance.random() + 0.01)
        outcome = Outcome.NEW if proves else chance.choice([Outcome.NEW, Outcome.BLOCKED, Outcome.TIMEOUT])
        visits.append(a_visit(source, at, *items.values(), proves=proves, outcome=outcome))
    return sorted(visits, key=lambda visit: visit.started_at)


def random_office(
    chance: Random, file: Path, copy: Path, until: datetime = FAR
) -> tuple[Office, list[Account], list[Visit]]:
    """An office with some accounts; what was visited by ``until`` is stored, the rest comes along unstored."""
    shutil.copy(file, copy)
    office = an_office(open_database(f"sqlite:///{copy}"), policy=gaoxian(**POLICIES[chance.choice(sorted(POLICIES))]))
    accounts = accounts_of(chance, chance.choice([1, 1, 3]))
    register(office, *accounts)
    visits = sorted(
        (visit for account in accounts for visit in history(chance, account, office)),
        key=lambda visit: visit.started_at,
    )
    store(office, *(visit for visit in visits if visit.started_at <= until))
    return office, accounts, visits


LAW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
MONTHS = st.sampled_from(["2026-09", "2026-10", "2026-11"])


@LAW
@given(seed=st.integers(0, 10**6), month=MONTHS)
def test_a_slice_is_judged_as_from_everything_that_is_known(
    seed: int, month: str, empty_file: Path, tmp_path: Path
) -> None:
    office, accounts, _ = random_office(Random(seed), empty_file, tmp_path / "law.db")
    try:
        found = judged_by(office, accounts, month)
        for account, one in zip(accounts, found, strict=True):
            assert said(one.judgement) == said(judged_from_everything(office, account, month))
            assert len(one.evidence) == len(one.judgement.findings)
    finally:
        office.database.close()


@LAW
@given(seed=st.integers(0, 10**6), month=MONTHS)
def test_an_account_is_judged_alone_as_among_others(seed: int, month: str, empty_file: Path, tmp_path: Path) -> None:
    office, accounts, _ = random_office(Random(seed), empty_file, tmp_path / "law.db")
    try:
        found = judged_by(office, accounts, month)
        alone = [one for account in accounts for one in judged_by(office, [account], month)]
        for one, among in zip(alone, found, strict=True):
            assert said(one.judgement) == said(among.judgement)
            assert one.evidence == among.evidence
    finally:
        office.database.close()


@LAW
@given(seed=st.integers(0, 10**6), days=st.floats(125, 200), month=MONTHS)
def test_as_of_is_the_judgement_of_that_moment(
    seed: int, days: float, month: str, empty_file: Path, tmp_path: Path
) -> None:
    """What a database says that was filled up to then and no further is what the full one says as of then."""
    point = max(moment("2026-05-01") + timedelta(days=days), moment(f"{month}-01") + timedelta(minutes=1))
    office, accounts, visits = random_office(Random(seed), empty_file, tmp_path / "then.db", until=point)
    try:
        frame = frame_of(office, month, now=point, as_of=None)
        with office.database.read() as session:
            then = judge_accounts(session, accounts, frame, None, [])
        store(office, *(visit for visit in visits if visit.started_at > point))
        with office.database.read() as session:
            as_of = judge_accounts(session, accounts, frame, point, [])
        assert as_of == then
    finally:
        office.database.close()


# -------------------------------------------------------------------------------------------------------- scenarios


def findings(one: Examined) -> dict[tuple[str, Verdict], str]:
    return {
        (each.code, each.verdict): ";".join(str(window) for window in each.windows) for each in one.judgement.findings
    }


def test_a_silence_of_months_begins_on_the_day_after_the_last_original(office: Office) -> None:
    """COVERAGE: a YC-01 window begins on the day after the last known original."""
    account = an_account()
    register(office, account)
    original = an_item("last", "03-11 09:00", mark=Mark.ORIGINAL)
    reposts = daily("03-12", "10-31", mark=Mark.REPOST)
    seen(office, "a1", "11-01 08:00", original, *reposts, proves="2026-01-10")
    (one,) = judged_by(office, [account], "2026-10")
    assert findings(one) == {("YC-01", Verdict.VERIFIED): "2026-03-12/2026-10-31"}
    (finding,) = one.judgement.findings
    assert finding.description == "3月12日至10月31日发布信息234条，均为转载，未发布原创信息。"
    assert len(finding.posts) == len(reposts)


def test_a_silence_begins_not_before_the_covered_stretch_that_proves_it(office: Office) -> None:
    account = an_account()
    register(office, account)
    original = an_item("last", "03-11 09:00", mark=Mark.ORIGINAL)
    seen(office, "a1", "04-01 08:00", original, proves="2026-03-01")
    seen(office, "a1", "11-01 08:00", *daily("06-20", "10-31", mark=Mark.REPOST), proves="06-19 12:00")
    (one,) = judged_by(office, [account], "2026-10")
    assert findings(one) == {("YC-01", Verdict.VERIFIED): "2026-06-20/2026-10-31"}


def test_a_dead_account_tells_its_last_post_and_how_many_months_are_silent(office: Office) -> None:
    account = an_account()
    register(office, account)
    seen(office, "a1", "05-20 08:00", an_item("last", "05-12 09:00", "最后一条", mark=Mark.ORIGINAL), proves="05-01")
    seen(office, "a1", "11-01 08:00", outcome=Outcome.SAME, proves="05-12 09:00")
    (one,) = judged_by(office, [account], "2026-10")
    said_of = {each.code: each for each in one.judgement.findings}
    assert said_of["GX-06"].description == "本月信息发布量为零，已连续5个月无信息发布。"
    assert "最近一次更新为2026年5月12日《最后一条》，已连续172天未更新。" in said_of["GX-01"].description
    assert "2026年5月12日《最后一条》" in said_of["GX-05"].description
    assert said_of["YC-01"].windows[0].first == date(2026, 5, 13)


@pytest.mark.parametrize(
    "policy", [pytest.param(POLICIES["fixed"], id="fixed"), pytest.param(POLICIES["without-yc"], id="without-yc-01")]
)
def test_an_undated_post_of_the_last_90_days_makes_a_dead_account_doubtful(
    office: Office, policy: dict[str, Any]
) -> None:
    """COVERAGE: an undated post first seen in the window could change it, so GX-05 is for a person, under any policy."""
    account = an_account()
    register(office, account)
    seen(office, "a1", "08-20 08:00", an_item("undated", None), an_item("old", "02-02 09:00"), proves="02-02 10:00")
    seen(office, "a1", "11-01 08:00", outcome=Outcome.SAME, proves="02-02 10:00")
    (one,) = judged_by(an_office(office.database, policy=gaoxian(**policy)), [account], "2026-10")
    assert ("GX-05", Verdict.REVIEW) in findings(one)
    assert ("GX-05", Verdict.VERIFIED) not in findings(one)


@pytest.mark.parametrize(
    ("visits", "month", "code", "window"),
    [
        pytest.param(
            [("10-12 20:00", "10-12 09:00"), ("10-20 08:00", "06-01 09:00")],
            "2026-10",
            "GX-02",
            "2026-10-12",
            id="months-back",
        ),
        pytest.param(
            [("11-02 08:00", "10-30 09:00"), ("11-03 08:00", "11-01 09:00")],
            "2026-10",
            "GX-02",
            "2026-10-30",
            id="into-the-next-month",
        ),
    ],
)
def test_a_post_that_was_moved_out_of_the_month_leaves_a_doubt_where_it_stood(
    office: Office, visits: list[tuple[str, str]], month: str, code: str, window: str
) -> None:
    """A post that stated a day of the month and now states another may have stood there: a person decides."""
    account = an_account(main=True)
    register(office, account)
    others = [each for each in daily("10-01", "10-31") if window[5:].replace("-", "") not in each.key]
    for at, stated in visits:
        seen(office, "a1", at, an_item("moved", stated))
    seen(office, "a1", "11-05 08:00", *others, proves="2026-04-01")
    (one,) = judged_by(office, [account], month)
    assert (code, Verdict.VERIFIED) not in findings(one)
    assert findings(one)[code, Verdict.REVIEW] == window


@pytest.mark.parametrize(
    "first_said", [pytest.param("08-21 07:00", id="another-day"), pytest.param("08-20 09:00", id="same-day")]
)
def test_a_restated_post_counts_behind_a_back_dated_one(office: Office, first_said: str) -> None:
    """Of two old posts the newer is back-dated and the older only restated: the older one still meets 90 days."""
    account = an_account()
    register(office, account)
    seen(office, "a1", "08-21 08:00", an_item("moved", first_said), proves="02-01")
    seen(office, "a1", "08-22 08:00", an_item("moved", "08-20 07:00"), proves="02-01")
    seen(office, "a1", "08-31 09:00", an_item("back-dated", "08-21 20:00"), proves="02-01")
    seen(office, "a1", "11-01 08:00", outcome=Outcome.SAME, proves="02-01")
    (one,) = judged_by(office, [account], "2026-10")
    gx05 = [each.verdict for code, some in one.judgement.windows if code == "GX-05" for each in some]
    assert gx05 == [Verdict.MET]


def test_an_address_that_is_gone_is_told_alike_alone_and_among_others(office: Office) -> None:
    """Why a window could not be judged does not depend on which accounts are judged together."""
    gone, silent = an_account("gone"), an_account("silent")
    register(office, gone, silent)
    seen(office, "gone", "06-01 08:00", *daily("05-20", "05-31"), proves="05-20 10:00")
    seen(office, "silent", "11-01 08:00", an_item("old", "02-02 09:00"), proves="02-02 10:00")
    gone = an_account("gone", addresses=())
    with office.database.begin() as session:
        save_accounts(session, [gone], IMPORTED)
    (alone,) = judged_by(office, [gone], "2026-10")
    among = judged_by(office, [gone, silent], "2026-10")
    assert alone == among[0]


def test_an_account_without_any_address_is_never_accused(office: Office) -> None:
    account = an_account("a1", addresses=(), main=True)
    register(office, account)
    (one,) = judged_by(office, [account], "2026-10")
    assert {verdict for _, verdict in findings(one)} == {Verdict.UNVERIFIABLE}
    (finding,) = one.judgement.findings
    assert finding.code == "CJ-01"
    assert "未登记采集地址" in finding.description
    assert one.judgement.result.value == "未能核验"


def test_proof_that_came_later_judges_what_could_not_be_judged_before(office: Office) -> None:
    """COVERAGE rule 5: a later good visit proves the time in between after all, if its list reaches back."""
    account = an_account(addresses=(SourceAddress(url="http://127.0.0.1:9/a1"),))
    register(office, account)
    seen(office, "a1", "11-01 08:00", outcome=Outcome.BLOCKED)
    (before,) = judged_by(office, [account], "2026-10")
    assert [code for code, _ in findings(before)] == ["CJ-01"]
    items: list[Item] = [an_item("old", "09-01 09:00")]
    seen(office, "a1", "11-03 08:00", *items, proves="09-01 10:00")
    (after,) = judged_by(office, [account], "2026-10")
    assert ("GX-06", Verdict.VERIFIED) in findings(after)
    (then,) = judged_by(office, [account], "2026-10", as_of="11-02 00:00")
    assert then == before


# ----------------------------------------------------------------------------------------------------------- people


def test_what_people_decided_entered_and_recorded_is_judged_with(office: Office) -> None:
    account, other = an_account("a1"), an_account("a2")
    register(office, account, other)
    for each in (account, other):
        seen(office, each.account_id, "11-01 08:00", *daily("10-12", "10-31", mark=Mark.ORIGINAL), proves="09-01")
    week = Window(date(2026, 10, 5), date(2026, 10, 11))
    subjects = {
        "GX-03": (week, Window(date(2026, 9, 28), date(2026, 10, 4))),
        "YC-01": (Window(date(2026, 9, 1), date(2026, 10, 11)),),
    }
    entered = Entered(
        number=0,
        account_id="a2",
        code="HD-01",
        severity=Severity.VETO,
        window=week,
        description="没有留言入口。",
        by="李某",
        at=moment("11-02"),
    )
    step = Disposition(account_id="a2", step=Step.CLOSURE, on=date(2026, 10, 20), by="李某", at=moment("11-03"))
    with office.database.begin() as session:
        for code, some in subjects.items():
            for one in some:
                subject = Subject(account_id="a1", code=code, window=one)
                decision = Decision(
                    subject=subject, ruling=Ruling.DISMISSED, by="李某", at=moment("11-02"), reason=Reason.POSTED
                )
                save_decision(session, decision)
        save_entered(session, entered)
        save_disposition(session, step)
    first, second = judged_by(office, [account, other], "2026-10")
    assert (first.judgement.result, first.judgement.orphans) == (Result.PASSED, ())
    assert {each.code for each in first.judgement.dismissed} == {"GX-03", "YC-01"}
    assert ("HD-01", Verdict.VERIFIED) in findings(second)
    assert second.judgement.disposal == "关停"
    before, unmoved = judged_by(office, [account, other], "2026-10", as_of="11-01 12:00")
    assert before.judgement.result is Result.FAILED
    assert ("HD-01", Verdict.VERIFIED) not in findings(unmoved)
    assert judged_by(office, [account, other], "2026-10", as_of="11-02 12:00")[1].judgement.disposal == "通报"


@pytest.mark.parametrize(
    ("mark", "outcome"),
    [pytest.param(Mark.ORIGINAL, Became.RECTIFIED, id="an-original"), pytest.param(Mark.REPOST, Became.NOT_RECTIFIED, id="a-repost")],
)  # fmt: skip
def test_an_old_finding_is_looked_at_again_with_all_posts_since(office: Office, mark: Mark, outcome: Became) -> None:
    """What came in October lies before where the reading of December begins."""
    account = an_account()
    register(office, account)
    items = [an_item("october", "10-08 09:00", mark=mark), *daily("10-20", "12-10", mark=Mark.REPOST)]
    seen(office, "a1", "2026-12-11 08:00", *items, proves="2026-08-01")
    duty = Duty(
        account_id="a1",
        month="2026-09",
        code="YC-01",
        category="未按要求发布原创信息",
        windows=(Window(date(2026, 9, 1), date(2026, 9, 30)),),
        since=date(2026, 9, 30),
        due=date(2026, 12, 1),
    )
    frame = frame_of(office, "2026-12", now=moment("2026-12-11 09:00"), as_of=None)
    with office.database.read() as session:
        (one,) = judge_accounts(session, [account], frame, None, [], {"a1": [duty]})
        (near,) = judge_accounts(session, [account], frame, None, [], {"a1": []})
    assert [each.outcome for each in one.rechecks] == [outcome]
    assert one.rechecks[0].day == (date(2026, 10, 8) if outcome is Became.RECTIFIED else None)
    assert near.rechecks == ()
    assert one.judgement == near.judgement
