"""kill -9 on the real clock, with a sweep and a month's inspection under way at once: whole, once, and the very files.

A month is due as soon as the daemon starts, and due again after each person's decision, so that every kill may meet it.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from monitor.frame import month_of
from monitor.values import Correction, Originality
from monitor.visits import Outcome, Source, Visit
from reports.parts import file_names
from schedules.inputs import SETTLED
from storage.corrections import save_correction
from storage.coverage import rebuild
from storage.database import Database, open_database
from storage.sources import sources_of
from storage.visits import save_visit
from tests.daemon.history import TrueAccount, TruePost
from tests.daemon.running import FULL, Home, home_in, registry, standard
from tests.daemon.serving import Servers, serving
from tests.daemon.wholeness import assert_archive_clean, assert_nothing_lost, assert_whole

KILLS = 100 if FULL else 8
ACCOUNTS, DARK = (40, 3000) if FULL else (16, 900)
SEED = 20261122
BEIJING = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
LONG = 3 * 24 * 3600 * 1_000_000  # microseconds
BEGUN = "SELECT coalesce(max(started_at), 0) FROM jobs WHERE job = 'inspect' AND key <> ''"

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.timeout(1800 if FULL else 600)]


def now() -> datetime:
    return datetime.now(UTC)


def lately(count: int) -> list[TrueAccount]:
    """Accounts that have posted for two months, and go on posting every few seconds for an hour."""
    at = now()
    made = []
    for number in range(count):
        before = [at - HOUR * (7 + number % 5) * k for k in range(1, 120)]
        after = [at + timedelta(seconds=7 + number % 3) * k for k in range(500)]
        posts = tuple(
            TruePost(
                key=f"K{number:03}-{n}",
                title=f"第{number}局第{n}条信息",
                words=f"第{number}局第{n}条信息的内容。<br/>来源：{'新华社' if n % 3 else f'第{number}局'}",
                at=moment,
                shown_at=moment,
                original=n % 3 == 0,
            )
            for n, moment in enumerate(sorted(each.replace(microsecond=0) for each in (*before, *after)))
        )
        made.append(
            TrueAccount(
                account_id=f"K{number:03}",
                organizer=f"第{number}局",
                main=number % 4 == 0,
                host=f"127.0.2.{number % 4 + 1}",
                window=100,
                rate="daily",
                posts=posts,
            )
        )
    return made


def last_month(at: datetime) -> str:
    local = at.astimezone(BEIJING).date()
    return f"{month_of(month_of(local).first - timedelta(days=1)).first:%Y-%m}"


@contextmanager
def database_of(home: Home) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{home.database}")
    try:
        yield opened
    finally:
        opened.close()


def visited_without_an_answer(session: Session, source: Source, at: datetime) -> None:
    """Store a visit that nobody answered: the source is known since then, and nothing is known of it."""
    save_visit(
        session,
        Visit(
            source_id=source.source_id,
            account_id=source.account_id,
            url=source.url,
            lane="127.0.2.1",
            started_at=at,
            ended_at=at,
            outcome=Outcome.TIMEOUT,
            reason="访问超时",
        ),
        BEIJING,
    )


def prepare(home: Home, accounts: list[TrueAccount], servers: Servers) -> None:
    """Make a database whose first visit lies in last month, so that this is due; dark accounts make it take longer."""
    home.configure()
    text = registry(accounts, servers)
    text += "".join(f"D{n:04},暗号{n},政府网站,第{n}所,否,\r\n" for n in range(DARK))
    (home.folder / "accounts.csv").write_text(text, encoding="utf-8")
    done = home.run("accounts", "import", "accounts.csv")
    assert done.returncode == 0, done.stderr
    first = month_of(now().astimezone(BEIJING).date()).first
    ended = datetime(first.year, first.month, first.day, tzinfo=BEIJING)
    with database_of(home) as database, database.begin() as session:
        for source in sources_of(session, [each.account_id for each in accounts]):
            for at in (ended - HOUR * 24 * 20, max(ended, now() - HOUR)):
                visited_without_an_answer(session, source, at)


def decide(home: Home, chance: Random, month: str) -> None:
    """Have a person have decided on a post of the month, long enough ago: that is inspected anew."""
    rows = home.rows("SELECT account_id, key, published_at FROM posts ORDER BY post_id")
    inside = [row for row in rows if _month(row[2]) == month]
    account_id, key, _ = chance.choice(inside)
    chosen = chance.choice((Originality.ORIGINAL, Originality.REPOST))
    with database_of(home) as database, database.begin() as session:
        save_correction(
            session, account_id, key, Correction(originality=chosen, by="王五", why="已核实", at=now() - 2 * SETTLED)
        )


def _month(microseconds: int) -> str:
    return f"{datetime.fromtimestamp(microseconds / 1_000_000, BEIJING):%Y-%m}"


def since(home: Home, query: str, *values: object) -> int:
    """Read one number, 0 at the moment at which the database is about to be opened or closed by others."""
    try:
        return home.number(query, *values)
    except sqlite3.OperationalError:
        return 0


def killed(home: Home, servers: Servers, chance: Random) -> tuple[int, bool]:
    """Start the daemon and kill it at some moment; return how many answers it got, and whether it was inspecting."""
    answers, begun = len(servers.answers), home.number(BEGUN)
    done = len(home.rows("SELECT 1 FROM inspections WHERE state = 'complete'"))
    daemon = home.daemon()
    begun_first = chance.random() < 0.5
    if begun_first:
        daemon.until(lambda: since(home, BEGUN) > begun, 120, "an inspection")
    else:
        daemon.until(lambda: len(servers.answers) > answers, 120, "an answer")
    time.sleep(chance.random() ** 2 * 1.5 if begun_first else chance.random() * 4)
    daemon.kill()
    complete = len(home.rows("SELECT 1 FROM inspections WHERE state = 'complete'"))
    return len(servers.answers) - answers, home.number(BEGUN) > begun and complete == done


def assert_coverage_is_what_visits_prove(home: Home) -> None:
    """Assert that coverage built anew from the visits is what is stored; what is built is thrown away."""
    query = "SELECT account_id, starts_at, ends_at FROM coverage ORDER BY 1, 2"
    stored = home.rows(query)
    with database_of(home) as database, database.begin() as session:
        rebuild(session, sorted({row[0] for row in home.rows("SELECT account_id FROM accounts")}))
        connection = session.connection()
        assert [tuple(row) for row in connection.exec_driver_sql(query)] == stored
        session.rollback()


def assert_served_is_stored(home: Home, servers: Servers) -> None:
    """Assert that each stored visit's posts are there: all that the answer to it showed."""
    spans = home.rows(
        "SELECT sources.url, started_at, ended_at, outcome FROM visits JOIN sources USING (source_id)"
        " WHERE visits.account_id IS NOT NULL AND status IN (200, 304)"
    )
    keys = {row[0].rpartition("/")[2] for row in home.rows("SELECT url FROM posts")}
    looked = 0
    for answer in servers.answers:
        at = answer.at.timestamp() * 1_000_000
        if any(url.endswith(answer.path) and start <= at <= end for url, start, end, _ in spans):
            looked += 1
            assert {post.key for post in answer.shown} <= keys
    assert looked > 0


def test_no_kill_in_sweep_and_inspection_at_once_leaves_anything_undone(quick: Path) -> None:
    chance, accounts, month = Random(SEED), lately(ACCOUNTS), last_month(now())
    again = {"shortest_minutes": 0.02, "longest_hours": 0.0005, "backups": "", "inspect_at": "00:00"}  # on the 1st too
    posting: list[datetime] = []
    with (
        serving(accounts, lambda: posting[0] if posting else now()) as servers,
        home_in(quick, standard(servers, daemon=again)) as home,
    ):
        prepare(home, accounts, servers)
        kills, decisions = [], 0
        for _ in range(KILLS):
            if _is_done(home, month):
                decide(home, chance, month)
                decisions += 1
            kills.append(killed(home, servers, chance))
        posting.append(now())  # nobody posts any more: what a stop leaves unstored was stored before
        decisions += _finish(home, chance, month)
        inspecting = sum(each for _, each in kills)
        sys.stdout.write(
            f"\nseed {SEED}: {len(kills)} kills, {inspecting} of them in an inspection, {decisions} decisions, "
            f"{sum(each for each, _ in kills)} answers, {home.number('SELECT count(*) FROM visits')} visits\n"
        )
        assert inspecting
        assert_whole(home)
        assert_nothing_lost(home, servers)
        assert_archive_clean(home)
        assert_coverage_is_what_visits_prove(home)
        assert_served_is_stored(home, servers)
        assert_inspected_once(home, month, decisions)
        assert_files_are_those_of_a_fresh_inspection(home, month)


def _is_done(home: Home, month: str) -> bool:
    done = "SELECT count(*) FROM jobs WHERE job = 'inspect' AND key = ? AND state = 'done'"
    return since(home, done, month) == 1


def _finish(home: Home, chance: Random, month: str) -> int:
    """Have every source read, and the month inspected once more of all that; return how many decisions."""
    before = home.number("SELECT max(visit_id) FROM visits")
    every = "SELECT count(DISTINCT source_id) FROM visits WHERE visit_id > ? AND status IN (200, 304)"
    _run(home, month, lambda: since(home, every, before) == ACCOUNTS)
    decide(home, chance, month)
    begun = home.number(BEGUN)
    with closing(sqlite3.connect(home.database, timeout=30)) as database, database:  # what was broken off, is long ago
        database.execute("UPDATE inspections SET made_at = made_at - ? WHERE state = 'incomplete'", (LONG,))
    for left in (home.folder / "inspections").glob(".*"):
        os.utime(left, (0, 0))
    calm = {**home.config["daemon"], "shortest_minutes": 30, "longest_hours": 12}
    home.configure({**home.config, "daemon": calm})  # a month is inspected once nothing is left to be looked at
    _run(home, month, lambda: since(home, BEGUN) > begun)
    return 1


def _run(home: Home, month: str, done: Callable[[], bool]) -> None:
    """Run the daemon until something is done, the month inspected and nothing left to do."""
    daemon = home.daemon()
    daemon.until(done, 120, "what is to be done")
    daemon.until(lambda: _is_done(home, month), 120, "the inspection")
    assert daemon.stop()[0] == 0, daemon.said[-3000:]


def assert_inspected_once(home: Home, month: str, decisions: int) -> None:
    """Assert that the month counts once, with one version more for a decision at most, and that nothing half is left."""
    rows = home.rows("SELECT month, state, why FROM inspections WHERE state <> 'incomplete' ORDER BY id")
    assert {row[:2] for row in rows} == {(month, "complete")}
    assert [row[2] for row in rows].count(None) == 1
    assert 1 <= len(rows) <= 1 + decisions
    assert home.number("SELECT count(*) FROM inspections WHERE state = 'incomplete'") == 0
    folder = home.folder / "inspections"
    assert {each.name for each in folder.iterdir()} <= {month, "versions"}
    assert {each.name for each in (folder / month).iterdir()} == {*file_names(month)}
    for version in (folder / "versions").iterdir() if (folder / "versions").exists() else ():
        assert not version.name.startswith("."), version
        assert {each.name for each in version.iterdir()} == {*file_names(month)}


def assert_files_are_those_of_a_fresh_inspection(home: Home, month: str) -> None:
    """Assert that inspecting the month again by hand gives the same bytes, and no version more."""
    count = home.number("SELECT count(*) FROM inspections WHERE state = 'complete'")
    ran = home.run("inspect", month, "--out", "fresh")
    assert ran.returncode == 0, ran.stderr
    kept = home.folder / "inspections" / month
    fresh = home.folder / "fresh" / month
    for name in file_names(month):
        assert (kept / name).read_bytes() == (fresh / name).read_bytes(), name
    assert home.number("SELECT count(*) FROM inspections WHERE state = 'complete'") == count
