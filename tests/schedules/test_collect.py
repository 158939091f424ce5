"""One run of collection over a loopback server: every visit stored, and nothing else."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select

from crawler.settings import LaneConfig
from monitor.spans import contains
from monitor.values import AccountState, SourceAddress
from monitor.visits import Outcome, Visit
from schedules.collect import CollectReport, collect
from schedules.office import Office, RequestError, SourceSetting
from storage.accounts import save_accounts
from storage.coverage import coverage_of
from storage.errors import StorageError
from storage.lanes import pauses
from storage.models import post_keys, post_texts, posts, sources, visits
from storage.visits import visits_between
from tests.monitor.builders import moment
from tests.schedules.offices import (
    IMPORTED,
    Site,
    an_account,
    an_office,
    as_nobody,
    inspect,
    read_back,
    register,
    rss,
    serving,
    stopped,
)

NOW = "11-02 10:00"
FEED = rss(("b", "11-01 09:00"), ("a", "10-01 09:00"))


def collected(office: Office, *account_ids: str, now: str = NOW) -> CollectReport:
    return collect(office, account_ids, clock=stopped(now), on_visit=lambda *_: None)


def outcomes(report: CollectReport) -> dict[str | None, Outcome]:
    return {visit.account_id: visit.outcome for visit in report.visits}


def stored(office: Office, *account_ids: str) -> dict[str, list[Visit]]:
    with office.database.read() as session:
        return visits_between(session, account_ids, moment("2020-01-01"), moment("2030-01-01"))


def count(office: Office, table: object) -> int:
    with office.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------ who is visited


def test_what_is_stored_is_what_is_reported(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED, "/2": lambda: (404, {}, b"")}
    register(office, an_account("a1", site.url("/1")), an_account("a2", site.url("/2")))
    told: list[tuple[str | None, int, int]] = []
    report = collect(
        office, [], clock=stopped(NOW), on_visit=lambda visit, done, total: told.append((visit.account_id, done, total))
    )
    assert outcomes(report) == {"a1": Outcome.NEW, "a2": Outcome.GONE}
    assert report.counts == {Outcome.NEW: 1, Outcome.GONE: 1}
    assert (report.new_posts, report.revised_posts, report.interrupted) == (2, 0, False)
    assert told == [(visit.account_id, n, 2) for n, visit in enumerate(report.visits, 1)]
    kept = stored(office, "a1", "a2")
    for visit in report.visits:
        (one,) = kept[visit.account_id or ""]
        assert (one.visit_id, one.outcome, one.proof, one.started_at) == (
            visit.visit_id,
            visit.outcome,
            visit.proof,
            visit.started_at,
        )
        assert visit.items == ()


def test_a_second_run_finds_nothing_new(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED}
    register(office, an_account("a1", site.url("/1")))
    collected(office)
    again = collected(office, now="11-02 11:00")
    assert outcomes(again) == {"a1": Outcome.SAME}
    assert (again.new_posts, again.revised_posts) == (0, 0)
    assert count(office, posts) == 2
    with office.database.read() as session:
        (span,) = coverage_of(session, ["a1"], moment("2026-01-01"), moment("2027-01-01"))["a1"]
    assert (span.start - moment("10-01 09:00") < timedelta(minutes=1), span.end) == (True, moment("11-02 11:00"))


def test_accounts_without_an_address_are_told(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED}
    register(office, an_account("a1", site.url("/1")), an_account("a2", addresses=()), an_account("a3", addresses=()))
    assert collected(office).without_source == ("a2", "a3")
    assert collected(office, "a3").without_source == ("a3",)
    assert collected(office, "a1").without_source == ()


def test_every_address_of_an_account_is_visited(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED, "/2": FEED}
    register(office, an_account("a1", site.url("/1"), site.url("/2")))
    report = collected(office)
    assert [visit.url for visit in report.visits] == [site.url("/1"), site.url("/2")]
    assert count(office, posts) == 2


@pytest.mark.parametrize(
    ("changes", "visited"),
    [
        pytest.param({}, True, id="active"),
        pytest.param({"state": AccountState.CLOSING, "closing_notice": date(2026, 10, 1)}, True, id="closing"),
        pytest.param({"state": AccountState.CLOSED, "closed": date(2026, 5, 1)}, False, id="closed"),
        pytest.param({"state": AccountState.CLOSED}, False, id="closed-undated"),
        pytest.param({"closed": date(2026, 11, 1)}, False, id="closed-yesterday"),
        pytest.param({"closed": date(2026, 11, 2)}, True, id="closes-today: its last day is to be proven"),
        pytest.param({"closed": date(2026, 11, 3)}, True, id="closes-tomorrow"),
    ],
)
def test_closed_accounts_are_visited_only_when_named(
    office: Office, site: Site, changes: dict[str, object], visited: bool
) -> None:
    site.bodies = {"/1": FEED}
    register(office, an_account("a1", site.url("/1"), **changes))
    assert bool(collected(office).visits) is visited
    assert [visit.account_id for visit in collected(office, "a1").visits] == ["a1"]


def test_an_account_named_twice_is_visited_once(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED}
    register(office, an_account("a1", site.url("/1")))
    assert len(collected(office, "a1", "a1").visits) == 1


def test_an_unknown_account_is_named_with_the_nearest_and_nothing_is_visited(office: Office, site: Site) -> None:
    register(office, an_account("GX-001", site.url("/1")))
    with pytest.raises(RequestError, match="GX-001"):
        collected(office, "GX-001", "GX-01")
    assert site.asked == []
    assert count(office, visits) == 0


def test_an_empty_registry_is_a_run_without_visits(office: Office) -> None:
    report = collected(office)
    assert (report.visits, report.without_source, report.interrupted) == ((), (), False)


def test_an_address_that_left_the_registry_rests(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED, "/2": FEED}
    register(office, an_account("a1", site.url("/1")))
    collected(office)
    with office.database.begin() as session:
        save_accounts(session, [an_account("a1", site.url("/2"))], IMPORTED)
    assert [visit.url for visit in collected(office).visits] == [site.url("/2")]


def test_a_source_that_declares_a_lag_proves_less(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED}
    register(office, an_account("a1", site.url("/1")))
    slow = an_office(office.database, source_settings={"a1": SourceSetting(lag=timedelta(hours=2))})
    (visit,) = collected(slow).visits
    assert visit.proof is not None
    assert visit.proof.end == moment("11-02 08:00")


# -------------------------------------------------------------------------------------------------------------- lanes


def with_control(office: Office, site: Site, **changes: object) -> Office:
    lane = LaneConfig(name="bridge", hosts=(site.host,), control=SourceAddress(url=site.url("/control")))
    return replace(office, lanes=(replace(lane, **changes),))  # type: ignore[arg-type]


def test_a_control_source_is_visited_first_and_its_visit_stored(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED, "/control": rss(("now", "11-02 09:00"))}
    register(office, an_account("a1", site.url("/1")))
    bridge = with_control(office, site)
    report = collected(bridge)
    assert [path for path in site.asked if path != "/robots.txt"] == ["/control", "/1"]
    assert [visit.account_id for visit in report.visits] == ["a1"]
    assert report.visits[0].proof is not None
    assert report.visits[0].proof.end == moment("11-02 09:00")  # COVERAGE rule 5: not past what the control showed
    with office.database.read() as session:
        rows = session.execute(select(visits.c.account_id, visits.c.lane).order_by(visits.c.visit_id)).all()
        owners = session.execute(select(sources.c.lane).where(sources.c.account_id.is_(None))).all()
    assert [tuple(row) for row in rows] == [(None, "bridge"), ("a1", "bridge")]
    assert [tuple(row) for row in owners] == [("bridge",)]
    assert count(office, posts) == 2  # the control's own posts are nobody's
    collected(bridge)
    assert count(office, sources) == 2


@pytest.mark.parametrize(
    "control",
    [
        pytest.param(rss(("now", "10-31 09:00")), id="old"),
        pytest.param(lambda: (500, {}, b""), id="broken"),
        pytest.param(b"<rss><channel></channel></rss>", id="empty"),
    ],
)
def test_a_stale_lane_proves_nothing_and_its_posts_are_kept(
    office: Office, site: Site, control: bytes | Callable[[], tuple[int, Mapping[str, str], bytes]], tmp_path: Path
) -> None:
    site.bodies = {"/1": rss(("a", "10-01 09:00"), ("z", "08-01 09:00")), "/control": control}
    register(office, an_account("a1", site.url("/1")))
    bridge = with_control(office, site)
    report = collected(bridge)
    assert outcomes(report) == {"a1": Outcome.STALE_LANE}
    assert report.visits[0].proof is None
    assert count(office, posts) == 2
    inspect(bridge, "2026-10", tmp_path)
    assert read_back(tmp_path / "2026-10").codes("a1") == [("CJ-01", "未能核验")]


def test_the_pause_of_a_lane_outlives_the_run(office: Office, site: Site) -> None:
    site.bodies = {"/1": lambda: (429, {"Retry-After": "7200"}, b""), "/2": FEED}
    register(office, an_account("a1", site.url("/1")), an_account("a2", site.url("/2")))
    first = collected(office)
    assert set(outcomes(first).values()) == {Outcome.RATE_LIMITED}
    with office.database.read() as session:
        (pause,) = pauses(session).values()
    assert (pause.until, pause.outcome) == (moment("11-02 12:00"), Outcome.RATE_LIMITED)
    site.bodies["/1"] = FEED
    asked = len(site.asked)
    paused = collected(office, now="11-02 11:00")
    assert set(outcomes(paused).values()) == {Outcome.RATE_LIMITED}
    assert len(site.asked) == asked
    assert all(visit.proof is None for visit in paused.visits)
    over = collected(office, now="11-02 12:01")
    assert set(outcomes(over).values()) == {Outcome.NEW}


def test_one_lane_does_not_pause_another(office: Office, site: Site) -> None:
    with serving() as other:
        site.bodies = {"/1": lambda: (429, {"Retry-After": "7200"}, b"")}
        other.bodies = {"/2": FEED}
        register(office, an_account("a1", site.url("/1")), an_account("a2", other.url("/2")))
        lanes = tuple(LaneConfig(name=f"lane{n}", hosts=(each.host,)) for n, each in enumerate((site, other)))
        report = collected(replace(office, lanes=lanes))
    assert outcomes(report) == {"a1": Outcome.RATE_LIMITED, "a2": Outcome.NEW}


# ------------------------------------------------------------------------------------------- when storing goes wrong


def test_a_database_that_cannot_be_written_ends_the_run_with_a_sentence(office: Office, site: Site) -> None:
    """It becomes read-only between the first visit and the second."""
    site.bodies = {"/1": FEED, "/2": FEED}
    register(office, an_account("a1", site.url("/1")), an_account("a2", site.url("/2")))

    def refuse(*_: object) -> None:
        office.database.writer.dispose()
        with office.database.begin() as session:
            session.connection().exec_driver_sql("PRAGMA query_only=ON")

    with pytest.raises(StorageError) as failed:
        collect(office, [], clock=stopped(NOW), on_visit=refuse)
    assert str(failed.value).startswith("数据库：")
    assert str(failed.value).endswith("。")
    assert len(stored(office, "a1")["a1"]) == 1
    assert stored(office, "a2")["a2"] == []


def test_what_the_caller_does_wrong_ends_the_run_and_keeps_the_visit(office: Office, site: Site) -> None:
    site.bodies = {"/1": FEED, "/2": FEED}
    register(office, an_account("a1", site.url("/1")), an_account("a2", site.url("/2")))

    def fail(*_: object) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        collect(office, [], clock=stopped(NOW), on_visit=fail)
    assert len(stored(office, "a1")["a1"]) == 1


# ------------------------------------------------------------------------------------------------- cut off

MANY = 12


class Bar:
    """Lets so many answers through; the others wait until it is opened, so that no run is over too soon."""

    def __init__(self) -> None:
        self.left = 10 * MANY
        self.opened = Event()

    def wait(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.opened.wait(50)


@pytest.fixture
def bar() -> Bar:
    return Bar()


@pytest.fixture
def slow_site(bar: Bar) -> Iterator[Site]:
    """Sources that each take a while."""
    with serving() as site:

        def answer(number: int) -> Callable[[], tuple[int, Mapping[str, str], bytes]]:
            def body() -> tuple[int, Mapping[str, str], bytes]:
                time.sleep(0.1)
                bar.wait()
                return 200, {"Content-Type": "application/rss+xml"}, FEED.replace(b"guid>", b"guid>%d-" % number, 1)

            return body

        site.bodies = {f"/{n}": answer(n) for n in range(MANY)}
        yield site


@contextmanager
def collecting(file: Path, repository: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.schedules.child", "collect", str(file), NOW],
        cwd=repository,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate(timeout=30)


def many(office: Office, site: Site) -> list[str]:
    accounts = [an_account(f"a{n}", site.url(f"/{n}")) for n in range(MANY)]
    register(office, *accounts)
    return [account.account_id for account in accounts]


def whole(office: Office, ids: list[str]) -> int:
    """Say how many visits are stored, each of them whole."""
    found = [visit for some in stored(office, *ids).values() for visit in some]
    with office.database.read() as session:
        spans = coverage_of(session, ids, moment("2020-01-01"), moment("2030-01-01"))
        seen_by = {row.account_id for row in session.execute(select(posts.c.account_id))}
        keys = {row.account_id for row in session.execute(select(post_keys.c.account_id))}
    for visit in found:
        assert visit.account_id is not None
        assert visit.proof is not None
        assert contains(spans[visit.account_id], visit.proof)
    visited = {visit.account_id for visit in found}
    assert seen_by == keys == visited
    assert {each for each in ids if spans[each]} == visited
    return len(found)


def test_ctrl_c_keeps_what_was_stored_and_a_second_run_goes_on(
    office: Office, file: Path, slow_site: Site, bar: Bar, repository: Path
) -> None:
    ids = many(office, slow_site)
    bar.left = 6
    with collecting(file, repository) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(2)]
        child.send_signal(signal.SIGINT)
        rest, _ = child.communicate(timeout=60)
    bar.opened.set()
    assert child.returncode == 3
    said, reported = rest.split("\n")[-2].split()
    assert said == "interrupted"
    kept = whole(office, ids)
    assert len(lines) <= int(reported) <= kept < MANY
    collected(office)
    assert {each for each, some in stored(office, *ids).items() if some} == set(ids)
    assert count(office, posts) == 2 * MANY


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.parametrize("turn", range(3))
def test_a_killed_run_leaves_whole_visits_and_a_second_one_completes(
    office: Office, file: Path, slow_site: Site, bar: Bar, repository: Path, turn: int
) -> None:
    ids = many(office, slow_site)
    bar.left = 3 + 3 * turn
    with collecting(file, repository) as child:
        assert child.stdout is not None
        for _ in range(1 + 3 * turn):
            child.stdout.readline()
        time.sleep(0.02 * turn)
        os.kill(child.pid, signal.SIGKILL)
        child.wait(60)
    bar.opened.set()
    kept = whole(office, ids)
    assert 1 + 3 * turn <= kept < MANY
    report = collected(office, now="11-02 11:00")
    assert len(report.visits) == MANY
    assert whole(office, ids) == kept + MANY
    assert count(office, posts) == 2 * MANY
    assert count(office, post_texts) in (0, 2 * MANY)


@pytest.mark.chaos
@pytest.mark.slow
def test_two_programs_that_collect_at_once_lose_and_double_nothing(
    office: Office, file: Path, slow_site: Site, repository: Path
) -> None:
    ids = many(office, slow_site)
    with collecting(file, repository) as one, collecting(file, repository) as other:
        for child in (one, other):
            child.communicate(timeout=100)
            assert child.returncode == 0
    assert whole(office, ids) == 2 * MANY
    assert count(office, posts) == 2 * MANY


def test_a_database_in_a_read_only_folder_is_a_sentence(
    office: Office, site: Site, read_only_folder: Path, repository: Path
) -> None:
    register(office, an_account("a1", site.url("/1")))
    where = Path(office.database.where)
    office.database.close()
    read_only_folder.chmod(0o755)
    shutil.copy(where, read_only_folder / where.name)
    read_only_folder.chmod(0o555)
    child = as_nobody(repository, "collect", str(read_only_folder / where.name), NOW)
    assert child.returncode == 2, child.stderr
    assert "只读" in child.stderr
    assert "Traceback" not in child.stderr
    assert site.asked == []
