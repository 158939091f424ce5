"""Collection as one long-lived thing: batches of lanes share the session, the rules of sites, what is known of us."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, Self

from crawler.batch import LaneState, OnPause, Order
from crawler.clocks import ClockCheck
from crawler.details import PageTarget
from crawler.fetch import Clock, Web, open_session
from crawler.lanes import Pace, Sleep
from crawler.network import Network
from crawler.page_batch import OnPage, PageBatch
from crawler.pool import ParsePool, Reader
from crawler.probes import Probes
from crawler.settings import CrawlSettings
from crawler.source_batch import OnVisit, SourceBatch
from crawler.sources import read
from crawler.tools import Tools
from crawler.visiting import LaneAt, Look, no_lane
from monitor.visits import Lane, Source, Visit

UNUSED_FOR: Final = timedelta(days=1)
"""What nobody used for so long is forgotten."""

_PRUNE_EVERY: Final = timedelta(hours=1)
_NO_CLOCKS: Final[Mapping[str, timedelta]] = {}

_log = logging.getLogger(__name__)


class Crawl:
    """All collection of one process; an asynchronous context manager that may stay open for years.

    It holds one session, the children that read bodies (``pool``: those of somebody else), the rules of sites, and of
    each lane its rhythm, its trouble and its control visit, so that they hold between batches. One batch of a lane is
    under way at a time, another waits for it; lanes run side by side. ``probe`` are addresses that tell whether we are
    online, ``clocks`` what ``clock_check.offset_of`` gave before, by lane. ``lane_at`` names the lane of an address
    where that lane has a control source, else None: what a source shows from within another such lane proves nothing.
    """

    def __init__(
        self,
        settings: CrawlSettings,
        *,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        reader: Reader = read,
        pool: ParsePool | None = None,
        lane_at: LaneAt = no_lane,
        probe: Sequence[str] = (),
        network: Network | None = None,
        clocks: Mapping[str, timedelta] = _NO_CLOCKS,
    ) -> None:
        self.network = network or Network(clock, Probes(probe, settings))
        self.network.on_return = self._forget_failures
        self.clock_check = ClockCheck(clock, clocks)
        self._settings, self._clock, self._sleep = settings, clock, sleep
        self._reader, self._given, self._lane_at = reader, pool, lane_at
        self._lanes: dict[str, LaneState] = {}
        self._pruned_at = clock()
        self._tools: Tools | None = None
        self._retired: list[Tools] = []

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._tools = self._open(self._settings)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what is held open; no batch may be under way."""
        for tools in (self._tools, *self._retired):
            if tools is not None:
                await tools.close()
        self._tools, self._retired = None, []

    def reload(self, settings: CrawlSettings, probe: Sequence[str] | None = None) -> None:
        """Let batches that begin from now on keep to other settings; those under way end as they began."""
        urls = self.network.probes.urls if probe is None else probe
        if settings != self._settings or tuple(urls) != self.network.probes.urls:
            self.network.probes = Probes(urls, settings)
        if settings != self._settings and self._tools is not None:
            self._retired.append(self._tools)
            self._tools = self._open(settings)
        self._settings = settings

    async def visit(
        self,
        lane: Lane,
        sources: Sequence[Source],
        *,
        on_visit: OnVisit,
        on_pause: OnPause,
        budget: timedelta | None = None,
        spare: Source | None = None,
    ) -> int:
        """Visit sources of a lane, in order, and hand each visit to ``on_visit`` as soon as it is made.

        After ``budget``, counted from when the batch has the lane, or once we are known to be offline, no further
        source is begun, but at least one is asked; without it each source has exactly one visit. Returns how many were
        visited, or put off because the lane pauses; the rest stay for another batch. The lane's control source is
        visited before them where the last visit to it is more than 30 minutes old; that visit is handed over too,
        without an account. A source's proof leans on the control visit before it.

        ``on_pause`` is called with the lane as it stands where its servers want a pause, or block us and the probe
        too, and with ``paused_until`` None when it answers again after one. While the lane is in doubt, and first
        after a pause, the source whose memory says that it answered well last is asked; ``spare`` may be a further
        source of the lane, to be asked then where it is the best, or the batch has no other.

        Raises what ``on_visit`` and ``on_pause`` raise, and ends the batch with it; a visit under way is then dropped,
        as it is when the batch is cancelled.
        """
        async with self._batch(lane) as (state, tools):
            order = Order(lane=lane, state=state, tools=tools, on_pause=on_pause, until=_until(budget))
            return await SourceBatch(order, on_visit, spare).run(sources)

    async def read_pages(
        self,
        lane: Lane,
        targets: Sequence[PageTarget],
        *,
        on_page: OnPage,
        on_pause: OnPause,
        budget: timedelta | None = None,
    ) -> int:
        """Read own pages of posts of a lane, in order, up to ``settings.details_per_lane``; return how many were.

        Each attempt is handed to ``on_page``; a lane that is paused, or told to wait, leaves the rest of its pages.
        Otherwise as ``visit``.
        """
        async with self._batch(lane) as (state, tools):
            order = Order(lane=lane, state=state, tools=tools, on_pause=on_pause, until=_until(budget))
            return await PageBatch(order, on_page).run(targets)

    async def try_one(self, lane: Lane, source: Source) -> Look:
        """Visit one source as a batch would, its lane's control source first, and hand over to nobody."""
        async with self._batch(lane) as (state, tools):
            order = Order(lane=lane, state=state, tools=tools, on_pause=_forget)
            trial = SourceBatch(order, _forget)
            await trial.see_control()
            return await trial.visit(source, trial.channel)

    @asynccontextmanager
    async def _batch(self, lane: Lane) -> AsyncIterator[tuple[LaneState, Tools]]:
        """Give a batch the lane for itself, and the tools of the newest settings."""
        state = self._lanes.get(lane.name)
        if state is None:
            pace = Pace(lane.delay, asyncio.Semaphore(), self._sleep)
            state = self._lanes[lane.name] = LaneState(pace=pace, used_at=self._clock())
        state.used_at = self._clock()
        async with state.lock:
            tools = self._tools
            assert tools is not None  # the crawl is open
            state.pace.retune(lane.delay, tools.under_way)
            state.standing.take_over(lane)
            tools.users += 1
            try:
                yield state, tools
            finally:
                tools.users -= 1
                state.used_at = self._clock()
        await self._tidy()

    def _open(self, settings: CrawlSettings) -> Tools:
        return Tools(
            web=Web(session=open_session(settings), settings=settings, clock=self._clock),
            pool=self._given or ParsePool(settings.parse_workers, settings.parse_timeout, self._reader),
            own_pool=self._given is None,
            under_way=asyncio.Semaphore(settings.concurrency),
            lane_at=self._lane_at,
            network=self.network,
            clock_check=self.clock_check,
        )

    async def _tidy(self) -> None:
        """Close the tools of settings that no batch uses any more, and forget what nobody used for long."""
        for tools in [each for each in self._retired if not each.users]:
            self._retired.remove(tools)
            await tools.close()
        now = self._clock()
        if timedelta(0) <= now - self._pruned_at < _PRUNE_EVERY:
            return
        self._pruned_at = now
        for name, state in list(self._lanes.items()):
            if not state.lock.locked() and not timedelta(0) <= now - state.used_at < UNUSED_FOR:
                del self._lanes[name]
        if self._tools is not None:
            self._tools.robots.prune()
        self.network.prune()
        self.clock_check.prune()
        _log.debug("pruned lanes=%d", len(self._lanes))

    def _forget_failures(self) -> None:
        """Ask anew what failed of our own outage."""
        for state in self._lanes.values():
            if state.control is not None and not state.control.ok:
                state.control = None
        for tools in (self._tools, *self._retired):
            if tools is not None:
                tools.robots.forget_failures()


def _until(budget: timedelta | None) -> float | None:
    """Return the end of a budget that begins now, by the loop's clock."""
    return None if budget is None else asyncio.get_running_loop().time() + budget.total_seconds()


async def _forget(_: Visit | Lane) -> None:
    """Keep nothing of a trial."""
