"""Keep each account's coverage as merged spans, and read it back, also as it was known at a moment."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from monitor.spans import Coverage, Span, clip, union
from storage.models import coverage, sources, visits

_CHUNK = 500  # accounts named in one statement

# An address that the registry no longer names proves nothing: it may have been another's.
_PROOF = (
    select(visits.c.account_id, visits.c.proof_start, visits.c.proof_end)
    .join_from(visits, sources, visits.c.source_id == sources.c.source_id)
    .where(visits.c.proof_start.is_not(None), sources.c.active)
)

# Made once: building a statement costs more than running it.
_ACCOUNT = coverage.c.account_id == bindparam("account")
_WHOLE = select(coverage.c.starts_at, coverage.c.ends_at).where(_ACCOUNT).order_by(coverage.c.starts_at)
_TOUCHED = _WHOLE.where(coverage.c.starts_at <= bindparam("end"), coverage.c.ends_at >= bindparam("start"))
_DELETE = delete(coverage).where(_ACCOUNT, coverage.c.starts_at.in_(bindparam("starts", expanding=True)))
_INSERT = insert(coverage)


def coverage_of(
    session: Session, account_ids: Collection[str], start: datetime, end: datetime, as_of: datetime | None = None
) -> dict[str, Coverage]:
    """Return the coverage of each account within [start, end), cut off there; nothing covered is an empty tuple.

    With ``as_of`` only what visits started by then have proven, of the sources that the registry names now.
    """
    if as_of is None:
        statement = select(coverage.c.account_id, coverage.c.starts_at, coverage.c.ends_at).where(
            coverage.c.account_id.in_(account_ids), *_touching(coverage.c.starts_at, coverage.c.ends_at, start, end)
        )
    else:
        statement = _PROOF.where(
            visits.c.account_id.in_(account_ids),
            visits.c.started_at <= as_of,
            *_touching(visits.c.proof_start, visits.c.proof_end, start, end),
        )
    spans: dict[str, list[Span]] = {account_id: [] for account_id in account_ids}
    for account_id, begins, ends in session.execute(statement):
        spans[account_id].append(Span(begins, ends))
    window = Span(start, end)
    return {account_id: clip(union(found), window) for account_id, found in spans.items()}


def spans_of(session: Session, account_id: str) -> Coverage:
    """Return an account's whole coverage."""
    rows = session.execute(_WHOLE, {"account": account_id})
    return tuple(Span(begins, ends) for begins, ends in rows)


def proven_before(session: Session, account_id: str, moment: datetime) -> Coverage:
    """Return the coverage that visits of an account started before ``moment`` have proven."""
    rows = session.execute(_PROOF.where(visits.c.account_id == account_id, visits.c.started_at < moment))
    return union(Span(begins, ends) for _, begins, ends in rows)


def extend(session: Session, account_id: str, proof: Span) -> None:
    """Add an active source's proof to its account's coverage: the spans that it touches give way to one."""
    touched = [
        Span(begins, ends)
        for begins, ends in session.execute(_TOUCHED, {"account": account_id, "start": proof.start, "end": proof.end})
    ]
    (merged,) = union([proof, *touched])
    if touched == [merged]:
        return
    if touched:
        session.execute(_DELETE, {"account": account_id, "starts": [each.start for each in touched]})
    session.execute(_INSERT, {"account_id": account_id, "starts_at": merged.start, "ends_at": merged.end})


def rebuild(session: Session, account_ids: Collection[str]) -> None:
    """Make the coverage of accounts anew, from what the visits to the sources that are active now have proven."""
    ids = sorted(account_ids)
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK]
        proofs: dict[str, list[Span]] = {}
        for account_id, begins, ends in session.execute(_PROOF.where(visits.c.account_id.in_(chunk))):
            proofs.setdefault(account_id, []).append(Span(begins, ends))
        session.execute(delete(coverage).where(coverage.c.account_id.in_(chunk)))
        rows = [
            {"account_id": account_id, "starts_at": each.start, "ends_at": each.end}
            for account_id, found in proofs.items()
            for each in union(found)
        ]
        if rows:
            session.execute(_INSERT, rows)


def _touching(
    begins: ColumnElement[datetime], ends: ColumnElement[datetime], start: datetime, end: datetime
) -> Iterable[ColumnElement[bool]]:
    return begins < end, ends > start
