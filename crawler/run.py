"""One run of collection, from its beginning to its end: lanes side by side, exactly one visit per source."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.batch import LONGEST_REST, OnPause
from crawler.crawl import Crawl
from crawler.details import PageTarget
from crawler.fetch import Clock
from crawler.lanes import Sleep, lane_of
from crawler.page_batch import OnPage
from crawler.pool import ParsePool, Reader
from crawler.settings import CrawlSettings
from crawler.source_batch import CONTROL_FOR, OnVisit
from crawler.sources import read
from crawler.visiting import LaneAt, Look, no_lane
from monitor.visits import Lane, Source

__all__ = ["CONTROL_FOR", "LONGEST_REST", "OnPage", "OnPause", "OnVisit", "collect", "now", "read_pages", "try_source"]


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
    clocks: Mapping[str, timedelta] | None = None,
) -> None:
    """Visit every source once and hand each visit to ``on_visit``, as soon as it is made.

    All lanes run side by side, each as one batch (``Crawl.visit``). ``pool`` are the children that read bodies, to be
    shared with another run; without it the run has its own. ``clocks`` are remembered offsets of the lanes' servers.

    Raises what ``on_visit`` and ``on_pause`` raise, and ends the run with it; a visit under way is then dropped, as it
    is when the run is cancelled.
    """
    by_lane: dict[str, list[Source]] = {}
    for source in targets:
        by_lane.setdefault(lane_by_source.get(source.source_id) or lane_of(source.url, ()), []).append(source)
    made = Crawl(settings, clock=clock, sleep=sleep, reader=reader, pool=pool, lane_at=lane_at, clocks=clocks or {})
    async with made as crawl:
        await _side_by_side(
            crawl.visit(_lane(lanes, name, settings), sources, on_visit=on_visit, on_pause=on_pause)
            for name, sources in by_lane.items()
        )


async def try_source(
    source: Source,
    lane: Lane,
    settings: CrawlSettings,
    *,
    lane_at: LaneAt = no_lane,
    clock: Clock = now,
    sleep: Sleep = asyncio.sleep,
    reader: Reader = read,
    clocks: Mapping[str, timedelta] | None = None,
) -> Look:
    """Visit one source as a run would, its lane's control source first, and hand over to nobody."""
    made = Crawl(settings, clock=clock, sleep=sleep, reader=reader, lane_at=lane_at, clocks=clocks or {})
    async with made as crawl:
        return await crawl.try_one(lane, source)


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
    async with Crawl(settings, clock=clock, sleep=sleep, reader=reader, pool=pool) as crawl:
        await _side_by_side(
            crawl.read_pages(_lane(lanes, name, settings), pages, on_page=on_page, on_pause=on_pause)
            for name, pages in targets.items()
        )


def _lane(lanes: Mapping[str, Lane], name: str, settings: CrawlSettings) -> Lane:
    return lanes.get(name) or Lane(name=name, delay=settings.delay)


async def _side_by_side(batches: Iterable[Coroutine[Any, Any, int]]) -> None:
    """Run every batch at once; only what is handed over to raises, and the first that does ends the others."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for each in batches:
                tasks.create_task(each)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
