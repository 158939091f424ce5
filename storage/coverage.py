"""Keep each account's coverage as merged spans, and read it back, also as it was known at a moment.

A proof of a source that sees only some kinds of post is kept for each of these kinds apart. What is read back holds for
posts of every kind.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Insert, Select, Table, bindparam, delete, insert, literal, or_, select
from sqlalchemy.orm import Session

from monitor.kinds import of_every_kind
from monitor.spans import Coverage, Span, clip, union
from monitor.values import Platform
from storage.models import accounts, coverage, coverage_kinds, sources, visits

_CHUNK = 500  # accounts named in one statement

_ALL = ""
"""Stands for posts of every kind among the kinds."""

# An address that the registry no longer names proves nothing: it may have been another's. Nor does what was read of
# another list of its page than the one that the office chose since.
_PROOF = (
    select(visits.c.account_id, visits.c.sees, visits.c.proof_start, visits.c.proof_end)
    .join_from(visits, sources, visits.c.source_id == sources.c.source_id)
    .where(
        visits.c.proof_start.is_not(None),
        sources.c.active,
        or_(visits.c.view.is_(None), sources.c.view.is_(None), visits.c.view == sources.c.view),
    )
)

# Made once: building a statement costs more than running it.
_PLATFORMS = select(accounts.c.account_id, accounts.c.platform)


_Spans = dict[tuple[str, str], list[Span]]
"""Spans by account and kind, that of all kinds being ``""``."""

_SPANS: Mapping[str, Select[*tuple[Any, ...]]] = {
    "coverage": select(coverage.c.account_id, literal(_ALL), coverage.c.starts_at, coverage.c.ends_at),
    "coverage_kinds": select(
        coverage_kinds.c.account_id, coverage_kinds.c.kind, coverage_kinds.c.starts_at, coverage_kinds.c.ends_at
    ),
}


class _Kept:
    """The statements that merge a proof into the spans of one table."""

    def __init__(self, table: Table) -> None:
        """Make the statements; ``coverage_kinds`` has one more column in its key."""
        named: list[ColumnElement[bool]] = [table.c.account_id == bindparam("account")]
        if table is coverage_kinds:
            named.append(table.c.kind == bindparam("of_kind"))
        self.touched: Select[*tuple[Any, ...]] = (
            select(table.c.starts_at, table.c.ends_at)
            .where(*named, table.c.starts_at <= bindparam("end"), table.c.ends_at >= bindparam("start"))
            .order_by(table.c.starts_at)
        )
        self.delete: Delete = delete(table).where(*named, table.c.starts_at.in_(bindparam("starts", expanding=True)))
        self.insert: Insert = insert(table)


_FULL, _KINDS = _Kept(coverage), _Kept(coverage_kinds)


def coverage_of(
    session: Session, account_ids: Collection[str], start: datetime, end: datetime, as_of: datetime | None = None
) -> dict[str, Coverage]:
    """Return the coverage of each account within [start, end), cut off there; nothing covered is an empty tuple.

    With ``as_of`` only what visits started by then have proven, of the sources that the registry names now.
    """
    if as_of is None:
        spans = _stored(session, account_ids, start, end)
    else:
        spans = _proven(
            session,
            visits.c.account_id.in_(account_ids),
            visits.c.started_at <= as_of,
            visits.c.proof_start < end,
            visits.c.proof_end > start,
        )
    window = Span(start, end)
    found = _of_every_kind(session, spans)
    return {account_id: clip(found.get(account_id, ()), window) for account_id in account_ids}


def spans_of(session: Session, account_id: str) -> Coverage:
    """Return an account's whole coverage."""
    spans: _Spans = {}
    for each in (coverage, coverage_kinds):
        _collect(spans, session.execute(_SPANS[each.name].where(each.c.account_id == account_id)))
    return _of_every_kind(session, spans).get(account_id, ())


def proven_before(session: Session, account_id: str, moment: datetime) -> Coverage:
    """Return the coverage that visits of an account started before ``moment`` have proven."""
    spans = _proven(session, visits.c.account_id == account_id, visits.c.started_at < moment)
    return _of_every_kind(session, spans).get(account_id, ())


def extend(session: Session, account_id: str, proof: Span, sees: Collection[str] = ()) -> None:
    """Add an active source's proof to its account's coverage: the spans that it touches give way to one.

    ``sees`` are the kinds of post that the proof is for, none for all.
    """
    if not sees:
        _merge(session, _FULL, {"account": account_id}, {"account_id": account_id}, proof)
    for kind in sorted(set(sees)):
        place = {"account_id": account_id, "kind": kind}
        _merge(session, _KINDS, {"account": account_id, "of_kind": kind}, place, proof)


def rebuild(session: Session, account_ids: Collection[str]) -> None:
    """Make the coverage of accounts anew, from what the visits to the sources that are active now have proven."""
    ids = sorted(account_ids)
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK]
        proofs = _proven(session, visits.c.account_id.in_(chunk))
        rows: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
        for (account_id, kind), found in proofs.items():
            place = {"account_id": account_id} | ({"kind": kind} if kind else {})
            rows[bool(kind)] += [place | {"starts_at": each.start, "ends_at": each.end} for each in union(found)]
        for table, kept in ((coverage, rows[False]), (coverage_kinds, rows[True])):
            session.execute(delete(table).where(table.c.account_id.in_(chunk)))
            if kept:
                session.execute(insert(table), kept)


def _stored(session: Session, account_ids: Collection[str], start: datetime, end: datetime) -> _Spans:
    spans: _Spans = {}
    for table in (coverage, coverage_kinds):
        within = (table.c.account_id.in_(account_ids), table.c.starts_at < end, table.c.ends_at > start)
        _collect(spans, session.execute(_SPANS[table.name].where(*within)))
    return spans


def _proven(session: Session, *conditions: ColumnElement[bool]) -> _Spans:
    """Return what visits have proven, of the sources that are active."""
    spans: _Spans = {}
    for account_id, sees, begins, ends in session.execute(_PROOF.where(*conditions)):
        for kind in sees or (_ALL,):
            spans.setdefault((account_id, kind), []).append(Span(begins, ends))
    return spans


def _collect(spans: _Spans, rows: Iterable[Sequence[Any]]) -> None:
    for account_id, kind, begins, ends in rows:
        spans.setdefault((account_id, kind), []).append(Span(begins, ends))


def _of_every_kind(session: Session, spans: _Spans) -> dict[str, Coverage]:
    """Return by account the spans in which posts of every kind would have been seen."""
    found = {account_id: union(given) for (account_id, kind), given in spans.items() if kind == _ALL}
    by_kind: dict[str, dict[str, Coverage]] = {}
    for (account_id, kind), given in spans.items():
        if kind != _ALL:
            by_kind.setdefault(account_id, {})[kind] = union(given)
    ids = sorted(by_kind)
    for at in range(0, len(ids), _CHUNK):
        for account_id, platform in session.execute(_PLATFORMS.where(accounts.c.account_id.in_(ids[at : at + _CHUNK]))):
            own = found.get(account_id, ())
            found[account_id] = of_every_kind(own, by_kind[account_id], Platform(platform))
    return found


def _merge(session: Session, kept: _Kept, named: Mapping[str, str], place: Mapping[str, str], proof: Span) -> None:
    rows = session.execute(kept.touched, {**named, "start": proof.start, "end": proof.end})
    touched = [Span(begins, ends) for begins, ends in rows]
    (merged,) = union([proof, *touched])
    if touched == [merged]:
        return
    if touched:
        session.execute(kept.delete, {**named, "starts": [each.start for each in touched]})
    session.execute(kept.insert, {**place, "starts_at": merged.start, "ends_at": merged.end})
