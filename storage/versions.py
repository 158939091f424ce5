"""Read which versions of a month's inspection there are, how far people have come with each, and what it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session, aliased

from monitor.findings import Result, Verdict
from monitor.stages import Stage, StageEntry
from storage.inspection_models import InspectionRow
from storage.inspections import COMPLETE
from storage.models import inspection_findings, inspection_results, inspections
from storage.stages import stages_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One of the differing inspections of a month, whole or up to the same time point; times are UTC.

    ``number`` is that of the inspection, ``version`` counts within the month from 1; ``why`` says why it was made after
    another, "" for one that needs no reason.
    """

    number: int
    month: str
    version: int
    time_point: datetime
    made_at: datetime
    policy: str
    why: str
    stages: tuple[StageEntry, ...]

    @property
    def stage(self) -> Stage:
        """How far people have come with it."""
        return self.stages[-1].stage if self.stages else Stage.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many accounts of an inspection came to which result, and how many findings (rows) are how certain."""

    results: Mapping[Result, int]
    findings: Mapping[Verdict, int]

    @property
    def accounts(self) -> int:
        """All accounts."""
        return sum(self.results.values())


def lock_month(session: Session, month: str) -> None:
    """Let nobody else complete an inspection of ``month``, or bring one further, before this transaction ends."""
    statement = select(inspections.c.id).where(inspections.c.month == month).order_by(inspections.c.id)
    session.execute(statement.with_for_update()).all()  # SQLite takes its write lock for the whole database anyway


def newest_version(session: Session, month: str) -> Version | None:
    """Return the version of ``month`` that was made last, final or not; None where it was not inspected."""
    found = versions(session, month)
    return found[-1] if found else None


def versions(session: Session, month: str | None = None) -> list[Version]:
    """Return the versions of a month (None: of every month) in order, by month.

    They are those with the latest time point; none that looks back with an ``as_of`` is one.
    """
    later = aliased(InspectionRow)
    newest = (
        select(func.max(later.time_point))
        .where(later.month == inspections.c.month, later.as_of.is_(None), later.state == COMPLETE)
        .scalar_subquery()
    )
    statement = select(inspections).where(
        inspections.c.as_of.is_(None), inspections.c.state == COMPLETE, inspections.c.time_point == newest
    )
    if month is not None:
        statement = statement.where(inspections.c.month == month)
    rows = session.execute(statement.order_by(inspections.c.month, inspections.c.id)).all()
    found: list[Version] = []
    for row in rows:
        at = found[-1].version + 1 if found and found[-1].month == row.month else 1
        found.append(_version(session, row, at))
    return found


def version_of(session: Session, number: int) -> Version:
    """Return the version that an inspection is, also one that looks back: these are counted apart."""
    row = session.execute(select(inspections).where(inspections.c.id == number)).one()
    alike = and_(
        inspections.c.month == row.month,
        inspections.c.time_point == row.time_point,
        inspections.c.as_of.is_not_distinct_from(row.as_of),
        inspections.c.state == COMPLETE,
    )
    earlier = session.scalar(select(func.count()).select_from(inspections).where(alike, inspections.c.id < number))
    return _version(session, row, (earlier or 0) + 1)


def latest_alike(session: Session, month: str, time_point: datetime, as_of: datetime | None) -> Version | None:
    """Return the newest version of a month up to the same time point that looks back alike; None without any."""
    number = session.scalar(
        select(func.max(inspections.c.id)).where(
            inspections.c.month == month,
            inspections.c.time_point == time_point,
            inspections.c.as_of.is_not_distinct_from(as_of),
            inspections.c.state == COMPLETE,
        )
    )
    return None if number is None else version_of(session, number)


def tallies_of(session: Session, numbers: Sequence[int]) -> dict[int, Tally]:
    """Return what inspections count, by their numbers."""
    results: dict[int, dict[Result, int]] = {number: {} for number in numbers}
    findings: dict[int, dict[Verdict, int]] = {number: {} for number in numbers}
    found = inspection_results.c
    for number, result, count in session.execute(
        select(found.inspection_id, found.result, func.count())
        .where(found.inspection_id.in_(numbers))
        .group_by(found.inspection_id, found.result)
    ):
        results[number][Result(result)] = count
    rows = inspection_findings.c
    for number, verdict, count in session.execute(
        select(rows.inspection_id, rows.verdict, func.count())
        .where(rows.inspection_id.in_(numbers))
        .group_by(rows.inspection_id, rows.verdict)
    ):
        findings[number][Verdict(verdict)] = count
    return {number: Tally(results=results[number], findings=findings[number]) for number in numbers}


def _version(session: Session, row: Row[Any], version: int) -> Version:
    return Version(
        number=row.id,
        month=row.month,
        version=version,
        time_point=row.time_point,
        made_at=row.made_at,
        policy=row.policy,
        why=row.why or "",
        stages=stages_of(session, row.id),
    )
