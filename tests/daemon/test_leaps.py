"""A clock that leaps far ahead and back in the same moment: the daemon's jobs go on."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.daemon.bent import BentClock, local
from tests.daemon.history import county
from tests.daemon.running import Daemon, home_in, standard
from tests.daemon.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.usefixtures("bending")]

FAR = timedelta(days=40)


def test_a_leap_between_two_looks_at_the_clock_stops_nothing(quick: Path) -> None:
    clock, accounts = BentClock(quick, local("10-12 09:00")), county(4, 2)
    with serving(accounts, clock.now) as servers, home_in(quick, standard(servers), clock) as home:
        home.enrol(accounts, servers)
        daemon = home.daemon().ready()
        for _ in range(5):  # one of them falls between two looks, a second apart
            clock.bend(FAR)
            time.sleep(0.3)
            clock.bend(timedelta(0))
            time.sleep(0.45)
        back = clock.now().timestamp()
        daemon.until(lambda: back < ticked(daemon) < back + 60, 50, "a tick after the leaps")
        assert daemon.stop()[0] == 0


def ticked(daemon: Daemon) -> float:
    return daemon.figures().get("last_tick_seconds", 0.0)
