"""Read what went wrong in a stretch of time, for what the office is told of it by day and by week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from monitor.visits import PROVING, Outcome
from storage.columns import Moment
from storage.models import sources, visits
from storage.running_models import messages

_CHUNK = 500  # accounts named in one statement
_GOOD = tuple(sorted(each.value for each in PROVING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """How many visits could not be made because we were offline ourselves, and between which moments (UTC)."""

    visits: int
    first: datetime
    last: datetime


def attempted_since(session: Session, account_ids: Collection[str], since: datetime) -> set[str]:
    """Return the accounts that were visited since then, with whatever came of it but an outage of our own."""
    return _visited(session, account_ids, since, visits.c.outcome != Outcome.LOCAL_OUTAGE.value)


def seen_since(session: Session, account_ids: Collection[str], since: datetime) -> set[str]:
    """Return the accounts of which a visit succeeded since then."""
    return _visited(session, account_ids, since, visits.c.outcome.in_(_GOOD))


def outcomes_since(session: Session, since: datetime) -> dict[Outcome, int]:
    """Return how many visits to the sources of accounts that are active now came to what since then."""
    counted = (
        select(visits.c.outcome, func.count())
        .join_from(sources, visits, visits.c.source_id == sources.c.source_id)
        .where(sources.c.active, sources.c.account_id.is_not(None), visits.c.started_at >= since)
        .group_by(visits.c.outcome)
    )
    return {Outcome(outcome): count for outcome, count in session.execute(counted)}


def own_outage(session: Session, since: datetime) -> Outage | None:
    """Return what an outage of our own prevented since then, None where there was none."""
    found = (
        select(
            func.count(), func.min(visits.c.started_at, type_=Moment()), func.max(visits.c.started_at, type_=Moment())
        )
        .join_from(sources, visits, visits.c.source_id == sources.c.source_id)
        .where(visits.c.started_at >= since, visits.c.outcome == Outcome.LOCAL_OUTAGE.value)
    )
    count, first, last = session.execute(found).one()
    return Outage(visits=count, first=first, last=last) if count else None


def was_told(session: Session, kind: str, channel: str, since: datetime) -> bool:
    """Say whether a message of a kind was made for a channel since then."""
    made = select(messages.c.message_id).where(
        messages.c.made_at >= since, messages.c.kind == kind, messages.c.channel == channel
    )
    return session.scalar(made.limit(1)) is not None


def last_told(session: Session, kind: str, before: datetime) -> datetime | None:
    """Return when the last message of a kind was made before then, None where none was."""
    made = select(messages.c.made_at).where(messages.c.made_at < before, messages.c.kind == kind)
    return session.scalar(made.order_by(messages.c.made_at.desc()).limit(1))


def _visited(
    session: Session, account_ids: Collection[str], since: datetime, condition: ColumnElement[bool]
) -> set[str]:
    ids = sorted(account_ids)
    found: set[str] = set()
    for at in range(0, len(ids), _CHUNK):
        chunk = visits.c.account_id.in_(ids[at : at + _CHUNK])
        rows = session.scalars(
            select(visits.c.account_id).where(chunk, visits.c.started_at >= since, condition).distinct()
        )
        found |= set(rows)
    return found
