"""Read how things stand for a person's look at the whole: sources in trouble, addresses, reminders, size on disk."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, select, text
from sqlalchemy.orm import Session

from monitor.visits import PROVING, Outcome
from storage.columns import EPOCH, Moment
from storage.living import living
from storage.models import accounts, sources, visits
from storage.running_models import plans, reminders

_GOOD = tuple(sorted(each.value for each in PROVING))
_LOOKED_AT = 100  # sources in trouble, those with the most failures: of a lane of thousands that is down, some will do
_NOT_ITS_FAULT = (*_GOOD, Outcome.LOCAL_OUTAGE.value)

# Made once: building a statement costs more than running it.
_OF_SOURCE = visits.c.source_id == bindparam("source")
_GOOD_AT = (
    select(visits.c.started_at)
    .where(_OF_SOURCE, visits.c.outcome.in_(_GOOD))
    .order_by(visits.c.started_at.desc())
    .limit(1)
)
_FAILED = and_(_OF_SOURCE, visits.c.started_at > bindparam("good_at"), visits.c.outcome.not_in(_NOT_ITS_FAULT))
_FAILURES = select(func.min(visits.c.started_at, type_=Moment()), func.count()).where(_FAILED)
_LAST = select(visits.c.outcome, visits.c.reason).where(_FAILED).order_by(visits.c.started_at.desc()).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source whose newest visit did not succeed: since when, how many in a row; ``next_at`` None: not planned."""

    source_id: int
    account_id: str
    account_name: str
    url: str
    outcome: Outcome
    reason: str
    since: datetime
    failures: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlace:
    """Where a source is asked for, to tell its lane."""

    url: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedAccount:
    """An account that still lives, and whether any address is known for it."""

    account_id: str
    name: str
    has_source: bool


def troubles(session: Session, today: date, limit: int) -> tuple[int, list[Trouble]]:
    """Return how many sources are in trouble, and those that are the longest among the worst of them."""
    newest = and_(visits.c.source_id == sources.c.source_id, visits.c.started_at == sources.c.visited_at)
    bad = (
        select(sources.c.source_id)
        .join(visits, newest)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .where(_watched(today), visits.c.outcome.not_in(_NOT_ITS_FAULT))
        .distinct()
        .subquery()
    )
    found = (
        select(sources.c.source_id, sources.c.account_id, accounts.c.name, sources.c.url, plans.c.due_at)
        .join(bad, bad.c.source_id == sources.c.source_id)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .outerjoin(plans, plans.c.source_id == sources.c.source_id)
        .order_by(func.coalesce(plans.c.failures, 0).desc(), accounts.c.position, sources.c.source_id)
        .limit(max(limit, _LOOKED_AT))
    )
    count = session.scalar(select(func.count()).select_from(bad)) or 0
    told = [trouble for row in session.execute(found).all() if (trouble := _trouble(session, row)) is not None]
    return count, sorted(told, key=lambda each: each.since)[:limit]


def source_places(session: Session, today: date) -> list[SourcePlace]:
    """Return the address of every source that is visited."""
    statement = (
        select(sources.c.url, sources.c.kind)
        .join(accounts, accounts.c.account_id == sources.c.account_id)
        .where(_watched(today))
    )
    return [SourcePlace(url=url, kind=kind) for url, kind in session.execute(statement)]


def watched_accounts(session: Session, today: date) -> list[WatchedAccount]:
    """Return the accounts that still live on ``today``, in the order of the registry."""
    known = set(session.scalars(select(sources.c.account_id).where(sources.c.active).distinct()))
    statement = select(accounts.c.account_id, accounts.c.name).where(living(today)).order_by(accounts.c.position)
    return [
        WatchedAccount(account_id=account_id, name=name, has_source=account_id in known)
        for account_id, name in session.execute(statement)
    ]


def reminder_counts(session: Session, since: datetime) -> tuple[int, int]:
    """Return how many reminders were made since then, and how many of these a channel took."""
    counts = select(func.count(), func.count(reminders.c.sent_at)).where(reminders.c.made_at >= since)
    made, sent = session.execute(counts).one()
    return made, sent


def server_bytes(session: Session) -> int:
    """Return the size of a database on PostgreSQL's server."""
    return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _trouble(session: Session, row: Row[*tuple[Any, ...]]) -> Trouble | None:
    """Return since when a source is in trouble, None where a visit that was just stored has ended it."""
    place = {"source": row.source_id}
    good_at = session.scalar(_GOOD_AT, place) or EPOCH
    first, count = session.execute(_FAILURES, place | {"good_at": good_at}).one()
    last = session.execute(_LAST, place | {"good_at": good_at}).first()
    if last is None:
        return None
    return Trouble(
        source_id=row.source_id,
        account_id=row.account_id,
        account_name=row.name,
        url=row.url,
        outcome=Outcome(last.outcome),
        reason=last.reason,
        since=first,
        failures=count,
        next_at=row.due_at,
    )


def _watched(today: date) -> ColumnElement[bool]:
    """Active sources of accounts that are not closed."""
    return and_(sources.c.active, living(today))
