"""Visit sources now and keep what they showed: one visit, one transaction."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from crawler import run
from crawler.lanes import lane_of
from crawler.pool import ParsePool
from crawler.settings import LaneConfig
from monitor.kinds import kinds_of
from monitor.values import Account, AccountState, Platform
from monitor.visits import Lane, Outcome, PageVisit, Source, Visit, view_of
from schedules.compare import compare_new_posts
from schedules.details import due_pages
from schedules.office import Office, RequestError
from storage.accounts import all_accounts
from storage.archive import Archive
from storage.coverage import coverage_of, rebuild
from storage.lanes import pauses, save_pause
from storage.pages import PageSaved, save_page
from storage.records import keep_page, keep_visit
from storage.sources import control_source, sources_of, take_views
from storage.visits import Saved, save_visit

T = TypeVar("T")

OnVisit = Callable[[Visit, int, int], None]

LOOK_BACK = timedelta(days=45)
"""A month, and the two weeks before it that its windows begin with: older posts are not looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectReport:
    """What one run of collection gave; ``visits`` are those of accounts, without their items, in order of ending.

    ``without_source`` are the accounts that have no address to visit. ``pages`` counts the own pages of posts that were
    asked for by outcome, ``deleted`` counts posts whose deletion is proven by now, ``compared`` posts whose texts were
    compared with those of other accounts.
    """

    visits: tuple[Visit, ...]
    counts: Mapping[Outcome, int]
    new_posts: int
    revised_posts: int
    interrupted: bool
    without_source: tuple[str, ...] = ()
    pages: Mapping[Outcome, int] = field(default_factory=dict[Outcome, int])
    deleted: int = 0
    compared: int = 0


def collect(
    office: Office, account_ids: Sequence[str], *, clock: Callable[[], datetime], on_visit: OnVisit
) -> CollectReport:
    """Visit the sources of the named accounts, or of every active one where none is named.

    Then the own pages of posts whose text, time or source line no list shows are read, as far as each lane's budget
    goes, and new texts are compared with those of all accounts.
    ``on_visit`` is told of each stored visit of an account, with how many are done and how many there are. Ctrl-C ends
    the run early: what was stored stays, and the report says so. Raises RequestError for an unknown account, and
    StorageError where visits cannot be stored.
    """
    accounts = [office.account(each) for each in dict.fromkeys(account_ids)] or _active(office, clock())
    sources = _sources(office, accounts, clock())
    lane_names = {source.source_id: office.lane_of(source) for source in sources}
    keeper = _Keeper(office, len(sources), on_visit, clock)
    interrupted, compared = False, 0
    try:
        asyncio.run(keeper.run(sources, lane_names, [account.account_id for account in accounts]))
        compared = compare_new_posts(office.database)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        keeper.close()
    seen = {source.account_id for source in sources}
    return CollectReport(
        visits=tuple(keeper.visits),
        counts=Counter(visit.outcome for visit in keeper.visits),
        new_posts=keeper.new_posts,
        revised_posts=keeper.revised_posts,
        interrupted=interrupted,
        without_source=tuple(each.account_id for each in accounts if each.account_id not in seen),
        pages=keeper.pages,
        deleted=keeper.deleted,
        compared=compared,
    )


class _Keeper:
    """Stores the visits of one run, in one thread of its own so that the loop never waits for the database."""

    def __init__(self, office: Office, total: int, on_visit: OnVisit, clock: Callable[[], datetime]) -> None:
        self._office = office
        self._clock = clock
        self._total = total
        self._on_visit = on_visit
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self.visits: list[Visit] = []
        self.new_posts = 0
        self.revised_posts = 0
        self.pages: Counter[Outcome] = Counter()
        self.deleted = 0
        self._archive = None if office.evidence is None else Archive(office.evidence, office.zone)

    async def run(self, sources: Sequence[Source], lane_names: Mapping[int, str], account_ids: Sequence[str]) -> None:
        """Run the crawl, then read the pages that are due; everything is stored before its lane goes on."""
        crawl = self._office.crawl
        async with ParsePool(crawl.parse_workers, crawl.parse_timeout) as pool:
            await run.collect(
                sources,
                lanes_of(self._office, lane_names.values()),
                lane_names,
                crawl,
                on_visit=self._keep,
                on_pause=self._keep_pause,
                lane_at=partial(controlled_lane, self._office),
                clock=self._clock,
                pool=pool,
            )
            targets = due_pages(self._office, account_ids, self._clock()) if crawl.details_per_lane else {}
            await run.read_pages(
                targets,
                lanes_of(self._office, targets),
                crawl,
                on_page=self._keep_page,
                on_pause=self._keep_pause,
                clock=self._clock,
                pool=pool,
            )

    async def _keep_page(self, page: PageVisit) -> None:
        saved = await self._write(lambda: self._save_page(page))
        self.pages[page.outcome] += 1
        self.deleted += saved.deleted

    def _save_page(self, page: PageVisit) -> PageSaved:
        with self._office.database.begin() as session:
            saved = save_page(session, page, self._office.zone)
            if self._archive is not None:
                keep_page(session, self._archive, page, saved.post_id)
            return saved

    async def _keep(self, visit: Visit) -> None:
        saved = await self._write(lambda: self._save(visit))
        if visit.account_id is not None:
            kept = replace(visit, items=(), exchanges=(), visit_id=saved.visit_id)
            self.visits.append(kept)
            self.new_posts += saved.new_posts
            self.revised_posts += saved.revised_posts
            self._on_visit(kept, len(self.visits), self._total)

    def _save(self, visit: Visit) -> Saved:
        with self._office.database.begin() as session:
            saved = save_visit(session, visit, self._office.zone)
            if self._archive is not None:
                keep_visit(session, self._archive, visit, saved.visit_id)
            return saved

    async def _keep_pause(self, lane: Lane) -> None:
        if lane.paused_until is None or lane.paused_for is None:
            return
        until, outcome = lane.paused_until, lane.paused_for

        def save() -> None:
            with self._office.database.begin() as session:
                save_pause(session, lane.name, until, outcome)

        await self._write(save)

    def _write(self, work: Callable[[], T]) -> Awaitable[T]:
        """Run a write to its end even where the run is cancelled meanwhile: a visit is stored whole or not begun."""
        written = asyncio.get_running_loop().run_in_executor(self._writer, work)
        written.add_done_callback(_noticed)  # the first failure ends the run: the others need not be told as well
        return asyncio.shield(written)

    def close(self) -> None:
        """Wait for the write that is under way."""
        self._writer.shutdown(wait=True)


def _noticed(written: "asyncio.Future[T]") -> None:
    """Take note of a failure, so that the loop does not report it as one that nobody asked for."""
    if not written.cancelled():
        written.exception()


def _active(office: Office, now: datetime) -> list[Account]:
    """Return the accounts that still have a life to watch: not closed, and not past the date of their closing."""
    today = now.astimezone(office.zone).date()
    with office.database.read() as session:
        return [
            each
            for each in all_accounts(session)
            if each.state is not AccountState.CLOSED and (each.closed is None or today < each.closed)
        ]


def _sources(office: Office, accounts: Sequence[Account], now: datetime) -> list[Source]:
    """Return the sources of accounts as the office sets them, with how far back older pages of a list are wanted.

    That is to where the account is covered already, so that windows overlap, and no further than LOOK_BACK.
    """
    names = {each.account_id: (each.account_id, each.name, *each.aliases) for each in accounts}
    platforms = {each.account_id: each.platform for each in accounts}
    since = now - LOOK_BACK
    with office.database.read() as session:
        found = [office.configured(source) for source in sources_of(session, list(names))]
    for source in found:
        _refuse_unknown_kinds(source, platforms[source.account_id or ""])
    _take_views(office, found)
    with office.database.read() as session:
        covered = coverage_of(session, list(names), since, now)
    return [
        replace(
            source,
            names=names[source.account_id or ""],
            needed_from=max((span.end for span in covered[source.account_id or ""]), default=since),
        )
        for source in found
    ]


def _take_views(office: Office, found: Sequence[Source]) -> None:
    """Take back what a source has proven by another list of its page than the one that the office chooses now."""
    with office.database.begin() as session:
        changed = take_views(session, {source.source_id: view_of(source.selectors) for source in found})
        rebuild(session, changed)


def _refuse_unknown_kinds(source: Source, platform: Platform) -> None:
    """Raise a RequestError where a source is said to see a kind of post that its platform does not have."""
    if unknown := set(source.sees) - set(kinds_of(platform)):
        kinds = "、".join(kinds_of(platform))
        raise RequestError(
            f"xunjian.toml：[sources] 中 {source.account_id}（{source.url}）的 sees 写了{'、'.join(sorted(unknown))}，"
            f"{platform}的信息只分{kinds}；请改正后再采集。"
        )


def lanes_of(office: Office, names: Iterable[str]) -> dict[str, Lane]:
    """Return the lanes that are needed, with their control sources and the pauses that servers asked for."""
    configured = {lane.name: lane for lane in office.lanes}
    with office.database.read() as session:
        paused = pauses(session)
    made: dict[str, Lane] = {}
    for name in dict.fromkeys(names):
        config = configured.get(name) or LaneConfig(name=name, hosts=())
        until, cause = paused.get(name, (None, None))
        made[name] = Lane(
            name=name,
            delay=office.crawl.delay if config.delay is None else config.delay,
            control=_control(office, config),
            control_max_age=config.control_max_age,
            paused_until=until,
            paused_for=cause,
        )
    return made


def controlled_lane(office: Office, url: str) -> str | None:
    """Return the name of the lane that an address belongs to, None where that lane names no control source."""
    name = lane_of(url, office.lanes)
    return next((lane.name for lane in office.lanes if lane.name == name and lane.control is not None), None)


def _control(office: Office, config: LaneConfig) -> Source | None:
    if config.control is None:
        return None
    with office.database.begin() as session:
        return office.configured(control_source(session, config.name, config.control))
