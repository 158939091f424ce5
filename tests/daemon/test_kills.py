"""kill -9 at random moments, in sweeps and in the monthly inspection: nothing lost, doubled or torn, inspected once."""

import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.daemon.bent import BentClock, local
from tests.daemon.history import county
from tests.daemon.oracle import read_rows
from tests.daemon.running import FULL, Daemon, Home, home_in, standard, wait_until
from tests.daemon.serving import Servers, serving
from tests.daemon.wholeness import assert_archive_clean, assert_nothing_lost, assert_whole

SWEEP_KILLS, INSPECTION_KILLS = (60, 40) if FULL else (6, 4)
ACCOUNTS, DARK = (200, 2000) if FULL else (40, 1200)
STARTED = "SELECT coalesce(max(started_at), 0) FROM jobs WHERE job = 'inspect' AND key = '2026-10'"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.chaos,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not FULL, reason="takes a minute more than test_kill.py; XUNJIAN_FULL=1 runs it"),
]


def test_no_kill_loses_doubles_or_tears_anything(quick: Path, bending: None) -> None:
    clock, chance = BentClock(quick, local("10-31 08:00")), Random(9)
    with serving(county(ACCOUNTS, 8), clock.now) as servers, home_in(quick, standard(servers), clock) as home:
        home.enrol(servers.accounts, servers)
        _enrol_dark(home)
        swept = [_killed_in_sweep(home, servers, clock, chance) for _ in range(SWEEP_KILLS)]
        _calm(home, servers, clock).stop()
        assert_whole(home)
        assert_nothing_lost(home, servers)
        clock.go_to(local("11-01 09:05"))
        _calm(home, servers, clock).kill()
        assert home.number("SELECT count(*) FROM inspections") == 0  # it waits for visits after the month's end
        inspected = [_killed_in_inspection(home, chance) for _ in range(INSPECTION_KILLS)]
        clock.go_to(local("11-01 11:10"))
        daemon = _calm(home, servers, clock)
        assert daemon.stop()[0] == 0
        sys.stdout.write(
            f"\nkills in sweeps={len(swept)}, after so many answers: {swept}\n"
            f"kills in the inspection={sum(inspected)} of {len(inspected)} tries\n"
        )
        assert sum(swept) > SWEEP_KILLS
        assert any(inspected)
        assert_whole(home)
        assert_nothing_lost(home, servers)
        assert_archive_clean(home)
        assert home.rows("SELECT month, why FROM inspections WHERE state = 'complete'") == [("2026-10", None)]
        assert len(read_rows(home.inspection / "summary.csv")) == ACCOUNTS + DARK
        assert [each.name for each in home.inspection.parent.iterdir()] == ["2026-10"]
        assert len(list(home.inspection.iterdir())) == 4


def _enrol_dark(home: Home) -> None:
    """Add accounts without an address: nothing is collected of them, and the inspection takes longer."""
    rows = ["账号编号,账号名称,平台,主办单位,主账号"]
    rows += [f"D{number:04},暗号{number},政府网站,第{number}所,否" for number in range(DARK)]
    (home.folder / "dark.csv").write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
    done = home.run("accounts", "import", "dark.csv")
    assert done.returncode == 0, done.stderr


def _killed_in_sweep(home: Home, servers: Servers, clock: BentClock, chance: Random) -> int:
    """Kill the daemon somewhere in a sweep, sometimes before it; return how many answers it was given."""
    clock.go_to(clock.now() + timedelta(minutes=50))
    before = len(servers.answers)
    daemon = home.daemon()
    if chance.random() < 0.85:
        wait_until(lambda: len(servers.answers) > before, 60, "the first answer")
        time.sleep(chance.random() ** 2 * (4 if FULL else 1.5))
    else:
        time.sleep(chance.random() * 3)
    daemon.kill()
    return len(servers.answers) - before


def _killed_in_inspection(home: Home, chance: Random) -> bool:
    """Kill the daemon while it inspects; say whether it was in time."""
    if home.number("SELECT count(*) FROM inspections WHERE state = 'complete'"):
        return False
    before = home.number(STARTED)
    daemon = home.daemon()
    wait_until(lambda: home.number(STARTED) > before, 60, "the inspection's beginning")
    time.sleep(chance.random() * 0.6)
    daemon.kill()
    return home.number("SELECT count(*) FROM inspections WHERE state = 'complete'") == 0


def _calm(home: Home, servers: Servers, clock: BentClock) -> Daemon:
    """Start a daemon and let it do everything that is due."""
    clock.go_to(clock.now() + timedelta(minutes=1))
    daemon = home.daemon().ready()
    daemon.settled(clock.machine() - timedelta(seconds=20), 120)
    assert servers.answers
    return daemon
