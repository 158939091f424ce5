"""The daemon: runs the timetable until it is told to stop. The only place that knows APScheduler."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final, NoReturn

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.errors import XunjianError
from schedules.batch import Room
from schedules.bookkeeping import Books
from schedules.delivering import deliver, heartbeat
from schedules.jobs import WORK, Task
from schedules.office import Office, StoppedError
from schedules.serving import serving
from schedules.sweeping import Sweep
from schedules.threads import in_thread
from schedules.timekeeping import JUMP, Timekeeper
from schedules.timetable import Every, Job, JobName, is_due, may_still_run, next_moment, timetable, was_done
from storage.errors import ReplacedError
from storage.halting import halt, refuse_halted
from storage.instance import Instance, only_instance
from storage.jobs import JobState

GRACE: Final = timedelta(seconds=8)
"""A daemon that was told to stop is gone after this, whatever hangs: what is half done is undone at the next start."""

WATCH: Final = timedelta(seconds=1)
"""The clock is looked at so often."""

RETRY: Final = timedelta(minutes=10)
"""A daily job that failed is tried again after this, as long as its grace lasts."""

TIMELY: Final = frozenset(
    {
        JobName.REMIND,
        JobName.DELIVER,
        JobName.DIGEST,
        JobName.WEEKLY,
        JobName.INSPECT,
        JobName.BACKUP,
        JobName.RETENTION,
    }
)
"""What must not be done at a wrong time: after the clock was set these wait until a server has told the time."""

AFTER_LOOKING: Final = frozenset({JobName.DIGEST, JobName.WEEKLY})
"""What tells of all accounts: after a time in which nothing ran these wait until what was missed has been visited."""

CATCHING_UP: Final = timedelta(minutes=30)
"""They wait for so long at most."""

LASTING: Final = frozenset({JobName.INSPECT, JobName.BACKUP, JobName.RETENTION})
"""What cannot be undone: these are done when their time has come by every clock."""

_log = logging.getLogger(__name__)


def run_daemon(
    office: Office,
    *,
    reload: Callable[[], Office],
    clock: Callable[[], datetime],
    leave: Callable[[int], NoReturn] = os._exit,
) -> int:
    """Run the office's jobs until SIGTERM or SIGINT; return 0 after a clean stop.

    SIGHUP calls ``reload`` for the office as it is configured by then; where that raises, the old one stays. ``leave``
    ends the program where something hangs as it stops. Raises AlreadyRunningError where another daemon works on this
    database, and ReplacedError where the database was replaced under it.
    """
    now = clock().astimezone(office.zone)
    refuse_halted(office.database)
    with only_instance(office.database, socket.gethostname(), os.getpid(), version("xunjian"), now) as instance:
        daemon = Daemon(office, reload, clock, leave, instance)
        try:
            asyncio.run(daemon.run())
        finally:
            daemon.last_resort.cancel()
        if isinstance(daemon.error, ReplacedError):
            halt(office.database, daemon.error)
        if daemon.error is not None:
            raise daemon.error
    return 0


class Recurring(IntervalTrigger):  # type: ignore[misc]  # apscheduler states no types
    """Again and again; what was missed is one run, however long ago it began.

    The scheduler asks for every missed run, one by one, and keeps them all: where a clock that stood years back is set
    right, its loop would stand still for minutes, and memory with it.
    """

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return the next moment to run; ``now`` where that has passed."""
        return now if previous is None else max(previous + self.interval, now)


class Daemon:
    """One run of the daemon, from start to stop."""

    def __init__(
        self,
        office: Office,
        reload: Callable[[], Office],
        clock: Callable[[], datetime],
        leave: Callable[[int], NoReturn],
        instance: Instance,
    ) -> None:
        self.office, self.clock, self.leave, self._instance = office, clock, leave, instance
        self.error: BaseException | None = None
        self._reload = reload
        self._stopping = threading.Event()
        self._ended = asyncio.Event()
        self._scheduler = AsyncIOScheduler(timezone=office.zone)
        self._started_at = clock()
        self._waiting: set[JobName] = set()
        # Something may hang that cannot be stopped, a thread that waits for the database; nothing of it is needed.
        self.last_resort = threading.Timer(GRACE.total_seconds(), self._give_up)
        self.last_resort.daemon = True

    async def run(self) -> None:
        """Run the jobs until the daemon is to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # every job says itself how it went
        async with Room(self.office, self.clock, patient=True) as room:
            self._sweep = Sweep(room=room, fail=self._fail, again=self._collect_soon)
            room.on_visit = self._sweep.note
            self._books = Books(room, self._sweep, self._started_at)
            loop.add_signal_handler(signal.SIGHUP, lambda: loop.create_task(self._take_anew()))
            async with serving(self.office.daemon.listen, self._books.facts) as trouble:
                self._books.say("port", trouble)
                await self._through(loop)

    async def _through(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the jobs, watch the clock until the end, and stop everything."""
        self._time = Timekeeper(self.clock, self._sweep.room.crawl.clock_check, loop.time())
        await self._books.load()
        await self._sweep.ask_the_time()
        self._add_jobs()
        self._scheduler.start(paused=self._ended.is_set())  # it may have been told to stop meanwhile
        _log.info("daemon started pid=%s jobs=%s", os.getpid(), len(self._scheduler.get_jobs()))
        while not self._ended.is_set():
            try:
                await asyncio.wait_for(self._ended.wait(), WATCH.total_seconds())
            except TimeoutError:
                await self._look_at_clock(loop.time())
        self._scheduler.shutdown(wait=False)
        await self._sweep.stop(GRACE.total_seconds() / 2)
        await self._books.close()
        _log.info("daemon stopped pid=%s", os.getpid())

    def _add_jobs(self) -> None:
        """Put the timetable into the scheduler; what was missed meanwhile, or recurs, is run at once."""
        now = self.clock()
        for job in timetable(self.office.daemon):
            trigger = job.trigger
            self._scheduler.add_job(
                self._run,
                Recurring(seconds=trigger.interval.total_seconds(), timezone=self.office.zone)
                if isinstance(trigger, Every)
                else CronTrigger(
                    day=trigger.day,
                    day_of_week=None if trigger.weekday is None else trigger.weekday - 1,
                    hour=trigger.at.hour,
                    minute=trigger.at.minute,
                    second=trigger.at.second,
                    timezone=self.office.zone,
                ),
                args=[job],
                id=job.name.value,
                misfire_grace_time=None if job.grace is None else int(job.grace.total_seconds()),
                coalesce=job.coalesce,
                max_instances=job.max_instances,
                next_run_time=self._first(job, now),
                replace_existing=True,
            )

    def _first(self, job: Job, now: datetime) -> datetime:
        if isinstance(job.trigger, Every) or is_due(job, self._books.completed_at(job.name), now, self.office.zone):
            return now
        return next_moment(job.trigger, now, self.office.zone)

    async def _look_at_clock(self, steady: float) -> None:
        """Notice that the clock was set or the machine slept: the times of all jobs are then worked out anew."""
        if jumped := self._time.look(steady):
            now = self.clock()
            _log.warning("clock jumped seconds=%.0f", jumped.total_seconds())
            self._books.jumped(jumped, now)
            if jumped > timedelta(0):
                self._started_at = now  # nothing was collected while the machine slept
            self._put_on_time(timetable(self.office.daemon), now)
            await self._sweep.ask_the_time()
        elif astray := [job for job in timetable(self.office.daemon) if self._is_astray(job, self.clock())]:
            _log.warning("jobs put on time again names=%s", ",".join(job.name.value for job in astray))
            self._put_on_time(astray, self.clock())
        for name in [each for each in self._waiting if self._may_run(each, steady)]:
            self._waiting.discard(name)
            self._soon(name)

    def _put_on_time(self, jobs: Iterable[Job], now: datetime) -> None:
        for job in jobs:
            self._scheduler.modify_job(job.name.value, next_run_time=self._first(job, now))

    def _is_astray(self, job: Job, now: datetime) -> bool:
        """Say whether a job is planned for later than it can be due.

        A clock that leapt ahead and back between two looks at it takes the scheduler along, and nothing would run.
        """
        trigger, planned = job.trigger, self._scheduler.get_job(job.name.value).next_run_time
        by = now + trigger.interval if isinstance(trigger, Every) else next_moment(trigger, now, self.office.zone)
        return bool(planned > by + JUMP)

    def _may_run(self, name: JobName, steady: float) -> bool:
        """Say whether the time is known, and what was missed while nothing ran was looked at, as far as a job wants."""
        if not self._time.is_sure(steady):
            return False
        looked = self._sweep.is_through or self._time.since_jump(steady) >= CATCHING_UP
        return looked or name not in AFTER_LOOKING

    async def _run(self, job: Job) -> None:
        """Run a job and note what came of it. A job at a time of day that was done since is not done again."""
        now = self.clock()
        if job.name in TIMELY:
            if not self._may_run(job.name, asyncio.get_running_loop().time()):
                self._waiting.add(job.name)
                return
            now = self._time.surely_past() if job.name in LASTING else self._time.now()
        if was_done(job, self._books.completed_at(job.name), now, self.office.zone):
            return
        self._books.begin(job.name, now)
        state, note = JobState.DONE, ""
        try:
            note = await self._work(job.name, now)
        except (StoppedError, asyncio.CancelledError):
            state = JobState.STOPPED
        except ReplacedError as error:
            self._fail(error)
            return
        except XunjianError as error:
            state, note = JobState.FAILED, str(error)
            _log.error("job failed name=%s cause=%s", job.name, error)
        except Exception as error:  # noqa: BLE001 - one job must not end the others
            state, note = JobState.FAILED, f"程序内部错误（{type(error).__name__}），详见日志。"
            _log.exception("job failed name=%s", job.name)
        await self._books.end(job.name, now, state, note)
        if state is JobState.FAILED and may_still_run(job, now, self.office.zone) and not self._stopping.is_set():
            self._scheduler.modify_job(job.name.value, next_run_time=self.clock() + RETRY)

    def _work(self, name: JobName, now: datetime) -> Awaitable[str]:
        """Return the work of a job: what needs the loop runs in it, everything else in a thread."""
        if name in WORK:
            task = Task(
                office=self.office,
                now=now,
                started_at=self._started_at,
                stopping=self._stopping.is_set,
                loads=self._sweep.loads,
            )
            return in_thread(WORK[name], task)
        looping: dict[JobName, Callable[[], Awaitable[str]]] = {
            JobName.COLLECT: self._sweep.tick,
            JobName.PAGES: self._sweep.read_pages,
            JobName.DELIVER: self._deliver,
            JobName.BEAT: self._beat,
            JobName.HEARTBEAT: self._heartbeat,
        }
        return looping[name]()

    async def _beat(self) -> str:
        if not await in_thread(self._instance.held):
            raise ReplacedError(
                f"数据库：{self.office.database.where}：守护程序的锁已经失去，可能有另一个守护程序在运行，本进程停止；"
                "请确认只有一个守护程序使用该数据库后再启动。"
            )
        return await self._books.beat(self._next_runs)

    async def _deliver(self) -> str:
        report = await deliver(self.office, self._time.now)
        return f"发出{report.sent}条，失败{report.failed}条，待发{report.waiting}条。"

    async def _heartbeat(self) -> str:
        if not self._books.well():
            return "运行不正常，未发送心跳。"
        trouble = await heartbeat(self.office.daemon.heartbeat_url, timedelta(seconds=15))
        if trouble:
            raise XunjianError(trouble)
        return "已发送。"

    def _next_runs(self) -> dict[str, datetime | None]:
        return {each.id: each.next_run_time for each in self._scheduler.get_jobs()}

    def _collect_soon(self) -> None:
        self._soon(JobName.COLLECT)

    def _soon(self, name: JobName) -> None:
        if not self._stopping.is_set():
            self._scheduler.modify_job(name.value, next_run_time=self.clock())

    async def _take_anew(self) -> None:
        """Go on with the configuration and the registry as they are now, if they can be used."""
        try:
            taken = await in_thread(self._reload)
        except XunjianError as error:
            _log.error("reload refused, the old configuration stays cause=%s", error)
            self._books.say("reload", f"重新加载未成功，仍按原配置运行：{error}")
            self._soon(JobName.BEAT)
            return
        except Exception:  # noqa: BLE001 - whatever it is, the daemon goes on
            _log.exception("reload failed, the old configuration stays")
            return
        self.office = replace(taken, database=self.office.database)
        self._sweep.room.reload(self.office)
        self._scheduler.remove_all_jobs()
        self._add_jobs()
        self._books.say("reload", "")
        _log.info("reloaded")

    def _stop(self, number: int) -> None:
        _log.info("daemon stops signal=%s", signal.Signals(number).name)
        self._end()

    def _fail(self, error: BaseException) -> None:
        """End the daemon with an error that nothing but a person can mend."""
        _log.error("daemon ends cause=%s", error)
        self.error = self.error or error
        self._end()

    def _end(self) -> None:
        """Let everything stop, and the time run within which it must have."""
        if not self._ended.is_set():
            self._stopping.set()
            self._ended.set()
            self.last_resort.start()

    def _give_up(self) -> None:
        """Leave what hangs; it may be the log, so nothing is logged."""
        self.leave(0 if self.error is None else 2)
