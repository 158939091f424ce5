"""Store a visit with everything that follows from it, and read visits back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from monitor.spans import Span
from monitor.visits import Memory, Outcome, Visit
from storage.coverage import extend
from storage.models import sources, visits
from storage.sightings import Sighting
from storage.sources import FORGOTTEN
from storage.texts import storable
from storage.turns import take_turns

_COLUMNS = [column for column in visits.c if column.name not in {"proof_start", "proof_end", "warnings", "sees"}]

_SET_BACK = timedelta(hours=6)  # no visit is stored so late

# Made once: building a statement costs more than running it.
_INSERT = insert(visits).returning(visits.c.visit_id)
_ACTIVE = select(sources.c.active).where(sources.c.source_id == bindparam("source"))
_REMEMBER = (
    update(sources)
    .where(
        sources.c.source_id == bindparam("of_source"),
        or_(
            sources.c.visited_at.is_(None),
            sources.c.visited_at <= bindparam("visited_at"),
            sources.c.visited_at > bindparam("set_back"),
        ),
    )
    .values({name: bindparam(name) for name in FORGOTTEN})
)


_NOT_REACHED = (Outcome.DNS, Outcome.REFUSED, Outcome.TIMEOUT, Outcome.TLS)
"""What an attempt comes to that may have failed on our side of the network."""

_CHUNK = 500  # visits named in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What storing a visit came to."""

    visit_id: int
    new_posts: int = 0
    revised_posts: int = 0


def save_visit(session: Session, visit: Visit, zone: tzinfo) -> Saved:
    """Store a visit, its posts, its proof and its source's memory, all in the session's transaction.

    Posts are those of the account, across all of its sources, first seen when the visit started. ``zone`` is the
    office's; it tells which day a restated time is on. A visit without an account (to a lane's control source) stores
    no posts and no coverage.
    """
    if visit.account_id is not None:
        take_turns(session, visit.account_id)
    visit_id = _insert(session, visit)
    _remember(session, visit)
    if visit.account_id is None:
        return Saved(visit_id=visit_id)
    new, revised = 0, 0
    if visit.items:
        new, revised = Sighting(session, visit_id, visit, visit.account_id, zone).save(visit.items)
    # The registry may have given up the address while it was being read.
    if visit.proof is not None and session.scalar(_ACTIVE, {"source": visit.source_id}):
        extend(session, visit.account_id, visit.proof, visit.sees)
    return Saved(visit_id=visit_id, new_posts=new, revised_posts=revised)


def visits_between(
    session: Session, account_ids: Collection[str], start: datetime, end: datetime, as_of: datetime | None = None
) -> dict[str, list[Visit]]:
    """Return each account's visits started in [start, end), in order, without items, memory, answers and account name.

    With ``as_of`` none that started after it.
    """
    statement = (
        select(*_COLUMNS, visits.c.proof_start, visits.c.proof_end, visits.c.warnings, visits.c.sees)
        .where(visits.c.account_id.in_(account_ids), visits.c.started_at >= start, visits.c.started_at < end)
        .order_by(visits.c.account_id, visits.c.started_at, visits.c.visit_id)
    )
    if as_of is not None:
        statement = statement.where(visits.c.started_at <= as_of)
    found: dict[str, list[Visit]] = {account_id: [] for account_id in account_ids}
    for row in session.execute(statement).mappings():
        visit = _visit(row)
        if visit.account_id is not None:
            found[visit.account_id].append(visit)
    return found


def visits_at(session: Session, given: Collection[tuple[int, datetime]]) -> list[int]:
    """Return the numbers of the visits of sources that started at these moments; what is not stored is left out."""
    wanted = sorted(given)
    found: list[int] = []
    for at in range(0, len(wanted), _CHUNK):
        chunk = set(wanted[at : at + _CHUNK])
        rows = session.execute(
            select(visits.c.visit_id, visits.c.source_id, visits.c.started_at).where(
                visits.c.source_id.in_({source_id for source_id, _ in chunk}),
                visits.c.started_at.in_({moment for _, moment in chunk}),
            )
        )
        found += [visit_id for visit_id, source_id, moment in rows if (source_id, moment) in chunk]
    return sorted(found)


def say_local_outage(session: Session, visit_ids: Collection[int], reason: str) -> int:
    """Put down visits to an outage of our own network (``reason``: one sentence), and return how many they were.

    Only attempts that got no answer are rewritten: what a server has said stays, and so does what a visit proves.
    """
    changed = 0
    ids = sorted(visit_ids)
    for at in range(0, len(ids), _CHUNK):
        statement = (
            update(visits)
            .where(
                visits.c.visit_id.in_(ids[at : at + _CHUNK]),
                visits.c.outcome.in_([each.value for each in _NOT_REACHED]),
                visits.c.proof_start.is_(None),
            )
            .values(outcome=Outcome.LOCAL_OUTAGE.value, reason=storable(reason))
            .returning(visits.c.visit_id)
        )
        changed += len(session.scalars(statement).all())
    return changed


def _insert(session: Session, visit: Visit) -> int:
    visit_id = session.execute(
        _INSERT,
        {
            "source_id": visit.source_id,
            "account_id": visit.account_id,
            "url": visit.url,
            "lane": visit.lane,
            "started_at": visit.started_at,
            "ended_at": visit.ended_at,
            "outcome": visit.outcome.value,
            "reason": storable(visit.reason),
            "status": visit.status,
            "final_url": storable(visit.final_url),
            "etag": _storable(visit.etag),
            "last_modified": _storable(visit.last_modified),
            "body_hash": visit.body_hash,
            "item_count": visit.item_count,
            "undated_count": visit.undated_count,
            "oldest": visit.oldest,
            "newest": visit.newest,
            "reach": visit.reach,
            "proof_start": None if visit.proof is None else visit.proof.start,
            "proof_end": None if visit.proof is None else visit.proof.end,
            "warnings": [storable(each) for each in visit.warnings] or None,
            "sees": list(visit.sees) or None,
            "view": visit.view,
        },
    ).scalar_one()
    return int(visit_id)


def _remember(session: Session, visit: Visit) -> None:
    """Keep what the visit says to remember of its source, unless a later visit has already said.

    One that lies far ahead of this visit's end was made before the clock was set back.
    """
    memory = visit.memory
    session.execute(
        _REMEMBER,
        {
            "of_source": visit.source_id,
            "visited_at": visit.started_at,
            "set_back": visit.ended_at + _SET_BACK,
            "etag": _storable(memory.etag),
            "last_modified": _storable(memory.last_modified),
            "full_at": memory.full_at,
            "body_hash": memory.body_hash,
            "reach": memory.reach,
            "oldest": memory.oldest,
            "newest": memory.newest,
            "item_count": memory.item_count,
            "clock_bound": memory.clock_bound,
            "moved_to": _storable(memory.moved_to),
            "read_as": _storable(memory.read_as),
        },
    )


def _visit(row: RowMapping) -> Visit:
    values: dict[str, Any] = dict(row)
    start, end, warnings = values.pop("proof_start"), values.pop("proof_end"), values.pop("warnings")
    outcome, sees, view = Outcome(values.pop("outcome")), values.pop("sees"), values.pop("view")
    return Visit(
        **values,
        outcome=outcome,
        proof=None if start is None else Span(start, end),
        warnings=tuple(warnings or ()),
        sees=tuple(sees or ()),
        view=view or "",
        memory=Memory(),
    )


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)
