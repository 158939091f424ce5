"""The daemon's sweep: which lanes have something due, and one batch of each at a time."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any, Final

from crawler.details import PageTarget
from crawler.network import outage_reason
from crawler.visiting import Channel, unasked
from monitor.errors import XunjianError
from monitor.visits import Outcome, Source, Visit
from schedules.batch import BatchReport, Room, collect_batch, read_batch
from schedules.details import due_pages
from schedules.office import Office
from schedules.planning import Load, Loads, plan_missing, plan_these
from schedules.targets import active_accounts
from schedules.threads import in_thread
from storage.errors import ReplacedError
from storage.plans import Due, cut_off_sources, due_sources, hasten
from storage.sources import sources_by_id, sources_of

MOST: Final = 500
"""A batch is given no more sources than this; what it does not come to is due again at the next tick."""

TRIES_OFFLINE: Final = 3
"""So many lanes are tried at each tick, one source of each, while this machine has no network."""

PAGES_SHARE: Final = 0.2
"""A batch of pages has so much of a batch's budget: visits wait behind it."""

LANES_ASKED: Final = 3
"""So many lanes are asked what time it is: from three on, one odd server among them is outvoted."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Sweep:
    """The batches under way, by lane, and what came of those before.

    ``fail`` is told of an error that ends the daemon; ``again`` is called where a lane has more to do at once.
    """

    room: Room
    fail: Callable[[BaseException], None]
    again: Callable[[], None]
    loads: Loads = field(default_factory=dict[str, Load])
    ticked_at: datetime | None = None
    due: int = 0
    visits: Counter[str] = field(default_factory=Counter[str])
    visit_seconds: float = 0.0
    _was_offline: bool = False
    _batches: dict[str, "asyncio.Task[None]"] = field(default_factory=dict[str, "asyncio.Task[None]"])
    _reports: dict[str, BatchReport] = field(default_factory=dict[str, BatchReport])

    async def tick(self) -> str:
        """Start a batch in every lane that has due sources and none under way; return what was found."""
        office, now = self.room.office, self.room.clock()
        await self.room.crawl.network.look()
        offline_since = self.room.crawl.network.offline_since
        returned, self._was_offline = self._was_offline and offline_since is None, offline_since is not None
        visited = {each.source_id for report in self._reports.values() for each in report.visits}
        due = await in_thread(_due, office, now, self.loads, visited, returned=returned)
        by_lane: dict[str, list[int]] = {}
        for each in due:
            lane = office.lane_of(Source(source_id=each.source_id, url=each.url, kind=each.kind))
            by_lane.setdefault(lane, []).append(each.source_id)
        self.due, self.ticked_at = len(due), now
        lanes = [lane for lane in by_lane if lane not in self._batches]
        most = MOST
        if offline_since is not None:
            lanes, most = lanes[: max(0, TRIES_OFFLINE - len(self._batches))], 1
            tried = {by_lane[lane][0] for lane in lanes}
            await self._say_cut_off([each.source_id for each in due if each.source_id not in tried], offline_since)
        for lane in lanes:
            some = by_lane[lane][:most]
            self._start(lane, self._collect(lane, some, more=len(by_lane[lane]) > len(some) == MOST))
        return f"到期{len(due)}个来源，开始{len(lanes)}个通道。"

    async def ask_the_time(self) -> None:
        """Visit a source in each of a few lanes, due or not: their servers tell what time it is."""
        for lane, source_id in (await in_thread(_timekeepers, self.room.office)).items():
            if lane not in self._batches:
                self._start(lane, self._collect(lane, [source_id], more=False))

    async def read_pages(self) -> str:
        """Start reading own pages of posts, in every lane that has some due and does nothing else."""
        office = self.room.office
        by_lane = await in_thread(_pages, office, self.room.clock())
        if self.room.crawl.network.offline_since is not None:
            return "本机网络中断，未读取。"
        lanes = [lane for lane in by_lane if f"{lane} pages" not in self._batches]
        for lane in lanes:
            self._start(f"{lane} pages", self._read(lane, by_lane[lane]))
        return f"开始{len(lanes)}个通道。"

    async def stop(self, seconds: float) -> None:
        """End all batches: a visit under way is dropped, one that is being stored is stored."""
        tasks = list(self._batches.values())
        for each in tasks:
            each.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    @property
    def is_through(self) -> bool:
        """Whether nothing was due at the last tick, and nothing is under way."""
        return self.ticked_at is not None and self.due == 0 and not self._batches

    @property
    def under_way(self) -> int:
        """How many batches run."""
        return len(self._batches)

    def note(self, visit: Visit) -> None:
        """Count a visit."""
        self.visits[visit.outcome.value] += 1
        self.visit_seconds += max((visit.ended_at - visit.started_at) / timedelta(seconds=1), 0.0)

    async def _say_cut_off(self, source_ids: Sequence[int], since: datetime) -> None:
        """Store a visit of each source that is due while we are offline, once in an outage: it was not looked at."""
        office = self.room.office
        for visit in await in_thread(_cut_off, office, source_ids, since, self.room.clock()):
            await self.room.write(partial(self.room.save_visit, visit))
            self.note(visit)

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._batches[name] = task
        task.add_done_callback(lambda _: self._batches.pop(name, None))

    async def _collect(self, lane: str, source_ids: Sequence[int], *, more: bool) -> None:
        self._reports[lane] = report = BatchReport()
        budget = self.room.office.daemon.batch_budget
        load = self.loads.get(lane)
        spare = None if load is None else load.spare
        try:
            await self._guarded(lane, collect_batch(self.room, lane, source_ids, budget, spare=spare, into=report))
            await self._guarded(lane, self._replan([each.source_id for each in report.visits]))
        finally:
            del self._reports[lane]
        if (more or len(report.visits) < len(source_ids)) and report.visits:
            self.again()

    async def _replan(self, source_ids: Sequence[int]) -> None:
        await in_thread(plan_these, self.room.office, source_ids, self.room.clock(), self.loads)

    async def _read(self, lane: str, targets: Sequence[PageTarget]) -> None:
        budget = self.room.office.daemon.batch_budget * PAGES_SHARE
        await self._guarded(lane, read_batch(self.room, lane, targets, budget))

    async def _guarded(self, lane: str, batch: Coroutine[Any, Any, BatchReport | None]) -> None:
        """Run a batch; what goes wrong in it is logged, and its sources are due again."""
        try:
            await batch
        except ReplacedError as error:
            self.fail(error)
        except XunjianError as error:
            _log.error("batch failed lane=%s cause=%s", lane, error)
        except Exception:  # noqa: BLE001 - whatever it is, the daemon goes on
            _log.exception("batch failed lane=%s", lane)


def _due(office: Office, now: datetime, loads: Loads, visited: Collection[int], *, returned: bool) -> list[Due]:
    """Return what is due; once the network is back that is also what could not be looked at meanwhile.

    ``visited`` are sources that batches under way have been at: they are planned anew at the end of those.
    """
    plan_missing(office, now, loads, visited)
    if returned:
        with office.database.begin() as session:
            hasten(session, cut_off_sources(session), now)
    with office.database.read() as session:
        found = due_sources(session, now, today=now.astimezone(office.zone).date())
    return [each for each in found if each.source_id not in visited]


def _timekeepers(office: Office) -> dict[str, int]:
    """Return, in a few lanes, the source that answered well last."""
    with office.database.read() as session:
        known = [(each.memory.full_at, each) for each in sources_of(session) if each.memory.full_at is not None]
    found: dict[str, int] = {}
    for _, each in sorted(known, key=itemgetter(0), reverse=True):
        found.setdefault(office.lane_of(each), each.source_id)
        if len(found) == LANES_ASKED:
            break
    return found


def _cut_off(office: Office, source_ids: Sequence[int], since: datetime, at: datetime) -> list[Visit]:
    with office.database.read() as session:
        known = cut_off_sources(session)
        left = sources_by_id(session, [each for each in source_ids if each not in known])
    reason = f"{outage_reason(since, office.zone.key)}，本次未采集"
    return [unasked(source, Channel(name=office.lane_of(source)), at, Outcome.LOCAL_OUTAGE, reason) for source in left]


def _pages(office: Office, now: datetime) -> dict[str, list[PageTarget]]:
    if not office.crawl.details_per_lane:
        return {}
    return due_pages(office, [each.account_id for each in active_accounts(office, now)], now)
