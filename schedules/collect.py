"""Visit the sources of accounts now, all lanes side by side, and keep what they showed."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.visits import Outcome, Visit
from schedules.batch import BatchReport, Room, collect_batch, read_batch
from schedules.compare import compare_new_posts
from schedules.details import due_pages
from schedules.office import Office
from schedules.targets import active_accounts, sources_of_accounts
from storage.sources import sources_of

OnVisit = Callable[[Visit, int, int], None]


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
    accounts = [office.account(each) for each in dict.fromkeys(account_ids)] or active_accounts(office, clock())
    by_lane: dict[str, list[int]] = {}
    seen: set[str | None] = set()
    for source in sources_of_accounts(office, accounts):
        by_lane.setdefault(office.lane_of(source), []).append(source.source_id)
        seen.add(source.account_id)
    spares = _spares(office, by_lane) if account_ids else {}
    run = _Run(sum(map(len, by_lane.values())), on_visit, spares)
    interrupted, compared = False, 0
    try:
        asyncio.run(run.through(office, by_lane, [account.account_id for account in accounts], clock))
        compared = compare_new_posts(office.database)
    except KeyboardInterrupt:
        interrupted = True
    given = run.report
    return CollectReport(
        visits=tuple(given.visits),
        counts=Counter(visit.outcome for visit in given.visits),
        new_posts=given.new_posts,
        revised_posts=given.revised_posts,
        interrupted=interrupted,
        without_source=tuple(each.account_id for each in accounts if each.account_id not in seen),
        pages=given.pages,
        deleted=given.deleted,
        compared=compared,
    )


class _Run:
    """One run over all lanes, and what it gave so far."""

    def __init__(self, total: int, on_visit: OnVisit, spares: Mapping[str, int]) -> None:
        self._total = total
        self._spares = spares
        self._on_visit = on_visit
        self.report = BatchReport()

    async def through(
        self,
        office: Office,
        by_lane: Mapping[str, Sequence[int]],
        account_ids: Sequence[str],
        clock: Callable[[], datetime],
    ) -> None:
        """Visit the sources, then read the pages that are due; everything is stored before its lane goes on."""
        into = self.report
        async with Room(office, clock, on_visit=self._tell) as room:
            await _side_by_side(
                collect_batch(room, lane, ids, spare=self._spares.get(lane), into=into) for lane, ids in by_lane.items()
            )
            targets = due_pages(office, account_ids, clock()) if office.crawl.details_per_lane else {}
            await _side_by_side(read_batch(room, lane, some, into=into) for lane, some in targets.items())

    def _tell(self, visit: Visit) -> None:
        self._on_visit(visit, len(self.report.visits), self._total)


def _spares(office: Office, by_lane: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Return by lane another source than those that are visited, the one that answered well last."""
    found: dict[str, tuple[datetime, int]] = {}
    with office.database.read() as session:
        known = sources_of(session)
    for each in known:
        lane, answered_at = office.lane_of(each), each.memory.full_at
        if answered_at is not None and lane in by_lane and each.source_id not in by_lane[lane]:
            found[lane] = max(found.get(lane, (answered_at, each.source_id)), (answered_at, each.source_id))
    return {lane: source_id for lane, (_, source_id) in found.items()}


async def _side_by_side(batches: Iterable[Coroutine[Any, Any, BatchReport]]) -> None:
    """Run batches at once; the first error ends them all."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for each in batches:
                tasks.create_task(each)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
