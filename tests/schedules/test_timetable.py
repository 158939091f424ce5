from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.settings import DaemonSettings
from schedules.timetable import (
    At,
    Every,
    Job,
    JobName,
    due_months,
    is_due,
    last_moment,
    may_still_run,
    next_moment,
    timetable,
)

ZONE = ZoneInfo("Asia/Shanghai")
NINE = time(9)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - as it asks for them
triggers = st.builds(At, st.times(), st.none() | st.integers(1, 7), st.none()) | st.builds(
    At, st.times(), st.none(), st.integers(1, 31)
)


def test_every_job_is_in_the_timetable_and_says_how_late_how_often_and_how_many() -> None:
    settings = DaemonSettings(backups=Path("backups"), heartbeat_url="https://example.gov.cn/alive")
    jobs = timetable(settings)
    assert {job.name for job in jobs} == set(JobName)
    assert all(job.coalesce and job.max_instances == 1 for job in jobs)
    assert {job.name for job in jobs if job.grace is not None} == {
        JobName.DIGEST,
        JobName.WEEKLY,
    }


def test_what_is_not_configured_is_no_job() -> None:
    names = {job.name for job in timetable(DaemonSettings())}
    assert JobName.BACKUP not in names
    assert JobName.HEARTBEAT not in names


@pytest.mark.parametrize(
    ("trigger", "now", "last", "following"),
    [
        pytest.param(At(NINE), "2026-10-12 10:00", "2026-10-12 09:00", "2026-10-13 09:00", id="today's has passed"),
        pytest.param(At(NINE), "2026-10-12 08:00", "2026-10-11 09:00", "2026-10-12 09:00", id="today's is to come"),
        pytest.param(At(NINE), "2026-10-12 09:00", "2026-10-12 09:00", "2026-10-13 09:00", id="on the stroke"),
        pytest.param(At(NINE, 1), "2026-10-14 10:00", "2026-10-12 09:00", "2026-10-19 09:00", id="a weekday"),
        pytest.param(
            At(NINE, None, 1), "2026-10-14 10:00", "2026-10-01 09:00", "2026-11-01 09:00", id="a day of the month"
        ),
        pytest.param(
            At(NINE, None, 31), "2026-11-14 10:00", "2026-10-31 09:00", "2026-12-31 09:00", id="months without it"
        ),
    ],
)
def test_moments_of_a_job(trigger: At, now: str, last: str, following: str) -> None:
    assert last_moment(trigger, at(now), ZONE) == at(last)
    assert next_moment(trigger, at(now), ZONE) == at(following)


@given(triggers, moments)
def test_no_moment_lies_between_the_last_and_the_next(trigger: At, now: datetime) -> None:
    last, following = last_moment(trigger, now, ZONE), next_moment(trigger, now, ZONE)
    assert last <= now < following
    assert next_moment(trigger, last, ZONE) == following
    assert last_moment(trigger, following - timedelta(microseconds=1), ZONE) == last


DAILY = Job(name=JobName.BACKUP, trigger=At(time(3, 30)), grace=None)
DIGEST = Job(name=JobName.DIGEST, trigger=At(time(17, 30)), grace=timedelta(hours=6))
HOURLY = Job(name=JobName.PLAN, trigger=Every(timedelta(hours=1)), grace=None)


@pytest.mark.parametrize(
    ("job", "completed", "now", "due"),
    [
        pytest.param(DAILY, None, "2026-10-12 10:00", True, id="never done: the machine may be off at its moment"),
        pytest.param(DIGEST, None, "2026-10-12 20:00", False, id="never done: waits for its first moment"),
        pytest.param(DAILY, "2026-10-12 03:30", "2026-10-12 10:00", False, id="done today"),
        pytest.param(DAILY, "2026-10-11 03:30", "2026-10-12 10:00", True, id="missed today"),
        pytest.param(DAILY, "2026-09-01 03:30", "2026-10-12 10:00", True, id="missed for weeks: once"),
        pytest.param(DAILY, "2026-10-12 03:31", "2026-10-12 02:40", False, id="the clock was set back an hour"),
        pytest.param(DAILY, "2027-10-12 03:30", "2026-10-12 10:00", True, id="done by a clock a year ahead"),
        pytest.param(DIGEST, "2026-10-11 17:30", "2026-10-12 20:00", True, id="late, within its grace"),
        pytest.param(DIGEST, "2026-10-10 17:30", "2026-10-12 09:00", False, id="too late to be told"),
        pytest.param(HOURLY, None, "2026-10-12 10:00", True, id="recurs: at once"),
        pytest.param(HOURLY, "2026-10-12 09:30", "2026-10-12 10:00", False, id="recurs: not yet"),
        pytest.param(HOURLY, "2026-10-12 09:00", "2026-10-12 10:00", True, id="recurs: again"),
        pytest.param(HOURLY, "2026-10-12 10:30", "2026-10-12 10:00", True, id="done in the future"),
    ],
)
def test_what_is_due(job: Job, completed: str | None, now: str, due: bool) -> None:
    assert is_due(job, at(completed) if completed else None, at(now), ZONE) is due


@pytest.mark.parametrize(
    ("job", "now", "still"),
    [
        pytest.param(DAILY, "2026-10-12 23:00", True, id="however late"),
        pytest.param(DIGEST, "2026-10-12 23:00", True, id="within its grace"),
        pytest.param(DIGEST, "2026-10-12 23:31", False, id="too late"),
        pytest.param(HOURLY, "2026-10-12 10:00", False, id="it comes again by itself"),
    ],
)
def test_what_may_be_tried_again(job: Job, now: str, still: bool) -> None:
    assert may_still_run(job, at(now), ZONE) is still


@pytest.mark.parametrize(
    ("first_visit", "done", "now", "months"),
    [
        pytest.param(None, set(), "2026-11-05 10:00", [], id="nothing was ever visited"),
        pytest.param("2026-10-05 10:00", set(), "2026-10-31 23:59", [], id="the month runs"),
        pytest.param("2026-10-05 10:00", set(), "2026-11-01 08:59", [], id="ended, its hour has not come"),
        pytest.param("2026-10-05 10:00", set(), "2026-11-01 09:00", ["2026-10"], id="due"),
        pytest.param("2026-10-05 10:00", {"2026-10"}, "2026-11-01 09:00", [], id="done"),
        pytest.param("2026-10-31 23:59", set(), "2026-11-02 12:00", ["2026-10"], id="one visit makes it a month"),
        pytest.param("2026-11-01 00:00", set(), "2026-11-02 12:00", [], id="nothing before the first visit"),
        pytest.param(
            "2025-11-20 10:00",
            {"2025-12"},
            "2026-02-03 10:00",
            ["2025-11", "2026-01"],
            id="down for long, over a year's end",
        ),
    ],
)
def test_months_that_are_due(first_visit: str | None, done: set[str], now: str, months: list[str]) -> None:
    assert due_months(at(first_visit) if first_visit else None, done, at(now), NINE, ZONE) == months


@given(moments, moments)
def test_each_month_becomes_due_once(first: datetime, now: datetime) -> None:
    months = due_months(first, set(), now, NINE, ZONE)
    assert months == sorted(set(months))
    assert due_months(first, set(months), now, NINE, ZONE) == []
