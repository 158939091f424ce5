"""The daemon's sense of time: jumps, and clocks that servers do not agree with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from crawler.clocks import ClockCheck
from schedules.timekeeping import UNSURE_FOR, Timekeeper
from tests.monitor.builders import moment

HOUR = timedelta(hours=1)


@dataclass
class Clocks:
    """A clock that can be set, and a stopwatch that cannot."""

    wall: datetime
    steady: float = 1000.0

    def __call__(self) -> datetime:
        return self.wall

    def stopwatch(self) -> float:
        return self.steady

    def passes(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks(moment("10-12 09:00"))


def keeper(clocks: Clocks, *ahead: timedelta) -> Timekeeper:
    check = ClockCheck(clocks, stopwatch=clocks.stopwatch)
    for number, each in enumerate(ahead):
        check.heard(f"lane{number}", each)
    return Timekeeper(clocks, check, clocks.steady)


@pytest.mark.parametrize(
    ("set_by", "slept", "said"),
    [
        pytest.param(timedelta(0), 1.0, timedelta(0), id="time goes on"),
        pytest.param(timedelta(seconds=5), 1.0, timedelta(0), id="a little correction"),
        pytest.param(-HOUR, 1.0, -HOUR, id="set back an hour"),
        pytest.param(24 * HOUR, 1.0, 24 * HOUR, id="set forward a day"),
        pytest.param(timedelta(0), 3600.0, timedelta(0), id="a long look is no jump"),
    ],
)
def test_a_clock_that_was_set_is_noticed_once(clocks: Clocks, set_by: timedelta, slept: float, said: timedelta) -> None:
    time = keeper(clocks)
    clocks.passes(slept)
    clocks.wall += set_by
    assert time.look(clocks.steady) == said
    clocks.passes(1)
    assert time.look(clocks.steady) == timedelta(0)


def test_nobody_is_sure_of_the_time_until_a_server_told_it_or_for_long_none_did(clocks: Clocks) -> None:
    assert not keeper(clocks).is_sure(clocks.steady)
    assert keeper(clocks, timedelta(0)).is_sure(clocks.steady)
    silent = keeper(clocks)
    clocks.passes(UNSURE_FOR.total_seconds())
    assert silent.is_sure(clocks.steady)


@pytest.mark.parametrize(
    ("ahead", "is_sure"),
    [
        pytest.param([-24 * HOUR], False, id="one says that we are a day ahead"),
        pytest.param([-24 * HOUR] * 2, False, id="two say so"),
        pytest.param([-24 * HOUR] * 3, True, id="three say so: it is known what time it is"),
        pytest.param([-24 * HOUR, timedelta(0)], True, id="one of two agrees with us"),
    ],
)
def test_servers_that_disagree_with_us_and_are_few_are_no_clock(
    clocks: Clocks, ahead: list[timedelta], *, is_sure: bool
) -> None:
    time = keeper(clocks, *ahead)
    assert time.is_sure(clocks.steady) is is_sure
    clocks.passes(UNSURE_FOR.total_seconds())
    assert time.is_sure(clocks.steady), "as long as that nobody waits"


def test_after_a_jump_what_servers_told_before_does_not_count(clocks: Clocks) -> None:
    time = keeper(clocks, timedelta(0), timedelta(0), timedelta(0))
    clocks.passes(UNSURE_FOR.total_seconds())
    clocks.wall += 24 * HOUR
    time.look(clocks.steady)
    assert not time.is_sure(clocks.steady)


@pytest.mark.parametrize(
    ("ahead", "off", "past"),
    [
        pytest.param([timedelta(0)] * 3, timedelta(0), timedelta(0), id="right"),
        pytest.param([timedelta(minutes=4)] * 3, timedelta(0), timedelta(0), id="nearly right"),
        pytest.param([-24 * HOUR] * 3, -24 * HOUR, -24 * HOUR, id="a day ahead of the servers"),
        pytest.param([24 * HOUR] * 3, 24 * HOUR, timedelta(0), id="a day behind them"),
        pytest.param([-24 * HOUR, timedelta(0), timedelta(0)], timedelta(0), timedelta(0), id="one odd server"),
        pytest.param([-24 * HOUR], timedelta(0), -24 * HOUR, id="a single server: nobody knows who is right"),
        pytest.param([], timedelta(0), timedelta(0), id="nobody told"),
    ],
)
def test_what_time_it_is_where_servers_disagree_with_us(
    clocks: Clocks, ahead: list[timedelta], off: timedelta, past: timedelta
) -> None:
    time = keeper(clocks, *ahead)
    assert (time.now() - clocks.wall, time.surely_past() - clocks.wall) == (off, past)
