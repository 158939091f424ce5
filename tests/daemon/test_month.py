"""A month of virtual time with everything that goes wrong in one, judged against what the servers really served."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from reports.parts import file_names
from tests.daemon import scenes
from tests.daemon.bent import BEIJING, BentClock
from tests.daemon.driving import Drive
from tests.daemon.history import ONE_DAY, TrueAccount, TruePost, county
from tests.daemon.oracle import Oracle, known_posts, read_findings, read_rows
from tests.daemon.running import FULL, Home, as_number, home_in, in_utc, standard, whole
from tests.daemon.serving import REFUSED, Servers, serving

ACCOUNTS, HOSTS = (200, 20) if FULL else (24, 4)
SCENE = scenes.FULL if FULL else scenes.SHORT
HASTY = {"timeout_seconds": 2.0}  # each step of a scene whose server hangs waits for so long


@dataclass(frozen=True)
class Lived:
    """A month that was lived through."""

    home: Home
    servers: Servers
    drive: Drive
    accounts: tuple[TrueAccount, ...]
    oracle: Oracle


@pytest.fixture(scope="module")
def lived(quick_module: Path, bending: None) -> Iterable[Lived]:
    folder = quick_module
    clock = BentClock(folder, SCENE.first)
    accounts = county(ACCOUNTS, HOSTS)
    assert {host for each in SCENE.faults for host in each.hosts} <= {each.host for each in accounts}
    with (
        serving(accounts, clock.now, *SCENE.faults) as servers,
        home_in(folder, standard(servers, crawl=HASTY), clock) as home,
    ):
        home.enrol(accounts, servers)
        drive = Drive(home, servers, clock, SCENE)
        drive.run(1200 if FULL else 120)
        made_at = in_utc(home.rows("SELECT made_at FROM inspections ORDER BY id LIMIT 1")[0][0])
        assert drive.daemon is not None
        assert drive.daemon.stop()[0] == 0
        yield Lived(home, servers, drive, accounts, Oracle(accounts, servers.answers, made_at, tuple(drive.void)))


def tell(line: str) -> None:
    """Print a figure; shown by -s, and of a test that fails."""
    sys.stdout.write(f"\n{line}\n")


pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.timeout(7200 if FULL else 900)]


def test_the_month_is_inspected_once_and_whole(lived: Lived) -> None:
    states = lived.home.rows("SELECT month, state FROM inspections")
    assert states == [("2026-10", "complete")]
    folder = lived.home.inspection
    assert {each.name for each in folder.iterdir()} == {*file_names("2026-10")}
    assert [each.name for each in folder.parent.iterdir()] == ["2026-10"]
    assert len(read_rows(folder / "summary.csv")) == len(lived.accounts)
    whole(lived.home)


def test_no_finding_is_false_and_nothing_provable_is_missed(lived: Lived) -> None:
    findings, folder = read_findings(lived.home.inspection), lived.home.inspection
    assert lived.oracle.false_findings(findings) == []
    missed, proven = lived.oracle.missed(findings)
    results = {row["账号编号"]: row["检查结果"] for row in read_rows(folder / "summary.csv")}
    tell(
        f"accounts={len(lived.accounts)} steps={lived.drive.steps} slowest_step={lived.drive.slowest:.1f}s "
        f"visits={lived.home.number('SELECT count(*) FROM visits')} answers={len(lived.servers.answers)} "
        f"broken={lived.oracle.broken()} provable={proven} missed={len(missed)} results={dict(Counter(results.values()))} "
        f"findings={dict(Counter((each.code, each.verdict) for each in findings))}"
    )
    assert proven > len(lived.accounts) // 2
    assert missed == []
    assert lived.oracle.wrongly_passed(results) == []


def test_every_post_that_was_served_is_known_once(lived: Lived) -> None:
    known, shown = known_posts(lived.home.inspection), lived.oracle.shown()
    assert {
        each: sorted(keys - {*known.get(each, ())}) for each, keys in shown.items() if keys - {*known.get(each, ())}
    } == {}
    assert [each for each, keys in known.items() if len(set(keys)) != len(keys)] == []


def test_an_outage_of_our_own_is_laid_on_nobody(lived: Lived) -> None:
    (own,) = (each for each in SCENE.faults if not each.hosts)
    query = "SELECT outcome, count(*) FROM visits WHERE started_at > ? AND started_at < ? GROUP BY 1"
    begin = own.first + timedelta(seconds=5)  # some are still answered while the servers go, one after the other
    during = dict(lived.home.rows(query, as_number(begin), as_number(own.last)))
    tell(f"visits while offline: {during}")
    assert set(during) == {"LOCAL_OUTAGE"}
    first = next(each for each in SCENE.faults if each.what == REFUSED and each.hosts)
    theirs = dict(lived.home.rows(query, as_number(first.first), as_number(first.last)))
    assert "REFUSED" in theirs
    assert "LOCAL_OUTAGE" not in theirs


def test_each_reminder_is_true_in_time_and_sent_once(lived: Lived) -> None:
    rows = lived.home.rows("SELECT account_id, rule, first_day, last_day, made_at, sent_at, ends_at FROM reminders")
    assert rows
    wrong = []
    for account_id, rule, first, last, made, sent, ends in rows:
        days = date.fromisoformat(first), date.fromisoformat(last)
        account = next(each for each in lived.accounts if each.account_id == account_id)
        if sent is None or in_utc(sent) >= in_utc(ends):
            wrong.append((account_id, rule, first, last, f"not sent before its end: made {in_utc(made)}, sent {sent}"))
        if not days[0] <= in_utc(made).astimezone(BEIJING).date() <= days[1]:
            wrong.append((account_id, rule, first, last, "not made within its window"))
        if shown := _shown_before(lived, account, days, rule == "YC-01", in_utc(made)):
            wrong.append((account_id, rule, first, last, f"made {made} although {shown.key} of {shown.at} was served"))
    bodies = [json.loads(body) for _, body in lived.servers.hooked]
    reminding = [each for each in bodies if each["kind"] == "reminder"]
    tell(
        f"reminders={len(rows)} {dict(Counter(row[1] for row in rows))} messages={len(reminding)} "
        f"others={dict(Counter(each['kind'] for each in bodies))}"
    )
    assert wrong == [], lived.home.rows("SELECT kind, made_at, next_at, expires_at, state, tries, error FROM messages")
    assert len({json.dumps(each, sort_keys=True) for each in reminding}) == len(reminding)
    named: Counter[str] = Counter(account for each in reminding for account in each["accounts"])
    assert named.total() <= len(rows)
    assert set(named) == {row[0] for row in rows}


def test_main_accounts_are_reminded_on_each_day_on_which_it_was_possible(lived: Lived) -> None:
    told = {
        (row[0], row[1]) for row in lived.home.rows("SELECT account_id, first_day FROM reminders WHERE rule = 'GX-02'")
    }
    missing = [
        (account.account_id, str(day))
        for account in lived.accounts
        if account.main
        for day in sorted({each.astimezone(BEIJING).date() for each in SCENE.stops})
        if _is_to_be_reminded(lived, account, day) and (account.account_id, str(day)) not in told
    ]
    assert missing == []


def _shown_before(
    lived: Lived, account: TrueAccount, days: tuple[date, date], originals: bool, moment: datetime
) -> TruePost | None:
    """Return a post of a window that an answer had shown a minute before a moment."""
    for answer in lived.servers.answers:
        if (
            answer.path == account.path
            and answer.at < moment - timedelta(seconds=30)
            and not lived.oracle._is_void(answer.at)
        ):
            for post in answer.shown:
                if days[0] <= post.day <= days[1] and (post.original or not originals):
                    return post
    return None


def _is_to_be_reminded(lived: Lived, account: TrueAccount, day: date) -> bool:
    """Say whether the daemon was up and saw, shortly after 15:00, that nothing was posted by then."""
    from tests.daemon.history import is_workday

    at = datetime(day.year, day.month, day.day, 15, 20, tzinfo=BEIJING)
    if not is_workday(day) or not SCENE.first < at < SCENE.last:
        return False
    troubled = [*lived.drive.down, *lived.drive.void]
    if any(first - ONE_DAY / 2 <= at <= last + ONE_DAY / 8 for first, last in troubled):
        return False
    if any(each.holds(account.host, at) or each.holds(account.host, at - ONE_DAY / 3) for each in SCENE.faults):
        return False
    return not any(post.day == day and post.at <= at for post in account.posts)
