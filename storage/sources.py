"""Read the sources that are to be visited, with what is remembered of them; keep a lane's control source."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from monitor.values import SourceAddress
from monitor.visits import Memory, Source
from storage.models import accounts, sources
from storage.plans import forget_plans
from storage.texts import storable_key

FORGOTTEN: Mapping[str, Any] = {
    "visited_at": None,
    "etag": None,
    "last_modified": None,
    "full_at": None,
    "body_hash": None,
    "reach": None,
    "oldest": None,
    "newest": None,
    "item_count": 0,
    "clock_bound": False,
    "moved_to": None,
    "read_as": None,
}
"""The memory of a source that was never visited, or is read in another way from now on."""

_CHUNK = 500  # accounts named in one statement

_REMEMBERED = [sources.c[name] for name in FORGOTTEN if name != "visited_at"]
_COLUMNS = [sources.c.source_id, sources.c.account_id, sources.c.url, sources.c.kind, *_REMEMBERED]


def sources_of(session: Session, account_ids: Collection[str] | None = None) -> list[Source]:
    """Return the active sources of the named accounts (None: of all), in the order of the registry."""
    statement = (
        select(*_COLUMNS)
        .join_from(sources, accounts, sources.c.account_id == accounts.c.account_id)
        .where(sources.c.active)
        .order_by(accounts.c.position, sources.c.position, sources.c.source_id)
    )
    if account_ids is not None:
        statement = statement.where(accounts.c.account_id.in_(account_ids))
    return [_source(row) for row in session.execute(statement)]


def sources_by_id(
    session: Session, source_ids: Sequence[int], visited: tuple[datetime, datetime] | None = None
) -> list[Source]:
    """Return the active sources of accounts among these ids, in no order that counts.

    Those whose newest visit lies after the first and not after the second moment of ``visited`` are left out.
    """
    found: list[Source] = []
    for at in range(0, len(source_ids), _CHUNK):
        statement = select(*_COLUMNS).where(
            sources.c.source_id.in_(source_ids[at : at + _CHUNK]), sources.c.active, sources.c.account_id.is_not(None)
        )
        if visited is not None:
            after, until = visited
            at_other_times = or_(sources.c.visited_at <= after, sources.c.visited_at > until)
            statement = statement.where(or_(sources.c.visited_at.is_(None), at_other_times))
        found += [_source(row) for row in session.execute(statement)]
    return found


def control_source(session: Session, lane: str, address: SourceAddress) -> Source:
    """Return a lane's control source, making it on first use; an earlier one with another address rests."""
    session.execute(update(sources).where(sources.c.lane == lane, sources.c.url != address.url).values(active=False))
    statement = select(*_COLUMNS).where(sources.c.lane == lane, sources.c.url == address.url)
    row = session.execute(statement).first()
    if row is None:
        values = {
            **FORGOTTEN,
            "lane": lane,
            "url": address.url,
            "kind": address.kind,
            "position": 0,
            "active": True,
        }
        session.execute(insert(sources), values)
    else:
        changed = {} if row.kind == address.kind else {**FORGOTTEN, "kind": address.kind}
        session.execute(update(sources).where(sources.c.source_id == row.source_id).values(active=True, **changed))
    return _source(session.execute(statement).one())


def known_control(session: Session, lane: str, address: SourceAddress) -> Source | None:
    """Return a lane's control source where it is known just so, and no other: nothing is to be written then."""
    rows = session.execute(select(*_COLUMNS).where(sources.c.lane == lane, sources.c.active)).all()
    (row,) = rows if len(rows) == 1 else (None,)
    return _source(row) if row is not None and (row.url, row.kind) == (address.url, address.kind) else None


def report_source(session: Session, account_id: str, name: str) -> Source:
    """Return the source under which an account's self-report file ``name`` is kept, making it on first use.

    It rests: no collection asks for it, and it proves nothing.
    """
    url = storable_key(f"report:{name}")
    statement = select(*_COLUMNS).where(sources.c.account_id == account_id, sources.c.url == url)
    if session.execute(statement).first() is None:
        values = {
            **FORGOTTEN,
            "account_id": account_id,
            "url": url,
            "kind": "report",
            "position": 0,
            "active": False,
        }
        session.execute(insert(sources), values)
    return _source(session.execute(statement).one())


def other_views(session: Session, given: Mapping[int, str]) -> bool:
    """Say whether another list of its page is looked at by now for any of these sources."""
    ids = sorted(given)
    for at in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(sources.c.source_id, sources.c.view).where(sources.c.source_id.in_(ids[at : at + _CHUNK]))
        )
        if any(view != given[source_id] for source_id, view in rows):
            return True
    return False


def take_views(session: Session, given: Mapping[int, str]) -> set[str]:
    """Note which list of its page each source is looked at by now; return the accounts for which that has changed.

    Their coverage is to be made anew (``coverage.rebuild``).
    """
    changed: set[str] = set()
    ids = sorted(given)
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK]
        rows = session.execute(
            select(sources.c.source_id, sources.c.account_id, sources.c.view).where(sources.c.source_id.in_(chunk))
        ).all()
        for source_id, account_id, view in rows:
            if view == given[source_id]:
                continue
            session.execute(update(sources).where(sources.c.source_id == source_id).values(view=given[source_id]))
            if view is not None:
                forget_plans(session, [source_id])
            if view is not None and account_id is not None:
                changed.add(account_id)
    return changed


def save_addresses(session: Session, given: Mapping[str, tuple[SourceAddress, ...]]) -> None:
    """Make the sources of accounts those of their addresses, in their order; an address that is gone rests.

    A source keeps its memory, unless its kind changed: what was remembered of another kind of answer must not be taken
    for this one's.
    """
    ids = sorted(given)
    known: dict[tuple[str, str], tuple[int, str]] = {}
    for at in range(0, len(ids), _CHUNK):
        ours = sources.c.account_id.in_(ids[at : at + _CHUNK])
        rows = session.execute(
            select(sources.c.account_id, sources.c.url, sources.c.source_id, sources.c.kind).where(ours)
        )
        known |= {(account_id, url): (source_id, kind) for account_id, url, source_id, kind in rows}
        session.execute(update(sources).where(ours).values(active=False))
    new: list[dict[str, Any]] = []
    for account_id, addresses in given.items():
        for position, address in enumerate(addresses):
            place = {"position": position, "active": True, "kind": address.kind}
            stored = known.get((account_id, address.url))
            if stored is None:
                new.append({**FORGOTTEN, **place, "account_id": account_id, "url": address.url})
                continue
            source_id, kind = stored
            values = place if kind == address.kind else {**FORGOTTEN, **place}
            session.execute(update(sources).where(sources.c.source_id == source_id).values(values))
            if kind != address.kind:
                forget_plans(session, [source_id])
    if new:
        session.execute(insert(sources), new)


def distinct(addresses: tuple[SourceAddress, ...]) -> tuple[SourceAddress, ...]:
    """Return the addresses without those whose URL stood before: named twice, it is one source."""
    by_url: dict[str, SourceAddress] = {}
    for each in addresses:
        by_url.setdefault(each.url, each)
    return tuple(by_url.values())


def _source(row: Any) -> Source:
    source_id, account_id, url, kind, *remembered = row
    memory = Memory(**dict(zip((column.name for column in _REMEMBERED), remembered, strict=True)))
    return Source(source_id=source_id, account_id=account_id, url=url, kind=kind, memory=memory)
