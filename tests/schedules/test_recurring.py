"""The daemon's trigger of what recurs: a clock that was set right by years makes one run of all that was missed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from schedules.daemon import Recurring

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("since", "runs"),
    [
        pytest.param(timedelta(seconds=-3), [], id="not due yet"),
        pytest.param(timedelta(0), [NOW], id="due now"),
        pytest.param(timedelta(seconds=3), [NOW - timedelta(seconds=3)], id="a little late"),
        pytest.param(timedelta(days=9000), [NOW - timedelta(days=9000), NOW], id="the clock stood in another century"),
    ],
)
def test_what_was_missed_is_one_run(since: timedelta, runs: list[datetime]) -> None:
    trigger = Recurring(seconds=5, timezone=ZONE)
    job = AsyncIOScheduler(timezone=ZONE).add_job(print, trigger, next_run_time=NOW - since)
    assert job._get_run_times(NOW) == runs
    assert trigger.get_next_fire_time(NOW, NOW) == NOW + timedelta(seconds=5)
