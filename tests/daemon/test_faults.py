"""Signals, slow servers and other programs beside the real daemon: it ends in time, goes on, and lets nobody wait."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.endurance import endure, growth
from tests.daemon.history import TrueAccount, county
from tests.daemon.running import FULL, Daemon, Home, home_in, registry, standard, wait_until
from tests.daemon.serving import HANGING, Fault, Served, Servers, serving
from tests.daemon.wholeness import assert_nothing_lost, assert_whole

GONE_WITHIN = 10.0
SLOW = 29.0 if FULL else 6.0
AGAIN = {"shortest_minutes": 0.02, "longest_hours": 0.0005}
"""Sources are due again every two seconds."""

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.timeout(600)]


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def home_with(
    folder: Path, accounts: Sequence[TrueAccount], *faults: Fault, **changes: Any
) -> Iterator[tuple[Home, Servers]]:
    """Give a home in real time whose daemon imports its registry by itself."""
    with serving(accounts, now, *faults) as servers:
        daemon = {"registry": "accounts.csv", "backups": "", **changes.pop("daemon", {})}
        with home_in(folder, standard(servers, daemon=daemon, **changes)) as home:
            home.configure()
            enrol(home, accounts, servers)
            yield home, servers


def enrol(home: Home, accounts: Sequence[TrueAccount], servers: Servers) -> None:
    (home.folder / "accounts.csv").write_text(registry(accounts, servers), encoding="utf-8")


def hanging() -> Fault:
    return Fault(what=HANGING, first=now() - timedelta(days=1), last=now() + timedelta(days=1))


def visits(home: Home) -> int:
    return home.number("SELECT count(*) FROM visits")


def asked_after(servers: Servers, path: str, moment: datetime) -> list[Served]:
    return [each for each in servers.answers if each.path == path and each.at > moment]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the write lock of a database, as a program that hangs in the middle of a write."""
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")


def ended_in_time(daemon: Daemon) -> float:
    """Stop a daemon; assert that it ends well and in time; return after how many seconds.

    Time in which the machine lets this program wait too, which sleeps alone, is not the daemon's.
    """
    begun, late = time.monotonic(), 0.0
    daemon.child.send_signal(signal.SIGTERM)
    while daemon.child.poll() is None and time.monotonic() - begun < 90:
        looked = time.monotonic()
        time.sleep(0.05)
        late += time.monotonic() - looked - 0.05
    seconds = time.monotonic() - begun
    assert daemon.stop()[0] == 0, daemon.said[-3000:]
    assert seconds - late <= GONE_WITHIN, f"{seconds:.1f} s, of which {late:.1f} s not its own"
    assert "Traceback" not in daemon.said
    return seconds


def rested(daemon: Daemon, seconds: float = 60) -> Daemon:
    """Wait until nothing is due and nothing under way."""
    since = now().timestamp()

    def is_at_rest() -> bool:
        assert daemon.child.poll() is None, daemon.said[-3000:]
        figures = daemon.figures()
        ticked = figures.get("last_tick_seconds", 0) > since and figures.get("sources_due") == 0
        return ticked and figures.get('jobs_running{job="batches"}') == 0

    daemon.until(is_at_rest, seconds, "rest")
    return daemon


def tell(line: str) -> None:
    sys.stdout.write(f"\n{line}\n")


# ------------------------------------------------------------------------------------------------------------- SIGTERM


def test_sigterm_while_no_server_answers(quick: Path) -> None:
    crawl = {"timeout_seconds": 60.0}
    with home_with(quick, county(12, 6), hanging(), crawl=crawl) as (home, servers):
        daemon = home.daemon().ready()
        wait_until(lambda: servers.asked >= 5, 90, "requests that nobody answers")
        tell(f"ended after {ended_in_time(daemon):.1f} s with {servers.asked} requests under way")
        assert visits(home) == 0  # what was under way is no visit
        assert_whole(home)


def test_sigterm_while_the_database_is_locked(quick: Path) -> None:
    with home_with(quick, county(12, 6), daemon=AGAIN) as (home, servers):
        daemon = home.daemon().ready()
        wait_until(lambda: visits(home) >= 24, 90, "two sweeps")
        with locked(home.database):
            stored = visits(home)
            status = home.run("status", seconds=90)
            assert status.returncode in {0, 1}, status.stderr
            assert "Traceback" not in status.stderr
            assert str(daemon.pid) in status.stdout
            tell(f"ended after {ended_in_time(daemon):.1f} s; status while locked:\n{status.stdout}{status.stderr}")
            assert visits(home) == stored
        assert_whole(home)
        home.configure(
            {**home.config, "daemon": {**home.config["daemon"], "shortest_minutes": 30, "longest_hours": 12}}
        )
        assert rested(home.daemon().ready()).stop()[0] == 0
        assert_whole(home)
        assert_nothing_lost(home, servers)


# -------------------------------------------------------------------------------------------------------------- SIGHUP


def lanes_of_visits(home: Home, since: int) -> set[str]:
    rows = home.rows("SELECT DISTINCT lane FROM visits WHERE visit_id > ? AND account_id IS NOT NULL", since)
    return {row[0] for row in rows}


def test_sighup_takes_what_is_good_and_keeps_the_old_where_it_is_not(quick: Path) -> None:
    accounts = [each for each in county(12, 2) if each.host == "127.0.2.1"]
    few, host = accounts[:2], "127.0.2.1"
    with home_with(quick, few, daemon=AGAIN) as (home, servers):
        servers.accounts = accounts  # they are served already, and not yet in the registry
        servers._by_place |= {(each.host, each.path): each for each in accounts}
        daemon = home.daemon().ready()
        wait_until(lambda: visits(home) >= 4, 90, "visits")
        good = {**home.config, "lanes.named": {"hosts": [host], "delay_seconds": 0.0}}
        enrol(home, accounts, servers)

        bad = {**good, "lanes.named": {"hosts": [host], "delay_secs": 0.0}}
        old = dict(home.config)
        home.configure(bad)
        daemon.child.send_signal(signal.SIGHUP)
        daemon.until(lambda: "reload refused" in daemon.said, 90, "the refusal")
        before = home.number("SELECT max(visit_id) FROM visits")
        wait_until(lambda: home.number("SELECT max(visit_id) FROM visits") >= before + 4, 90, "visits as before")
        assert lanes_of_visits(home, before) == {host}
        assert home.number("SELECT count(*) FROM accounts") == len(few)
        assert "delay_secs" in daemon.said
        told = "仍按原配置运行"
        wait_until(lambda: told in home.rows("SELECT notes FROM daemons")[0][0], 90, "the sentence for status")

        home.configure(good)
        daemon.child.send_signal(signal.SIGHUP)
        daemon.until(lambda: "named" in lanes_of_visits(home, before), 90, "the new lane")
        everybody = "SELECT count(DISTINCT account_id) FROM visits"
        wait_until(lambda: home.number(everybody) == len(accounts), 90, "the new accounts' visits")
        assert old["daemon"]["listen"] == good["daemon"]["listen"]
        ended_in_time(daemon)
        assert_whole(home)
        assert_nothing_lost(home, servers)


# -------------------------------------------------------------------------------------------------- slow servers, check


def test_a_check_beside_a_slow_sweep_waits_for_nothing_and_counts(quick: Path) -> None:
    accounts = [replace(each, host="127.0.2.1") for each in county(16, 1)]
    crawl = {"timeout_seconds": 200.0}
    with home_with(quick, accounts, crawl=crawl) as (home, servers):
        servers.delays["127.0.2.1"] = 0.5
        daemon = home.daemon().ready()
        wait_until(lambda: len(servers.answers) >= 2, 90, "the sweep to be under way")
        last = accounts[-1]
        servers.delays |= {"127.0.2.1": 150.0, last.path: 0.5}  # the sweep stands before the check is over
        begun, moment = time.monotonic(), now()
        checked = home.run("check", last.account_id, seconds=100)
        seconds = time.monotonic() - begun
        left = len(accounts) - visits(home)
        tell(f"check beside a sweep of {len(accounts)} that stands: {seconds:.1f} s, {left} sources left")
        assert checked.returncode in {0, 1}, checked.stderr
        assert left >= 3, "the sweep was over before the check was"
        assert len(asked_after(servers, last.path, moment)) == 1
        servers.delays["127.0.2.1"] = 0.1
        wait_until(
            lambda: home.number("SELECT count(DISTINCT source_id) FROM visits") == len(accounts), 90, "the sweep"
        )
        rested(daemon)
        again = asked_after(servers, last.path, moment)
        ended_in_time(daemon)
        assert_whole(home)
        assert_nothing_lost(home, servers)
        # The batch under way may have taken it already; the next one leaves it alone.
        assert len(again) <= 2, [str(each.at - moment) for each in again]


@pytest.mark.skipif(not FULL, reason="takes long beside others; XUNJIAN_FULL=1 runs it")
def test_a_source_that_takes_long_each_time_makes_no_other_lane_late(quick: Path) -> None:
    accounts = [replace(each, host=f"127.0.2.{n % 4 + 1}") for n, each in enumerate(county(8, 4))]
    slow, others = accounts[0], [each for each in accounts[1:] if each.host != accounts[0].host]
    crawl = {"timeout_seconds": SLOW + 10}
    with home_with(quick, accounts, crawl=crawl, daemon=AGAIN) as (home, servers):
        servers.delays[slow.path] = SLOW
        daemon = home.daemon().ready()
        wait_until(lambda: len(servers.answers) >= len(others), 90, "the first sweep")
        first = now()
        wait_until(lambda: len(asked_after(servers, slow.path, first)) >= 2, SLOW * 3 + 20, "two slow answers")
        last = now()
        gaps = [gap for each in others for gap in _gaps(servers, each.path, first, last)]
        tell(f"a source of {SLOW:.0f} s: {len(gaps)} gaps of others, longest {max(gaps):.1f} s")
        assert max(gaps) < SLOW * 0.75
        ended_in_time(daemon)
        stored = home.rows(
            "SELECT outcome, count(*) FROM visits JOIN sources USING (source_id) WHERE sources.url LIKE ? GROUP BY 1",
            f"%{slow.path}",
        )
        assert {row[0] for row in stored} <= {"NEW", "SAME", "NOT_MODIFIED"}
        assert sum(row[1] for row in stored) >= 2
        assert_whole(home)
        assert_nothing_lost(home, servers)


def _gaps(servers: Servers, path: str, first: datetime, last: datetime) -> list[float]:
    at = [each.at for each in servers.answers if each.path == path and first < each.at < last]
    return [(later - sooner).total_seconds() for sooner, later in pairwise([first, *at, last])]


# ------------------------------------------------------------------------------------------------------------- children


def test_a_child_that_is_killed_while_it_reads_ends_nothing(quick: Path) -> None:
    """As where the system is out of memory and takes the largest that it finds."""
    with home_with(quick, county(12, 4), daemon=AGAIN) as (home, servers):
        daemon = home.daemon().ready()
        wait_until(lambda: visits(home) >= 12, 90, "a sweep")
        killed: set[int] = set()
        for _ in range(3):
            for child in _children(daemon.pid) - killed:
                with contextlib.suppress(ProcessLookupError):  # it has ended by itself
                    os.kill(child, signal.SIGKILL)
                    killed.add(child)
            before = visits(home)
            daemon.until(lambda before=before: visits(home) >= before + 12, 90, "visits")  # type: ignore[misc]
        assert killed
        ended_in_time(daemon)
        assert_whole(home)
        assert_nothing_lost(home, servers)


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # it has ended
            found |= {int(each) for each in (thread / "children").read_text().split()}
    return found


# ------------------------------------------------------------------------------------------------------------ endurance


@pytest.mark.skipif(not FULL, reason="takes long beside others; XUNJIAN_FULL=1 runs it")
def test_sweeps_leave_memory_files_and_threads_as_they_are(quick: Path) -> None:
    """So many sweeps as fit into the time; benchmarks/endurance.py makes thousands, of 100 sources."""
    sweeps, count, seconds = (1000, 20, 1500) if FULL else (40, 40, 20)
    samples = asyncio.run(endure(quick, sweeps, count, step=0.5, seconds=seconds, tell=lambda _: None))
    assert len(samples) >= 6, "too few sweeps in the time"
    half = samples[len(samples) // 2 :]
    memory = growth(samples, lambda each: each.memory)
    tell(
        f"{samples[-1].sweeps:.0f} sweeps of {count} sources: memory {memory:+.1%} of {half[-1].memory:.0f} MB, "
        f"files {[each.files for each in half]}, threads {[each.threads for each in half]}"
    )
    assert memory < 0.08  # caches of the database still fill
    assert growth(samples, lambda each: each.children) < 0.08
    assert max(each.files for each in half) - min(each.files for each in half) <= 8
    assert max(each.threads for each in half) - min(each.threads for each in half) <= 2
