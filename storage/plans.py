"""Keep when each source is to be visited next, and read what planning needs to know of many sources at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from monitor.cadence import Plan, Why
from monitor.visits import Outcome
from storage.histories import SourceHistory, knowledge_of
from storage.living import living
from storage.models import accounts, sources, visits
from storage.running_models import plans

__all__ = [
    "Backlog",
    "Due",
    "SourceHistory",
    "backlog",
    "cut_off_sources",
    "due_sources",
    "forget_plans",
    "hasten",
    "knowledge_of",
    "save_plans",
    "source_states",
    "unplanned",
    "unvisited_since",
    "watched_sources",
]

_CHUNK = 500  # sources named in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A source whose visit is due since ``due_at`` and should be made by ``latest`` (UTC); ``why`` says what for."""

    source_id: int
    account_id: str
    url: str
    kind: str
    due_at: datetime
    latest: datetime
    why: Why
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many sources are due now, and since when the oldest of them; how many have a plan, how many wait for one."""

    due: int
    oldest: datetime | None
    planned: int
    unplanned: int


def save_plans(session: Session, given: Mapping[int, Plan], planned_at: datetime) -> None:
    """Keep the plans of sources in place of earlier ones; ``planned_at`` is the moment of what they rest on."""
    ids = sorted(given)
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK]
        session.execute(delete(plans).where(plans.c.source_id.in_(chunk)))
        rows = [
            {
                "source_id": source_id,
                "due_at": given[source_id].due_at,
                "latest": given[source_id].latest,
                "why": given[source_id].why.value,
                "failures": given[source_id].failures,
                "planned_at": planned_at,
            }
            for source_id in chunk
        ]
        session.execute(insert(plans), rows)


def due_sources(session: Session, now: datetime, limit: int | None = None, *, today: date | None = None) -> list[Due]:
    """Return the sources that are due at ``now``, those with the least time left first.

    Only active sources of accounts that still live on ``today``, the office's day (None: that of ``now`` in UTC), and
    none that was visited since it was planned.
    """
    statement = (
        select(
            *(sources.c.source_id, sources.c.account_id, sources.c.url, sources.c.kind),
            *(plans.c.due_at, plans.c.latest, plans.c.why, plans.c.failures),
        )
        .select_from(plans)
        .join(sources, sources.c.source_id == plans.c.source_id)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .where(plans.c.due_at <= now, _watched(today or now.date()), not_(_void(now)))
        .order_by(plans.c.latest, plans.c.source_id)
        .limit(limit)
    )
    return [
        Due(
            source_id=row.source_id,
            account_id=row.account_id,
            url=row.url,
            kind=row.kind,
            due_at=row.due_at,
            latest=row.latest,
            why=Why(row.why),
            failures=row.failures,
        )
        for row in session.execute(statement)
    ]


def unplanned(session: Session, now: datetime, *, today: date | None = None) -> list[int]:
    """Return the sources that are to be planned (anew), in their order.

    They have no plan, or were visited since it was made, by whatever program; or the plan, or the visit that it rests
    on, is of a later moment than ``now``, because the clock has been set back. ``today`` as in ``due_sources``.
    """
    statement = _planless(select(sources.c.source_id), now, today or now.date()).order_by(sources.c.source_id)
    return list(session.scalars(statement))


def watched_sources(session: Session, *, today: date) -> list[int]:
    """Return all sources that are to be visited, in their order; ``today`` as in ``due_sources``."""
    statement = (
        select(sources.c.source_id)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .where(_watched(today))
        .order_by(sources.c.source_id)
    )
    return list(session.scalars(statement))


def source_states(session: Session, *, today: date) -> dict[str, int]:
    """Return how many planned sources are ``well`` and how many ``failing``; ``today`` as in ``due_sources``."""
    failing = func.count().filter(plans.c.failures > 0)
    statement = (
        select(failing, func.count())
        .select_from(plans)
        .join(sources, sources.c.source_id == plans.c.source_id)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .where(_watched(today))
    )
    bad, count = session.execute(statement).one()
    return {"well": count - bad, "failing": bad}


def backlog(session: Session, now: datetime, *, today: date | None = None) -> Backlog:
    """Return how far the visits are behind their plans at ``now``; ``today`` as in ``due_sources``."""
    day = today or now.date()
    watched = (
        select(func.count(), func.min(plans.c.due_at))
        .select_from(plans)
        .join(sources, sources.c.source_id == plans.c.source_id)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .where(_watched(day))
    )
    due, oldest = session.execute(watched.where(plans.c.due_at <= now)).one()
    planned, _ = session.execute(watched).one()
    missing = session.scalar(_planless(select(func.count()), now, day))
    return Backlog(due=due, oldest=oldest, planned=planned, unplanned=missing or 0)


def unvisited_since(session: Session, moment: datetime, *, today: date) -> int:
    """Return how many sources were not visited at ``moment`` or later; ``today`` as above.

    Whatever came of it is a visit, except that we were offline ourselves.
    """
    statement = (
        select(sources.c.source_id, sources.c.visited_at)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .where(_watched(today))
    )
    cut_off = cut_off_sources(session)
    return sum(
        visited_at is None or visited_at < moment or source_id in cut_off
        for source_id, visited_at in session.execute(statement)
    )


def cut_off_sources(session: Session) -> set[int]:
    """Return the sources whose newest visit found that this machine was offline."""
    newest = and_(visits.c.source_id == sources.c.source_id, visits.c.started_at == sources.c.visited_at)
    statement = select(sources.c.source_id).join(visits, newest).where(visits.c.outcome == Outcome.LOCAL_OUTAGE.value)
    return set(session.scalars(statement))


def hasten(session: Session, source_ids: Collection[int], at: datetime) -> None:
    """Make sources due at ``at`` that were planned for later."""
    ids = sorted(source_ids)
    for start in range(0, len(ids), _CHUNK):
        some = plans.c.source_id.in_(ids[start : start + _CHUNK])
        session.execute(update(plans).where(some, plans.c.due_at > at).values(due_at=at))


def forget_plans(session: Session, source_ids: Collection[int]) -> None:
    """Drop the plans of sources, so that they are planned anew: what the plans rested on counts no more."""
    ids = sorted(source_ids)
    for at in range(0, len(ids), _CHUNK):
        session.execute(delete(plans).where(plans.c.source_id.in_(ids[at : at + _CHUNK])))


def _watched(today: date) -> ColumnElement[bool]:
    """Active sources of accounts that still live."""
    return and_(sources.c.active, living(today))


def _void(now: datetime) -> ColumnElement[bool]:
    """Plans whose source was visited since they were made; a visit of the future was made by a wrong clock."""
    return and_(
        sources.c.visited_at.is_not(None), sources.c.visited_at > plans.c.planned_at, sources.c.visited_at <= now
    )


def _planless(what: Select[int], now: datetime, today: date) -> Select[int]:
    visited_since = _void(now)
    return (
        what.select_from(sources)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .outerjoin(plans, plans.c.source_id == sources.c.source_id)
        .where(_watched(today), or_(plans.c.source_id.is_(None), plans.c.planned_at > now, visited_since))
    )
