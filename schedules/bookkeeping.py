"""What the daemon writes down of itself: which jobs were done, that it lives, and figures for those who watch it."""

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.orm import Session

from crawler.clocks import TOLERATED
from schedules.batch import Room
from schedules.metrics import Facts
from schedules.sweeping import Sweep
from schedules.threads import in_thread
from schedules.timetable import Every, JobName, timetable
from storage.errors import StorageError
from storage.instance import beat, stopped
from storage.jobs import JobState, begin_job, end_job, job_runs, say_next
from storage.lanes import pauses
from storage.messages import channel_states
from storage.plans import source_states

SHOWN_FOR = timedelta(days=7)
"""Messages that were given up are counted for so long."""

WORTH_TELLING = timedelta(minutes=5)
"""A smaller jump of the clock is nobody's business."""

SHOW_JUMP = timedelta(days=1)

Ended = tuple[datetime, JobState, str]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database and the disk said at the last beat."""

    at: datetime | None = None
    lanes: int = 0
    lanes_paused: int = 0
    sources: Mapping[str, int] = field(default_factory=dict[str, int])
    waiting: Mapping[str, int] = field(default_factory=dict[str, int])
    failed: Mapping[str, int] = field(default_factory=dict[str, int])
    database_bytes: int | None = None
    disk_free: int | None = None


class Books:
    """The daemon's books, kept in memory and written at every beat; what is done once a day is written at once."""

    def __init__(self, room: Room, sweep: Sweep, started_at: datetime) -> None:
        self._room, self._sweep, self._started_at = room, sweep, started_at
        self._completed: dict[JobName, datetime] = {}
        self._running: Counter[JobName] = Counter()
        self._unwritten: dict[JobName, Ended] = {}
        self._notes: dict[str, str] = {}
        self._stored = Stored()
        self._trouble = ""
        self._clock_told_until = 0.0

    async def load(self) -> None:
        """Read what was done before."""

        def read() -> dict[JobName, datetime]:
            with self._room.office.database.read() as session:
                runs = job_runs(session)
            known = {name.value: name for name in JobName}
            return {
                known[job]: run.completed_at
                for (job, key), run in runs.items()
                if not key and job in known and run.completed_at is not None
            }

        self._completed = await in_thread(read)

    def completed_at(self, name: JobName) -> datetime | None:
        """Return when the newest run of a job that came to its end had begun."""
        return self._completed.get(name)

    def begin(self, name: JobName, _at: datetime) -> None:
        """Note that a job runs."""
        self._running[name] += 1

    async def end(self, name: JobName, at: datetime, state: JobState, note: str) -> None:
        """Note how the run of a job that had begun ``at`` ended."""
        self._running[name] -= 1
        self._unwritten[name] = (at, state, note)
        if state is JobState.DONE:
            self._completed[name] = at
        seconds = (self._room.clock() - at).total_seconds()
        quiet = name in {JobName.COLLECT, JobName.DELIVER, JobName.BEAT} and state is JobState.DONE
        _log.log(
            logging.DEBUG if quiet else logging.INFO,
            "job name=%s state=%s seconds=%.1f note=%s",
            name,
            state,
            seconds,
            note,
        )
        if any(job.name is name and not isinstance(job.trigger, Every) for job in timetable(self._room.office.daemon)):
            try:
                await self._write({})
            except StorageError as error:  # the next beat writes it
                _log.error("job not written name=%s cause=%s", name, error)

    async def beat(self, next_runs: Callable[[], Mapping[str, datetime | None]]) -> str:
        """Write down that the daemon lives, what its jobs did, and when they run next."""
        if asyncio.get_running_loop().time() > self._clock_told_until:
            self.say("clock", "")
        await self._write(next_runs())
        return ""

    def say(self, topic: str, sentence: str) -> None:
        """Keep a sentence for those who ask how the daemon is, "" where there is none any more."""
        if sentence:
            self._notes[topic] = sentence
        else:
            self._notes.pop(topic, None)

    def jumped(self, by: timedelta, at: datetime) -> None:
        """Keep for a day that the clock was set, or the machine slept, where that was for long."""
        if abs(by) < WORTH_TELLING:
            return
        local = at.astimezone(self._room.office.zone)
        way = "向前" if by > timedelta(0) else "向后"
        told = f"{local:%Y-%m-%d %H:%M} 本机时间{way}跳变约{abs(by) / timedelta(minutes=1):.0f}分钟（校时或休眠），"
        self.say("clock", f"{told}各项任务已重新安排；休眠期间没有采集，请查明原因。")
        self._clock_told_until = asyncio.get_running_loop().time() + SHOW_JUMP.total_seconds()

    def well(self) -> bool:
        """Say whether the daemon does what it is there for."""
        ticked = self._sweep.ticked_at
        late = self._room.office.daemon.tick * 10 + timedelta(minutes=5)
        return (
            not self._room.trouble and not self._trouble and (ticked is None or abs(self._room.clock() - ticked) < late)
        )

    def facts(self) -> Facts:
        """Return the figures as they are now; nothing is waited for."""
        crawl, sweep, stored = self._room.crawl, self._sweep, self._stored
        return Facts(
            at=self._room.clock(),
            started_at=self._started_at,
            version=version("xunjian"),
            beat_at=stored.at,
            ticked_at=sweep.ticked_at,
            offline_since=crawl.network.offline_since,
            clock_offset=self._clock_offset(),
            storage_error=self._room.trouble or self._trouble,
            lanes=stored.lanes,
            lanes_paused=stored.lanes_paused,
            sources=stored.sources,
            due=sweep.due,
            visits=dict(sweep.visits),
            visit_seconds=sweep.visit_seconds,
            messages_waiting=stored.waiting,
            messages_failed=stored.failed,
            job_success={name.value: at for name, at in self._completed.items()},
            jobs_running={name.value: count for name, count in self._running.items() if count}
            | {"batches": sweep.under_way},
            database_bytes=stored.database_bytes,
            disk_free=stored.disk_free,
        )

    def _clock_offset(self) -> timedelta | None:
        """Return how far the servers are ahead of us; None where they are far off and we are believed all the same."""
        check = self._room.crawl.clock_check
        offset = check.offset
        return None if offset is None or (abs(offset) > TOLERATED and not check.is_wrong) else offset

    async def close(self) -> None:
        """Write down that the daemon has stopped."""
        written, at = dict(self._unwritten), self._room.clock()

        def write() -> None:
            with self._room.office.database.begin() as session:
                _put_jobs(session, written, {})
                stopped(session, at)

        try:
            await in_thread(write)
        except StorageError as error:
            _log.error("stop not written cause=%s", error)

    async def _write(self, next_runs: Mapping[str, datetime | None]) -> None:
        written, at = dict(self._unwritten), self._room.clock()
        try:
            self._stored = await in_thread(self._put, written, next_runs, at)
        except StorageError as error:
            self._trouble = str(error)
            raise
        self._trouble = ""
        for name, ended in written.items():
            if self._unwritten.get(name) == ended:
                del self._unwritten[name]

    def _put(self, written: Mapping[JobName, Ended], next_runs: Mapping[str, datetime | None], at: datetime) -> Stored:
        """Write jobs and beat in one transaction, and return what database and disk say now."""
        office, crawl = self._room.office, self._room.crawl
        with office.database.begin() as session:
            _put_jobs(session, written, next_runs)
            beat(
                session,
                at,
                offline_since=crawl.network.offline_since,
                clock_offset=self._clock_offset(),
                notes=list(self._notes.values()),
            )
        with office.database.read() as session:
            lanes = pauses(session)
            states = source_states(session, today=at.astimezone(office.zone).date())
            channels = channel_states(session, at - SHOWN_FOR)
        size, free = _disk(Path(office.database.where))
        return Stored(
            at=at,
            lanes=len({*self._sweep.loads, *lanes}),
            lanes_paused=sum(each.holds(at) for each in lanes.values()),
            sources=states,
            waiting=dict.fromkeys(office.routing.channels, 0) | {name: each.waiting for name, each in channels.items()},
            failed=dict.fromkeys(office.routing.channels, 0) | {name: each.failed for name, each in channels.items()},
            database_bytes=size,
            disk_free=free,
        )


def _put_jobs(session: Session, written: Mapping[JobName, Ended], next_runs: Mapping[str, datetime | None]) -> None:
    for name, (at, state, note) in written.items():
        begin_job(session, name.value, "", at)
        end_job(session, name.value, "", at, state, note)
    say_next(session, {(name, ""): at for name, at in next_runs.items()})


def _disk(file: Path) -> tuple[int | None, int | None]:
    """Return the size of a database's file and what is free where it lies, None for a server's."""
    try:
        return file.stat().st_size, shutil.disk_usage(file.parent).free
    except OSError:
        return None, None
