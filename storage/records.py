"""Keep the answers that proofs and findings may rest on, and know where each is."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.orm import Session

from monitor.visits import PROVING, Exchange, Outcome, PageVisit, Visit
from storage.archive import Archive
from storage.models import post_keys, records, visits
from storage.sightings import PLACES
from storage.texts import storable
from storage.warc import NOT_MODIFIED, Kept, digest_of

_FULL = tuple(outcome.value for outcome in PROVING - {Outcome.NOT_MODIFIED})
_CHUNK = 500

T = TypeVar("T")

_KEPT = [records.c[name] for name in ("record_id", "file", "offset", "url", "at", "digest", "revisit_of")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A kept answer, and the visit or the post (its own page) that it belongs to."""

    kept: Kept
    visit_id: int | None
    post_id: int | None


def is_evidence(outcome: Outcome, *, brought: bool, told_today: Callable[[], bool]) -> bool:
    """Say whether the answers of a visit are kept.

    Those of a visit that proves or ``brought`` items are, always; those of one that failed tell the cause of a gap and
    are kept once a day for each cause (``told_today``).
    """
    return outcome.proves or brought or not told_today()


def keep_visit(session: Session, archive: Archive, visit: Visit, visit_id: int) -> tuple[Kept, ...]:
    """Keep the answers of a stored visit where they are evidence. Raises StorageError where the archive refuses."""
    if not visit.exchanges:
        return ()
    if not is_evidence(
        visit.outcome, brought=bool(visit.items), told_today=lambda: _told_today(session, archive, visit)
    ):
        return ()
    kept = archive.keep(visit.exchanges, lambda each: earlier_record(session, each, visit.source_id))
    save_records(session, kept, visit_id=visit_id)
    return kept


def keep_page(session: Session, archive: Archive, page: PageVisit, post_id: int) -> tuple[Kept, ...]:
    """Keep the answers of a visit to a post's own page, of a failed one once a day; StorageError as above."""
    if not page.exchanges:
        return ()

    def told_today() -> bool:
        start, end = _day(archive, page.started_at)
        today = records.c.post_id == post_id, records.c.at >= start, records.c.at < end
        return session.scalar(select(records.c.record_id).where(*today).limit(1)) is not None

    found = page.article is not None or page.outcome is Outcome.GONE
    if not is_evidence(page.outcome, brought=found, told_today=told_today):
        return ()
    kept = archive.keep(page.exchanges, lambda each: earlier_record(session, each))
    save_records(session, kept, post_id=post_id)
    return kept


def save_records(
    session: Session, kept: Iterable[Kept], *, visit_id: int | None = None, post_id: int | None = None
) -> None:
    """Store where answers of a visit, or of a post's own page, are kept."""
    rows: list[dict[str, Any]] = [
        {
            "record_id": each.record_id,
            "visit_id": visit_id,
            "post_id": post_id,
            "file": each.file,
            "offset": each.offset,
            "url": storable(each.url),
            "at": each.at,
            "digest": each.digest,
            "revisit_of": each.revisit_of,
        }
        for each in kept
    ]
    if rows:
        session.execute(insert(records), rows)


def earlier_record(session: Session, exchange: Exchange, source_id: int | None = None) -> Kept | None:
    """Return the full record of the same body of the same address, None where there is none.

    For a 304: the record of the source's last full answer from that address.
    """
    statement = select(*_KEPT).where(records.c.url == storable(exchange.url), records.c.revisit_of.is_(None))
    if exchange.status != NOT_MODIFIED:
        if not exchange.body:
            return None
        statement = statement.where(records.c.digest == digest_of(exchange.body))
        row = session.execute(statement.order_by(records.c.at.desc()).limit(1)).mappings().first()
        return None if row is None else _kept(row)
    if source_id is None:
        return None
    newest = session.execute(
        select(*_KEPT)
        .join_from(visits, records, records.c.visit_id == visits.c.visit_id)
        .where(
            visits.c.source_id == source_id,
            visits.c.outcome.in_(_FULL),
            records.c.url == storable(exchange.url),
        )
        .order_by(visits.c.started_at.desc())
        .limit(1)
    )
    row = newest.mappings().first()
    if row is None:
        return None
    found = _kept(row)
    return found if found.revisit_of is None else record(session, found.revisit_of)


def record(session: Session, record_id: str) -> Kept | None:
    """Return where a record is, None where it is not kept."""
    row = session.execute(select(*_KEPT).where(records.c.record_id == record_id)).mappings().first()
    return None if row is None else _kept(row)


def records_of(session: Session, visit_ids: Collection[int] = (), post_ids: Collection[int] = ()) -> list[Filed]:
    """Return the kept answers of visits and of posts' own pages, in order of time."""
    found: list[Filed] = []
    for column, ids in ((records.c.visit_id, sorted(visit_ids)), (records.c.post_id, sorted(post_ids))):
        for some in _chunks(ids):
            statement = select(*_KEPT, records.c.visit_id, records.c.post_id).where(column.in_(some))
            rows = session.execute(statement).mappings()
            found += [Filed(kept=_kept(row), visit_id=row["visit_id"], post_id=row["post_id"]) for row in rows]
    return sorted(found, key=lambda each: (each.kept.at, each.kept.file, each.kept.offset))


def _told_today(session: Session, archive: Archive, visit: Visit) -> bool:
    """Say whether an answer of this source with the same outcome is kept from the same local day."""
    start, end = _day(archive, visit.started_at)
    statement = (
        select(records.c.record_id)
        .join_from(visits, records, records.c.visit_id == visits.c.visit_id)
        .where(
            visits.c.source_id == visit.source_id,
            visits.c.started_at >= start,
            visits.c.started_at < end,
            visits.c.outcome == visit.outcome.value,
        )
        .limit(1)
    )
    return session.scalar(statement) is not None


def _day(archive: Archive, at: datetime) -> tuple[datetime, datetime]:
    first = at.astimezone(archive.zone).date()
    return (
        datetime.combine(first, time(), archive.zone),
        datetime.combine(first + timedelta(days=1), time(), archive.zone),
    )


def _kept(row: RowMapping) -> Kept:
    return Kept(**{column.name: row[column.name] for column in _KEPT})


def _chunks(ids: Sequence[T]) -> Iterable[Sequence[T]]:
    return (ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK))


def post_numbers(session: Session, account_id: str, keys: Collection[str]) -> dict[str, int]:
    """Return the post_id of each key of an account's posts; unknown keys are left out."""
    found: dict[str, int] = {}
    for some in _chunks(sorted(keys)):
        rows = session.execute(
            select(post_keys.c.key, post_keys.c.post_id).where(
                post_keys.c.account_id == account_id, post_keys.c.key.in_(some)
            )
        )
        found |= {str(key): int(number) for key, number in rows}
    return found


def first_visit(post_id: int) -> int:
    """Return the number of the visit that first saw a post, which its own number tells."""
    return post_id >> PLACES
