"""Remove old answers from the archive, but never one that a finding rests on.

A file is not changed: what stays is copied to a new file, the rows are turned to it, and only then the old one goes:
once that is on disk, so that a power cut cannot bring back rows of a file that is gone. A program that is killed in
between leaves a file that no row names; the next run removes it.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage.archive import NAME, Archive
from storage.columns import MICROSECOND
from storage.database import Database
from storage.inspections import COMPLETE
from storage.models import finding_visits, inspection_findings, inspections, records, visits
from storage.post_rows import raw
from storage.records import first_visit, post_numbers
from storage.said import CONTROLS
from storage.warc import members

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What a run came to: files removed or made smaller, records removed and, of old files, kept, bytes freed."""

    files: tuple[str, ...] = ()
    removed: int = 0
    kept: int = 0
    freed: int = 0


@dataclass(slots=True)
class _Run:
    """What one run has found out so far."""

    archive: Archive
    named: frozenset[int]  # posts that findings name, and those of others that these are like
    sighted: frozenset[int]  # the visits that first saw those of others
    pointed: Counter[str]  # how many remaining records stand for the body of each
    dry: bool
    files: list[str] = field(default_factory=list[str])
    removed: int = 0
    kept: int = 0
    freed: int = 0


def prune(database: Database, archive: Archive, now: datetime, keep_days: int, *, dry_run: bool = False) -> Pruned:
    """Remove records from files of days more than ``keep_days`` before ``now``, except those that are needed.

    Needed are the visits that findings of complete inspections rest on, with the control visits beside them, the pages
    of posts that these findings name, and every record whose body a remaining one refers to. With ``dry_run`` nothing
    is changed. Raises StorageError where the system refuses.
    """
    first = f"{now.astimezone(archive.zone).date() - timedelta(days=keep_days):%Y-%m-%d}"
    old = [path for path in archive.files() if path.name[: len(first)] < first]
    with database.read() as session:
        named, sighted = _named_posts(session)
        run = _Run(archive=archive, named=named, sighted=sighted, pointed=_pointed(session), dry=dry_run)
    try:
        for path in reversed(old):  # a record refers to earlier ones only: those that referred to it have gone by then
            _prune_file(database, run, path)
    except OSError as error:
        raise archive.failed(error) from error
    return Pruned(files=tuple(run.files[::-1]), removed=run.removed, kept=run.kept, freed=run.freed)


def _prune_file(database: Database, run: _Run, path: Path) -> None:
    size = path.stat().st_size
    if run.dry:
        with database.read() as session:
            rows = _rows(session, path.name)
            needed = _needed(session, run, rows)
        _count(run, path, rows, needed, freed=size if not needed else 0)
        return
    with database.begin() as session:  # before the folder's lock, as whoever stores a visit does
        rows = _rows(session, path.name)
        needed = _needed(session, run, rows)
        ends = dict(members(path)) if needed else {}
        damaged = any(row["offset"] not in ends for row in rows if row["record_id"] in needed)
        if damaged or (rows and len(needed) == len(rows)):  # what cannot be copied whole stays where it is
            run.kept += len(rows)
            return
        with run.archive.locked():
            left = _copy(session, run.archive, path, rows, needed, ends) if needed else 0
        for some in _chunks([row["record_id"] for row in rows if row["record_id"] not in needed]):
            session.execute(delete(records).where(records.c.record_id.in_(some)))
    if not database.on_disk():
        return  # the next run finds a file that no row names
    with suppress(FileNotFoundError):
        path.unlink()
    _count(run, path, rows, needed, freed=size - left)


def _count(run: _Run, path: Path, rows: Sequence[Any], needed: set[str], *, freed: int) -> None:
    run.kept += len(needed)
    if rows and len(needed) == len(rows):
        return
    run.files.append(path.name)
    run.removed += len(rows) - len(needed)
    run.freed += freed
    run.pointed.subtract(row["revisit_of"] for row in rows if row["record_id"] not in needed and row["revisit_of"])


def _copy(
    session: Session, archive: Archive, path: Path, rows: Sequence[Any], needed: set[str], ends: Mapping[int, int]
) -> int:
    """Copy the needed records to a new file, turn their rows to it and return its size."""
    day = NAME.fullmatch(path.name)
    assert day is not None
    target = archive.folder / archive.next_name(day["day"])
    aside = target.with_name(f".{target.name}.part")
    staying = [(row["record_id"], row["offset"]) for row in rows if row["record_id"] in needed]
    with path.open("rb") as source, aside.open("wb") as made:
        made.write(source.read(ends.get(0, 0)))  # the warcinfo
        for record_id, offset in staying:
            new = made.tell()
            source.seek(offset)
            made.write(source.read(ends[offset] - offset))
            session.execute(
                update(records).where(records.c.record_id == record_id).values(file=target.name, offset=new)
            )
        size = made.tell()
        made.flush()
        os.fsync(made.fileno())
    aside.replace(target)
    archive.settle()
    return size


def _rows(session: Session, file: str) -> Sequence[Any]:
    return session.execute(select(records).where(records.c.file == file).order_by(records.c.offset)).mappings().all()


def _needed(session: Session, run: _Run, rows: Sequence[Any]) -> set[str]:
    """Return which records of one file must stay."""
    visit_ids = sorted({row["visit_id"] for row in rows if row["visit_id"] is not None})
    rested = run.sighted.union(*(_rested_on(session, some) for some in _chunks(visit_ids)))
    needed = {row["record_id"] for row in rows if row["visit_id"] in rested or row["post_id"] in run.named}
    pointed = run.pointed.copy()
    pointed.subtract(row["revisit_of"] for row in rows if row["revisit_of"] and row["record_id"] not in needed)
    return needed | {row["record_id"] for row in rows if pointed[row["record_id"]] > 0}


def _rested_on(session: Session, visit_ids: Sequence[int]) -> set[int]:
    """Return which visits a finding of a complete inspection rests on, control visits beside such ones included."""
    complete = select(inspections.c.id).where(inspections.c.state == COMPLETE)
    resting = finding_visits.c.inspection_id.in_(complete)
    own = select(finding_visits.c.visit_id).where(finding_visits.c.visit_id.in_(visit_ids), resting)
    control = visits.alias("control")
    beside = (
        select(control.c.visit_id)
        .join_from(control, visits, visits.c.lane == control.c.lane)
        .join(finding_visits, finding_visits.c.visit_id == visits.c.visit_id)
        .where(
            control.c.visit_id.in_(visit_ids),
            control.c.account_id.is_(None),
            raw(visits.c.started_at) - raw(control.c.started_at) >= -CONTROLS // MICROSECOND,
            raw(visits.c.started_at) - raw(control.c.started_at) <= CONTROLS // MICROSECOND,
            resting,
        )
    )
    return {*session.scalars(own), *session.scalars(beside)}


def _named_posts(session: Session) -> tuple[frozenset[int], frozenset[int]]:
    """Return the posts that findings of complete inspections name or compare them with, and who first saw the latter.

    These are the visits to other accounts' sources: where a post's own page was not read, its text is in their answers.
    """
    rows = session.execute(
        select(inspection_findings.c.account_id, inspection_findings.c.payload)
        .join_from(inspection_findings, inspections, inspections.c.id == inspection_findings.c.inspection_id)
        .where(inspections.c.state == COMPLETE)
    )
    keys: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for account_id, payload in rows:
        named: dict[str, Any] = payload.get("post") or {}
        keys.setdefault(account_id, set()).update(payload.get("posts", ()), filter(None, [named.get("key")]))
        for near in filter(None, (each["near"] for each in payload.get("named", ()))):
            others.setdefault(near["account_id"], set()).add(near["key"])
    theirs = {number for whose, some in others.items() for number in post_numbers(session, whose, some).values()}
    ours = {number for whose, some in keys.items() for number in post_numbers(session, whose, some).values()}
    return frozenset(ours | theirs), frozenset(map(first_visit, theirs))


def _pointed(session: Session) -> Counter[str]:
    rows = session.execute(
        select(records.c.revisit_of, func.count())
        .where(records.c.revisit_of.is_not(None))
        .group_by(records.c.revisit_of)
    )
    return Counter({record_id: int(count) for record_id, count in rows})


def _chunks(ids: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK))
