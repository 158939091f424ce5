"""One batch of collection: a lane, some of its sources, a time budget; one visit, one transaction."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from crawler.crawl import Crawl
from crawler.details import PageTarget
from monitor.visits import Lane, Memory, Outcome, PageVisit, Visit
from schedules.office import Office
from schedules.targets import controlled_lane, lanes_of, remembered_clocks, sources_to_visit
from schedules.threads import in_thread
from storage.archive import Archive
from storage.clocks import save_clock
from storage.errors import ReplacedError, StorageError
from storage.lanes import clear_pause, save_pause
from storage.pages import PageSaved, save_page
from storage.records import keep_page, keep_visit
from storage.visits import Saved, save_visit, say_local_outage, visits_at

T = TypeVar("T")

OnVisit = Callable[[Visit], None]

SLICE = 5
"""A batch reads so many of its sources at once: what another program has visited meanwhile is not visited again."""

_OWN_FAULT = "采集程序内部错误，本次采集到的内容未能保存。"
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0  # seconds between two tries to store a visit

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class BatchReport:
    """What a batch gave, or several together.

    ``visits`` are those of accounts, without their items, in order of ending; ``pages`` counts the own pages of posts
    that were asked for by outcome, ``deleted`` posts whose deletion is proven by now.
    """

    visits: list[Visit] = field(default_factory=list[Visit])
    new_posts: int = 0
    revised_posts: int = 0
    pages: Counter[Outcome] = field(default_factory=Counter[Outcome])
    deleted: int = 0


class Room:
    """What all batches of a program share: the office, the crawl, the thread that writes, the archive.

    An asynchronous context manager; one lasts as long as its program. ``patient`` says that what the database refuses
    for now (another program holds it, the disk is full) is tried again until it is stored, as a daemon does; else the
    StorageError ends the batch. ``on_visit`` is told of each stored visit of an account.
    """

    def __init__(
        self, office: Office, clock: Callable[[], datetime], *, patient: bool = False, on_visit: OnVisit | None = None
    ) -> None:
        self.office = office
        self.clock = clock
        self.patient = patient
        self.on_visit = on_visit
        self.trouble = ""
        """Why nothing can be stored at the moment, "" where it can."""
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._archive = archive_in(office)
        self.crawl = Crawl(
            office.crawl,
            clock=clock,
            lane_at=lambda url: controlled_lane(self.office, url),
            clocks=remembered_clocks(office, clock()),
            probe=office.daemon.probe,
        )

    async def __aenter__(self) -> Self:
        """Open the crawl."""
        await self.crawl.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the crawl, and wait for the write that is under way."""
        await self.crawl.__aexit__(kind, error, trace)
        await asyncio.to_thread(self._writer.shutdown, wait=True)

    def reload(self, office: Office) -> None:
        """Go on with another configuration of the same office."""
        self.office, self._archive = office, archive_in(office)
        self.crawl.reload(office.crawl, office.daemon.probe)

    async def write(self, work: Callable[[], T]) -> T:
        """Run a write to its end even where the batch is cancelled meanwhile: a visit is stored whole or not begun."""
        wait = _FIRST_WAIT
        while True:
            written = asyncio.get_running_loop().run_in_executor(self._writer, work)
            written.add_done_callback(_noticed)  # a batch that was cancelled does not ask for it any more
            try:
                done = await asyncio.shield(written)
            except StorageError as error:
                if not (self.patient and error.passing):
                    raise
                self._say_trouble(str(error))
            else:
                self._say_trouble("")
                return done
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    def _say_trouble(self, trouble: str) -> None:
        if trouble and not self.trouble:
            _log.error("storage refuses, visits wait trouble=%s", trouble)
        if self.trouble and not trouble:
            _log.warning("storage works again")
        self.trouble = trouble

    def save_visit(self, visit: Visit) -> Saved:
        """Store a visit and the answers that it rests on."""
        with self.office.database.begin() as session:
            saved = save_visit(session, visit, self.office.zone)
            if self._archive is not None:
                keep_visit(session, self._archive, visit, saved.visit_id)
            return saved

    def save_page(self, page: PageVisit) -> PageSaved:
        """Store what the own page of a post said, and the answers that it rests on."""
        with self.office.database.begin() as session:
            saved = save_page(session, page, self.office.zone)
            if self._archive is not None:
                keep_page(session, self._archive, page, saved.post_id)
            return saved

    def save_pause(self, lane: Lane) -> None:
        """Keep what a lane was told, or that it answers again."""
        with self.office.database.begin() as session:
            if lane.paused_until is None or lane.paused_for is None:
                clear_pause(session, lane.name)
            else:
                save_pause(session, lane.name, lane.paused_until, lane.paused_for, lane.level)


def _bare(visit: Visit) -> Visit:
    """Return the visit that stands for one that could not be stored: it shows nothing and proves nothing."""
    return replace(
        visit,
        outcome=Outcome.SERVER_ERROR,
        reason=_OWN_FAULT,
        items=(),
        exchanges=(),
        warnings=(),
        proof=None,
        reach=None,
        memory=Memory(),
    )


def archive_in(office: Office) -> Archive | None:
    """Return the office's archive, None where it keeps none."""
    return None if office.evidence is None else Archive(office.evidence, office.zone)


def _noticed(written: "asyncio.Future[T]") -> None:
    """Take note of a failure, so that the loop does not report it as one that nobody asked for."""
    if not written.cancelled():
        written.exception()


async def collect_batch(
    room: Room,
    lane: str,
    source_ids: Sequence[int],
    budget: timedelta | None = None,
    *,
    spare: int | None = None,
    into: BatchReport | None = None,
) -> BatchReport:
    """Visit sources of one lane, in the order given, until ``budget`` is spent (at least one; None: all of them).

    Every visit is stored before the next one begins. Sources that are not there any more are left out, and where there
    is a budget those that somebody else has visited since the batch began. ``spare`` is
    another source of the lane that answered well last: where one is refused, it tells whether the whole lane is. What
    the batch gives is added to ``into`` as it comes, so that a batch that is cancelled has told what it did. Raises
    StorageError where visits cannot be stored.
    """
    batch = _Batch(room, lane, BatchReport() if into is None else into)
    begun_at, left = room.clock(), budget
    (given,) = (await in_thread(lanes_of, room.office, [lane])).values()
    slices = (
        [source_ids] if budget is None else [source_ids[at : at + SLICE] for at in range(0, len(source_ids), SLICE)]
    )
    for some in slices:
        wanted = [*some, spare] if spare is not None and spare not in some else list(some)
        found = await in_thread(sources_to_visit, room.office, wanted, room.clock(), begun_at)
        sources = [each for each in found if each.source_id != spare or spare in some]
        other = next((each for each in found if each not in sources), None)
        began = asyncio.get_running_loop().time()
        done = await room.crawl.visit(
            given, sources, on_visit=batch.keep, on_pause=batch.keep_pause, budget=left, spare=other
        )
        if left is not None:
            left -= timedelta(seconds=asyncio.get_running_loop().time() - began)
            if done < len(sources) or left <= timedelta(0):
                break
    await batch.keep_knowledge()
    return batch.report


async def read_batch(
    room: Room,
    lane: str,
    targets: Sequence[PageTarget],
    budget: timedelta | None = None,
    *,
    into: BatchReport | None = None,
) -> BatchReport:
    """Read own pages of posts that lie in one lane, in the order given, until ``budget`` is spent."""
    batch = _Batch(room, lane, BatchReport() if into is None else into)
    (given,) = (await in_thread(lanes_of, room.office, [lane])).values()
    await room.crawl.read_pages(given, targets, on_page=batch.keep_page, on_pause=batch.keep_pause, budget=budget)
    return batch.report


class _Batch:
    """Stores what one batch gives."""

    def __init__(self, room: Room, lane: str, report: BatchReport) -> None:
        self.room, self.lane, self.report = room, lane, report

    async def keep(self, visit: Visit) -> None:
        try:
            saved = await self.room.write(partial(self.room.save_visit, visit))
        except ReplacedError:
            raise
        except Exception:
            if not self.room.patient:
                raise
            # One visit that cannot be stored must not keep its whole lane from being visited, for ever.
            _log.exception("visit not stored source=%s lane=%s", visit.source_id, visit.lane)
            visit = _bare(visit)
            saved = await self.room.write(partial(self.room.save_visit, visit))
        if visit.account_id is None:
            return
        kept = replace(visit, items=(), exchanges=(), visit_id=saved.visit_id)
        self.report.visits.append(kept)
        self.report.new_posts += saved.new_posts
        self.report.revised_posts += saved.revised_posts
        if self.room.on_visit is not None:
            self.room.on_visit(kept)

    async def keep_page(self, page: PageVisit) -> None:
        try:
            saved = await self.room.write(partial(self.room.save_page, page))
        except ReplacedError:
            raise
        except Exception:
            if not self.room.patient:
                raise
            _log.exception("page not stored account=%s lane=%s", page.account_id, page.lane)
            page = replace(page, outcome=Outcome.SERVER_ERROR, reason=_OWN_FAULT, article=None, exchanges=())
            saved = await self.room.write(partial(self.room.save_page, page))
        self.report.pages[page.outcome] += 1
        self.report.deleted += saved.deleted

    def keep_pause(self, lane: Lane) -> Awaitable[None]:
        return self.room.write(partial(self.room.save_pause, lane))

    async def keep_knowledge(self) -> None:
        """Keep what was learnt of our own clock; name visits our own outage that were made before it was known."""
        crawl, at = self.room.crawl, self.room.clock()
        offset = crawl.clock_check.offset_of(self.lane)
        suspects = crawl.network.suspects()
        if offset is None and not suspects:
            return

        def save() -> None:
            with self.room.office.database.begin() as session:
                if offset is not None:
                    save_clock(session, self.lane, offset, at)
                if suspects:
                    since = min(each.since for each in suspects).astimezone(self.room.office.zone)
                    made = visits_at(session, [(each.source_id, each.started_at) for each in suspects])
                    say_local_outage(session, made, f"本机网络中断（自{since:%Y-%m-%d %H:%M}起），未能访问。")

        await self.room.write(save)
