"""A run of collection: lanes side by side, one request at a time within each, exactly one visit per source."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from crawler.details import PageTarget, look_at_page
from crawler.failures import LONGEST_PAUSE, Failure, shown
from crawler.fetch import Clock, Fetched, Turn, Web, fetch, open_session
from crawler.lanes import Pace, Sleep, lane_of
from crawler.look import control_seen, look
from crawler.pool import ParsePool, Reader
from crawler.robots import Robots
from crawler.settings import CrawlSettings
from crawler.sources import read
from crawler.visiting import Channel, LaneAt, Look, no_lane, unasked
from monitor.proof import ControlSeen
from monitor.visits import Lane, Memory, Outcome, PageVisit, Source, Visit

OnVisit = Callable[[Visit], Awaitable[None]]
OnPage = Callable[[PageVisit], Awaitable[None]]
OnPause = Callable[[Lane], Awaitable[None]]

CONTROL_FOR: Final = timedelta(minutes=30)
"""A control visit serves the visits after it for so long; well under the 60 minutes of COVERAGE rule 5."""

LONGEST_REST: Final = timedelta(seconds=60)
"""A lane waits for so long within a run; told to wait for longer, it ends its run."""

_CONTROL_TRIES: Final = 2
_NOT_ABOUT_SPEED: Final = frozenset({401, 407, 451})

_log = logging.getLogger(__name__)


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


async def collect(
    targets: Sequence[Source],
    lanes: Mapping[str, Lane],
    lane_by_source: Mapping[int, str],
    settings: CrawlSettings,
    on_visit: OnVisit,
    on_pause: OnPause,
    *,
    lane_at: LaneAt = no_lane,
    clock: Clock = now,
    sleep: Sleep = asyncio.sleep,
    reader: Reader = read,
    pool: ParsePool | None = None,
) -> None:
    """Visit every source once and hand each visit to ``on_visit``, as soon as it is made.

    A lane's control source is visited before the lane's first source and again when its last visit is more than 30
    minutes old; those visits are handed over too, without an account. A source's proof leans on the control visit
    before it: that is the nearest one or an older one, which proves less and never more. ``on_pause`` is called with
    the lane, ``paused_until`` set, when a server says how long to stay away. ``lane_at`` names the lane of an address
    where that lane has a control source, else None: what a source shows from within another such lane proves nothing.
    ``pool`` are the children that read bodies, to be shared with another run; without it the run has its own.

    Raises what ``on_visit`` and ``on_pause`` raise, and ends the run with it; a visit under way is then dropped, as it
    is when the run is cancelled.
    """
    by_lane: dict[str, list[Source]] = {}
    for source in targets:
        by_lane.setdefault(lane_by_source.get(source.source_id) or lane_of(source.url, ()), []).append(source)

    async def run(lane: Lane, pace: Pace, tools: _Tools) -> None:
        await _SourceRun(lane, pace, tools, on_visit, on_pause).run(by_lane[lane.name])

    async with _pool(settings, reader, pool) as shared:
        web = _Shared(settings=settings, clock=clock, sleep=sleep, lane_at=lane_at, pool=shared)
        await _side_by_side(list(by_lane), lanes, run, web)


async def try_source(
    source: Source,
    lane: Lane,
    settings: CrawlSettings,
    *,
    lane_at: LaneAt = no_lane,
    clock: Clock = now,
    sleep: Sleep = asyncio.sleep,
    reader: Reader = read,
) -> Look:
    """Visit one source as a run would, its lane's control source first, and hand over to nobody."""
    seen: list[Look] = []

    async def run(lane: Lane, pace: Pace, tools: _Tools) -> None:
        trial = _SourceRun(lane, pace, tools, _forget, _forget)
        await trial.see_control()
        seen.append(await trial.visit(source, trial.channel))

    async with _pool(settings, reader, None) as pool:
        web = _Shared(settings=settings, clock=clock, sleep=sleep, lane_at=lane_at, pool=pool)
        await _side_by_side([lane.name], {lane.name: lane}, run, web)
    return seen[0]


async def _forget(_: Visit | Lane) -> None:
    """Keep nothing of a trial."""


async def read_pages(
    targets: Mapping[str, Sequence[PageTarget]],
    lanes: Mapping[str, Lane],
    settings: CrawlSettings,
    on_page: OnPage,
    on_pause: OnPause,
    *,
    clock: Clock = now,
    sleep: Sleep = asyncio.sleep,
    reader: Reader = read,
    pool: ParsePool | None = None,
) -> None:
    """Read the own pages of posts, by lane, in the order given and up to ``settings.details_per_lane`` of each lane.

    Each attempt is handed to ``on_page``; a lane that is paused, or told to wait, leaves the rest of its pages. Raises
    what ``on_page`` and ``on_pause`` raise, and ends the run with it.
    """

    async def run(lane: Lane, pace: Pace, tools: _Tools) -> None:
        await _PageRun(lane, pace, tools, on_pause).run(targets[lane.name], on_page)

    async with _pool(settings, reader, pool) as shared:
        web = _Shared(settings=settings, clock=clock, sleep=sleep, lane_at=no_lane, pool=shared)
        await _side_by_side(list(targets), lanes, run, web)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What a run is given for all of its lanes."""

    settings: CrawlSettings
    clock: Clock
    sleep: Sleep
    lane_at: LaneAt
    pool: ParsePool


@asynccontextmanager
async def _pool(settings: CrawlSettings, reader: Reader, given: ParsePool | None) -> AsyncIterator[ParsePool]:
    """Give the pool that is shared with others, or one of this run's own."""
    if given is not None:
        yield given
        return
    async with ParsePool(settings.parse_workers, settings.parse_timeout, reader) as own:
        yield own


async def _side_by_side(
    names: Sequence[str],
    lanes: Mapping[str, Lane],
    run: Callable[[Lane, Pace, "_Tools"], Coroutine[Any, Any, None]],
    shared: _Shared,
) -> None:
    """Run every lane at once."""
    settings = shared.settings
    under_way = asyncio.Semaphore(settings.concurrency)
    async with open_session(settings) as session:
        web = Web(session=session, settings=settings, clock=shared.clock)
        tools = _Tools(web=web, pool=shared.pool, lane_at=shared.lane_at)
        try:
            async with asyncio.TaskGroup() as tasks:
                for name in names:
                    lane = lanes.get(name) or Lane(name=name, delay=settings.delay)
                    tasks.create_task(run(lane, Pace(lane.delay, under_way, shared.sleep), tools))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None  # only what is handed over to raises, and the first ends the others


@dataclass(slots=True, kw_only=True)
class _Tools:
    """What all lanes of a run share."""

    web: Web
    pool: ParsePool
    lane_at: LaneAt
    robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self.robots = Robots(self._ask_robots)

    async def _ask_robots(self, url: str, turn: Turn) -> Fetched:
        return await fetch(self.web, url, turn, label="网站规则文件")

    async def ask(self, pace: Pace, url: str, memory: Memory) -> Fetched:
        """Ask for an address in a lane's turns, if its site allows."""

        async def permit(each: str) -> Failure | None:
            refusal = await self.robots.refusal(each, pace.turn)
            pace.at_least(self.robots.delay(each) or timedelta(0))
            return refusal

        obey = self.web.settings.obey_robots
        return await fetch(self.web, url, pace.turn, memory=memory, permit=permit if obey else None)


class _LaneRun:
    """What a lane must keep to, whatever it is asked for: its pauses, and how fast it may go."""

    def __init__(self, lane: Lane, pace: Pace, tools: _Tools, on_pause: OnPause) -> None:
        self.lane, self.pace, self.tools, self.on_pause = lane, pace, tools, on_pause
        self.clock = tools.web.clock
        self.ask = partial(tools.ask, pace)
        self.paused_until = lane.paused_until
        self.unsaid = 0  # how often in a row a server wanted us to slow down without saying for how long

    async def heed(self, outcome: Outcome, status: int | None, retry_after: timedelta | None) -> None:
        """Heed what a server said about our speed."""
        wait = self.wait_for(outcome, status, retry_after)
        if wait is not None:
            self.paused_until = self.clock() + wait
            pause = replace(self.lane, paused_until=self.paused_until, paused_for=outcome)
            _log.warning("lane paused lane=%s until=%s", self.lane.name, self.paused_until.isoformat())
            await self.on_pause(pause)
        elif outcome is Outcome.BLOCKED and status not in _NOT_ABOUT_SPEED:
            self.pace.slow_down()
        elif outcome.proves:
            self.pace.ease()

    def wait_for(self, outcome: Outcome, status: int | None, retry_after: timedelta | None) -> timedelta | None:
        """Return for how long the lane must now wait; 429s that do not say: a minute, then two, then four."""
        if retry_after:
            return retry_after
        if outcome is not Outcome.RATE_LIMITED or status is None:
            self.unsaid = 0
            return None
        self.unsaid += 1
        return min(LONGEST_REST * (1 << min(self.unsaid - 1, 16)), LONGEST_PAUSE)

    async def is_paused(self) -> bool:
        """Wait out a pause that is nearly over; say whether the lane must be left alone for longer."""
        if self.paused_until is None:
            return False
        left = self.paused_until - self.clock()
        if left > LONGEST_REST:
            return True
        self.paused_until = None
        if left > timedelta(0):
            await self.pace.rest(left)
        return False


class _SourceRun(_LaneRun):
    """One lane's way through its sources."""

    def __init__(self, lane: Lane, pace: Pace, tools: _Tools, on_visit: OnVisit, on_pause: OnPause) -> None:
        super().__init__(lane, pace, tools, on_pause)
        self.on_visit = on_visit
        # A lane that names a control source proves nothing before that was seen, however a run goes.
        unseen = ControlSeen(at=self.clock(), newest=None, ok=False, reason="本次尚未采集")
        control = None if lane.control is None else unseen
        self.channel = Channel(name=lane.name, control=control, max_age=lane.control_max_age, lane_at=tools.lane_at)
        self.control_at: datetime | None = None

    async def run(self, sources: Sequence[Source]) -> None:
        """Visit every source, in order; one that the lane must not ask now is put off."""
        for source in sources:
            await self.see_control()
            if await self.is_paused():
                await self.hand_over(Look(visit=self.put_off(source)))
            else:
                await self.hand_over(await self.visit(source, self.channel))

    async def see_control(self) -> None:
        """Visit the lane's control source in full, where there is none yet or the last visit to it is too old."""
        source, last = self.lane.control, self.control_at
        if source is None or (last is not None and self.clock() - last <= CONTROL_FOR):
            return
        source = replace(source, memory=Memory(moved_to=source.memory.moved_to))
        for _ in range(_CONTROL_TRIES):
            if await self.is_paused():
                return
            seen = await self.visit(source, Channel(name=self.lane.name))
            control = control_seen(seen.visit)
            self.control_at, self.channel = control.at, replace(self.channel, control=control)
            await self.hand_over(seen)
            if control.ok:
                return

    async def visit(self, source: Source, channel: Channel) -> Look:
        """Visit a source; a fault of our own is a visit too, and ends nothing."""
        try:
            return await look(source, channel, self.ask, self.tools.pool, self.tools.web.settings.pages_per_visit)
        except Exception as error:  # noqa: BLE001  whatever it is, one source must not end the sweep
            _log.exception("visit failed source=%s lane=%s url=%s", source.source_id, channel.name, shown(source.url))
            reason = f"采集地址 {shown(source.url)}：采集程序内部错误（{type(error).__name__}）"
            return Look(visit=unasked(source, channel, self.clock(), Outcome.SERVER_ERROR, reason))

    async def hand_over(self, seen: Look) -> None:
        """Hand a visit over, then heed what its server said about our speed."""
        _log_visit(seen.visit)
        await self.on_visit(seen.visit)
        await self.heed(seen.visit.outcome, seen.visit.status, seen.retry_after)

    def put_off(self, source: Source) -> Visit:
        """Return the visit of a source that is not asked because the lane is paused."""
        assert self.paused_until is not None  # asked before
        until = self.paused_until.astimezone(ZoneInfo(source.timezone))
        reason = f"采集通道“{self.lane.name}”被要求放慢访问，{until:%Y-%m-%d %H:%M} 之前不再访问，本次未采集"
        channel = Channel(name=self.lane.name)
        return unasked(source, channel, self.clock(), Outcome.RATE_LIMITED, reason)


class _PageRun(_LaneRun):
    """One lane's way through the own pages of posts, as far as its budget goes."""

    async def run(self, targets: Sequence[PageTarget], on_page: OnPage) -> None:
        """Read the pages in the order given; where the lane is paused the others are left for another run."""
        for target in targets[: self.tools.web.settings.details_per_lane]:
            if await self.is_paused():
                return
            try:
                page, retry_after = await look_at_page(target, self.lane.name, self.ask, self.tools.pool)
            except Exception:  # noqa: BLE001  whatever it is, one page must not end the run
                _log.exception("page failed account=%s lane=%s url=%s", target.account_id, self.lane.name, target.url)
                continue
            _log.info(
                "page account=%s lane=%s outcome=%s status=%s url=%s reason=%s",
                page.account_id,
                page.lane,
                page.outcome,
                page.status or "-",
                shown(page.url),
                page.reason or "-",
            )
            await on_page(page)
            await self.heed(page.outcome, page.status, retry_after)


def _log_visit(visit: Visit) -> None:
    _log.info(
        "visit source=%s account=%s lane=%s outcome=%s status=%s items=%s proof=%s ms=%d url=%s reason=%s",
        visit.source_id,
        visit.account_id or "-",
        visit.lane,
        visit.outcome,
        visit.status or "-",
        visit.item_count,
        f"{visit.proof.start.isoformat()}/{visit.proof.end.isoformat()}" if visit.proof else "-",
        (visit.ended_at - visit.started_at) / timedelta(milliseconds=1),
        shown(visit.url),
        visit.reason or "-",
    )
