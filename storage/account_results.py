"""Read what inspections said of one account over time, and what the newest proposed for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from monitor.findings import Result
from storage.inspections import COMPLETE, counting_inspections
from storage.models import inspection_findings, inspection_results, inspections

_AT_ONCE = 200  # a payload may hold a month of posts

_OF_INSPECTION = ("month", "time_point", "as_of", "made_at")
_OF_RESULT = ("inspection_id", "account_id", "account_name", "organizer", "platform", "result", "payload")
_OF_FINDING = ("code", "category", "severity", "verdict", "windows", "description", "due", "payload")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """What the inspection of a month that counts says of one account, called as it was then; times are UTC."""

    inspection_id: int
    month: str
    time_point: datetime
    known_at: datetime
    account_id: str
    account_name: str
    organizer: str
    platform: str
    result: Result
    published: int
    original: int
    coverage_share: float
    failures: int
    disposal: str
    basis: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFinding:
    """One finding of an account; ``decisions`` are the numbers of those that it rests on."""

    inspection_id: int
    code: str
    category: str
    severity: str
    verdict: str
    windows: str
    description: str
    due: date | None
    decisions: tuple[int, ...] = ()


def results_of_account(session: Session, account_id: str, months: Sequence[str] | None = None) -> list[StoredResult]:
    """Return what is said of an account in each of ``months`` (None: all), the newest first; others are left out."""
    wanted = _inspected_months(session) if months is None else months
    statement = _results(counting_inspections(session, wanted)).where(inspection_results.c.account_id == account_id)
    rows = session.execute(statement.order_by(inspections.c.month.desc()))
    return [_result(row) for row in rows]


def failed_results(session: Session, number: int) -> Iterator[StoredResult]:
    """Give, by account id, what an inspection said of the accounts that were 不合格."""
    statement = _results([number]).where(inspection_results.c.result == Result.FAILED.value)
    rows = session.execute(statement.order_by(inspection_results.c.account_id).execution_options(yield_per=_AT_ONCE))
    for row in rows:
        yield _result(row)


def findings_of_account(session: Session, account_id: str, numbers: Sequence[int]) -> list[StoredFinding]:
    """Return the findings of an account in inspections, in the order of their files."""
    found = inspection_findings.c
    statement = (
        select(found.inspection_id, *(found[name] for name in _OF_FINDING))
        .where(found.account_id == account_id, found.inspection_id.in_(numbers))
        .order_by(found.inspection_id, found.position)
    )
    return [
        StoredFinding(
            inspection_id=row.inspection_id,
            code=row.code,
            category=row.category,
            severity=row.severity,
            verdict=row.verdict,
            windows=row.windows,
            description=row.description,
            due=row.due,
            decisions=tuple(row.payload.get("decisions", ())),
        )
        for row in session.execute(statement)
    ]


def _inspected_months(session: Session) -> list[str]:
    return list(session.scalars(select(inspections.c.month).where(inspections.c.state == COMPLETE).distinct()))


def _results(numbers: Sequence[int]) -> Select[Any]:
    columns = (inspection_results.c[name] for name in _OF_RESULT)
    return (
        select(*columns, *(inspections.c[name] for name in _OF_INSPECTION))
        .join_from(inspection_results, inspections, inspections.c.id == inspection_results.c.inspection_id)
        .where(inspection_results.c.inspection_id.in_(numbers))
    )


def _result(row: Row[Any]) -> StoredResult:
    said = row.payload
    return StoredResult(
        inspection_id=row.inspection_id,
        month=row.month,
        time_point=row.time_point,
        known_at=row.as_of or row.made_at,
        account_id=row.account_id,
        account_name=row.account_name,
        organizer=row.organizer,
        platform=row.platform,
        result=Result(row.result),
        published=said.get("published", 0),
        original=said.get("original", 0),
        coverage_share=said.get("coverage_share", 0.0),
        failures=said.get("failures", 0),
        disposal=said.get("disposal", ""),
        basis=tuple(said.get("basis", ())),
        notes=tuple(said.get("notes", ())),
    )
