"""Read what is known of the visits and posts of many sources at once, with a few statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, literal, select
from sqlalchemy.orm import Session

from monitor.visits import Outcome
from storage.columns import EPOCH, Moment
from storage.models import posts, sources, visits

_NEWEST = 12  # visits of a source that are looked at
_TIMED = 3  # visits whose middle duration is the source's: a jump of the clock during one does not count
_CHUNK = 500  # sources named in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHistory:
    """What the visits of a source and the posts of its account tell. ``outcomes`` are newest first, at most 12.

    ``window`` is how many items its newest list had (0: not known), ``duration`` how long its visits take,
    ``published`` the times that the account's posts state, ascending. ``proven_until`` is where the proof of its newest
    visit ends, None where that proves nothing. Times are UTC.
    """

    source_id: int
    account_id: str
    lane_url: str
    kind: str
    visited_at: datetime | None
    outcomes: tuple[Outcome, ...]
    window: int
    duration: timedelta
    published: tuple[datetime, ...]
    proven_until: datetime | None = None


def knowledge_of(
    session: Session, source_ids: Collection[int], since: datetime, until: datetime | None = None
) -> dict[int, SourceHistory]:
    """Return the histories of sources of accounts, with the posts that their accounts published since ``since``.

    What is of a later moment than ``until`` is left out: the clock has been set back since.
    A source that was never read, or is read in another way from now on, has no visits.
    """
    found: dict[int, SourceHistory] = {}
    ids = sorted(source_ids)
    for at in range(0, len(ids), _CHUNK):
        found |= _histories(session, ids[at : at + _CHUNK], since, until)
    return found


def _histories(session: Session, ids: list[int], since: datetime, until: datetime | None) -> dict[int, SourceHistory]:
    rows = session.execute(
        select(*(sources.c[name] for name in ("source_id", "account_id", "url", "kind", "visited_at", "item_count")))
        .where(sources.c.source_id.in_(ids), sources.c.account_id.is_not(None))
        .order_by(sources.c.source_id)
    ).all()
    newest = _newest(session, [row.source_id for row in rows if row.visited_at is not None], until)
    published = _published(session, {row.account_id for row in rows}, since, until)
    return {
        row.source_id: _history(row, newest.get(row.source_id, []), tuple(published.get(row.account_id, ())))
        for row in rows
    }


def _newest(session: Session, ids: list[int], until: datetime | None) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """Return the newest visits of each source, newest first.

    The moment of the last that counts is looked up in the index, source by source, so that a year of visits costs no
    more than a day of them.
    """
    older = visits.alias()
    last = select(older.c.started_at).where(older.c.source_id == sources.c.source_id)
    if until is not None:
        last = last.where(older.c.started_at <= until)
    last = last.order_by(older.c.started_at.desc()).offset(_NEWEST - 1).limit(1)
    bound = func.coalesce(last.scalar_subquery(), literal(EPOCH, Moment()))
    statement = (
        select(
            visits.c.source_id,
            visits.c.started_at,
            visits.c.ended_at,
            visits.c.outcome,
            visits.c.item_count,
            visits.c.proof_end,
        )
        .select_from(sources)
        .join(visits, visits.c.source_id == sources.c.source_id)
        .where(sources.c.source_id.in_(ids), visits.c.started_at >= bound)
        .order_by(visits.c.source_id, visits.c.started_at.desc(), visits.c.visit_id.desc())
    )
    if until is not None:
        statement = statement.where(visits.c.started_at <= until)
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in session.execute(statement):
        found.setdefault(row.source_id, []).append(row)
    return {source_id: rows[:_NEWEST] for source_id, rows in found.items()}


def _published(
    session: Session, account_ids: Collection[str], since: datetime, until: datetime | None
) -> dict[str, list[datetime]]:
    statement = (
        select(posts.c.account_id, posts.c.published_at)
        .where(posts.c.account_id.in_(account_ids), posts.c.published_at >= since)
        .order_by(posts.c.account_id, posts.c.published_at)
    )
    if until is not None:
        statement = statement.where(posts.c.published_at <= until)
    found: dict[str, list[datetime]] = {}
    for account_id, published_at in session.execute(statement):
        found.setdefault(account_id, []).append(published_at)
    return found


def _history(
    row: Row[*tuple[Any, ...]], newest: list[Row[*tuple[Any, ...]]], published: tuple[datetime, ...]
) -> SourceHistory:
    taken = sorted(max(each.ended_at - each.started_at, timedelta(0)) for each in newest[:_TIMED])
    return SourceHistory(
        source_id=row.source_id,
        account_id=row.account_id,
        lane_url=row.url,
        kind=row.kind,
        visited_at=newest[0].started_at if newest else None,
        outcomes=tuple(Outcome(each.outcome) for each in newest),
        window=row.item_count or next((each.item_count for each in newest if each.item_count), 0),
        duration=taken[len(taken) // 2] if taken else timedelta(0),
        published=published,
        proven_until=newest[0].proof_end if newest else None,
    )
