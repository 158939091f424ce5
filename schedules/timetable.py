"""The timetable: which jobs the daemon has, when each runs, and what is due after a time in which it did not run."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from monitor.frame import ONE_DAY, month_of
from schedules.settings import DaemonSettings


class JobName(StrEnum):
    """The daemon's jobs."""

    COLLECT = "collect"
    PAGES = "pages"
    COMPARE = "compare"
    PLAN = "plan"
    REMIND = "remind"
    DELIVER = "deliver"
    DIGEST = "digest"
    WEEKLY = "weekly"
    INSPECT = "inspect"
    BACKUP = "backup"
    RETENTION = "retention"
    OPTIMIZE = "optimize"
    BEAT = "beat"
    HEARTBEAT = "heartbeat"

    @property
    def says(self) -> str:
        """The job in an official's words."""
        return _TITLES[self]


_TITLES: Final = {
    JobName.COLLECT: "采集",
    JobName.PAGES: "读取信息页面",
    JobName.COMPARE: "比对文本",
    JobName.PLAN: "安排采集",
    JobName.REMIND: "临期提醒",
    JobName.DELIVER: "发送消息",
    JobName.DIGEST: "每日采集简报",
    JobName.WEEKLY: "每周简报",
    JobName.INSPECT: "月度检查",
    JobName.BACKUP: "备份数据库",
    JobName.RETENTION: "清理采集原件",
    JobName.OPTIMIZE: "整理数据库",
    JobName.BEAT: "登记运行状态",
    JobName.HEARTBEAT: "发送心跳",
}


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, ``interval`` apart."""

    interval: timedelta


@dataclass(frozen=True, slots=True)
class At:
    """At a local time of day: on every day, on a weekday (1 is Monday), or on a day of the month."""

    at: time
    weekday: int | None = None
    day: int | None = None

    def on(self, day: date) -> bool:
        """Say whether it is on this day."""
        return (self.weekday is None or day.isoweekday() == self.weekday) and (self.day is None or day.day == self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job.

    ``grace`` is how late it may still begin, None: however late. ``coalesce`` makes one run of several that were
    missed, ``max_instances`` is how many runs of it may be under way at once.
    """

    name: JobName
    trigger: Every | At
    grace: timedelta | None
    coalesce: bool = True
    max_instances: int = 1


def timetable(settings: DaemonSettings) -> tuple[Job, ...]:
    """Return the jobs of an office."""
    tick = settings.tick
    jobs = [
        Job(name=JobName.COLLECT, trigger=Every(tick), grace=None),
        Job(name=JobName.PAGES, trigger=Every(max(tick, timedelta(minutes=5))), grace=None),
        Job(name=JobName.COMPARE, trigger=Every(max(tick, timedelta(minutes=10))), grace=None),
        Job(name=JobName.PLAN, trigger=Every(timedelta(hours=1)), grace=None),
        Job(name=JobName.REMIND, trigger=Every(timedelta(minutes=10)), grace=None),
        Job(name=JobName.DELIVER, trigger=Every(tick), grace=None),
        # Yesterday's troubles are no news: a digest that is half a day late is not sent any more.
        Job(name=JobName.DIGEST, trigger=At(settings.digest_at), grace=timedelta(hours=6)),
        Job(name=JobName.WEEKLY, trigger=At(settings.weekly_at, weekday=settings.weekly_day), grace=timedelta(days=2)),
        # Time and again: a month waits for its last visits, and a late file or a decision may change an old one.
        Job(name=JobName.INSPECT, trigger=Every(timedelta(minutes=5)), grace=None),
        Job(name=JobName.RETENTION, trigger=At(_later(settings.backup_at, 20)), grace=None),
        Job(name=JobName.OPTIMIZE, trigger=At(_later(settings.backup_at, 40)), grace=None),
        Job(name=JobName.BEAT, trigger=Every(max(tick, timedelta(seconds=20))), grace=None),
    ]
    if settings.backups is not None:
        jobs.append(Job(name=JobName.BACKUP, trigger=At(settings.backup_at), grace=None))
    if settings.heartbeat_url:
        jobs.append(Job(name=JobName.HEARTBEAT, trigger=Every(settings.heartbeat_every), grace=None))
    return tuple(jobs)


def _later(at: time, minutes: int) -> time:
    return (datetime.combine(date.min, at) + timedelta(minutes=minutes)).time()


def last_moment(trigger: At, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the newest moment (UTC) at which a job was to run, not after ``now``."""
    return next(moment for moment in _moments(trigger, now, zone, -1) if moment <= now)


def next_moment(trigger: At, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next moment (UTC) at which a job is to run, after ``now``."""
    return next(moment for moment in _moments(trigger, now, zone, 1) if moment > now)


def _moments(trigger: At, now: datetime, zone: ZoneInfo, step: int) -> Iterator[datetime]:
    """Give the trigger's moments from today on, forwards or backwards; a day has it once, whatever its clocks do."""
    day = now.astimezone(zone).date()
    while True:
        if trigger.on(day):
            yield datetime.combine(day, trigger.at, zone).astimezone(now.tzinfo)
        day += ONE_DAY * step


def was_done(job: Job, completed_at: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether a job at a time of day was done for its newest moment; one that recurs never was.

    What was done more than a day in the future was done by a wrong clock, and does not count.
    """
    if isinstance(job.trigger, Every) or completed_at is None:
        return False
    return last_moment(job.trigger, now, zone) <= completed_at < now + ONE_DAY


def is_due(job: Job, completed_at: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether a job is to run now: its newest moment has come, it has not been done since, and it is not too late.

    A job that recurs after an interval is due where that has passed; one that was done in the future (the clock was
    set back) is due too. A job at a time of day that was never done waits for its next moment, unless it may be
    however late: on a machine that is off at night it would never be done.
    """
    if isinstance(job.trigger, Every):
        return completed_at is None or not timedelta(0) <= now - completed_at < job.trigger.interval
    if completed_at is None:
        return job.grace is None
    if was_done(job, completed_at, now, zone):
        return False
    return may_still_run(job, now, zone)


def may_still_run(job: Job, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether it is not too late for the newest moment of a job at a time of day; one that recurs has none."""
    if isinstance(job.trigger, Every):
        return False
    return job.grace is None or now - last_moment(job.trigger, now, zone) <= job.grace


def due_months(
    first_visit: datetime | None, done: Collection[str], now: datetime, at: time, zone: ZoneInfo
) -> list[str]:
    """Return the months (``2026-10``) that are to be inspected, the oldest first.

    A month is due from ``at`` on the first day after it, if anything was visited before its end, until it is done.
    """
    if first_visit is None:
        return []
    months: list[str] = []
    month = month_of(first_visit.astimezone(zone).date())
    while datetime.combine(month.last + ONE_DAY, at, zone) <= now:
        name = f"{month.first:%Y-%m}"
        if name not in done:
            months.append(name)
        month = month_of(month.last + ONE_DAY)
    return months
