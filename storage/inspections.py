"""Keep inspections with their results and findings, so that a later month can count them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from monitor.evidence import Evidence
from monitor.findings import Judgement, Result
from storage.inspection_rows import finding_row, result_row
from storage.models import finding_visits, inspection_findings, inspection_results, inspections

_INCOMPLETE = "incomplete"
COMPLETE = "complete"

_LEFT_OVER = timedelta(days=1)
"""An inspection still incomplete after this was broken off: no run takes so long."""


NO_EVIDENCE = Evidence(spans=(), visits=(), found_at=None)
NO_CONTRADICTIONS: Mapping[tuple[str, str], str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One run of the monthly inspection: its month (``2026-10``), time points (UTC), policy name and version.

    ``why`` says why the month was inspected again, None for a run that needs no reason.
    """

    month: str
    time_point: datetime
    as_of: datetime | None
    made_at: datetime
    policy: str
    why: str | None = None


def begin_inspection(session: Session, inspection: Inspection) -> int:
    """Store an inspection as incomplete, so that nobody counts it yet, and return its number.

    What runs that were broken off have left is removed.
    """
    left_over = select(inspections.c.id).where(
        inspections.c.state == _INCOMPLETE, inspections.c.made_at < inspection.made_at - _LEFT_OVER
    )
    for number in session.scalars(left_over).all():
        _remove(session, number)
    made = insert(inspections).values(
        month=inspection.month,
        time_point=inspection.time_point,
        as_of=inspection.as_of,
        made_at=inspection.made_at,
        policy=inspection.policy,
        state=_INCOMPLETE,
        why=inspection.why,
    )
    return int(session.execute(made.returning(inspections.c.id)).scalar_one())


def save_judgements(
    session: Session,
    number: int,
    judgements: Sequence[Judgement],
    position: int,
    evidence: Sequence[Sequence[Evidence]] = (),
    contradictions: Mapping[tuple[str, str], str] = NO_CONTRADICTIONS,
) -> None:
    """Add the results and findings of some accounts; ``position`` is that of their first finding in the file.

    ``evidence`` is that of each account's findings, in their order, or empty where none is to be kept;
    ``contradictions`` say, by account and key, how posts contradict what was reported of them.
    """
    if judgements:
        session.execute(insert(inspection_results), [_result(number, each, contradictions) for each in judgements])
    findings = [(finding, each) for each in judgements for finding in each.findings]
    proofs = [proof for some in evidence for proof in some] or [NO_EVIDENCE] * len(findings)
    said = list(enumerate(zip(findings, proofs, strict=True), start=position))
    if said:
        rows = [finding_row(number, at, finding, whole, proof) for at, ((finding, whole), proof) in said]
        session.execute(insert(inspection_findings), rows)
    resting = [
        {"inspection_id": number, "position": at, "visit_id": visit_id}
        for at, (_, proof) in said
        for visit_id in sorted({each.visit_id for each in proof.visits if each.visit_id is not None})
    ]
    if resting:
        session.execute(insert(finding_visits), resting)


def finish_inspection(session: Session, number: int) -> int:
    """Mark an inspection as complete and return its number.

    Where an earlier run of the same month, time point and ``as_of`` gave the very same results and findings, that one
    is kept and this one goes: running twice over the same data leaves one.
    """
    this = session.execute(select(inspections).where(inspections.c.id == number)).one()
    twins = session.scalars(
        select(inspections.c.id)
        .where(
            inspections.c.month == this.month,
            inspections.c.time_point == this.time_point,
            inspections.c.policy == this.policy,
            inspections.c.as_of.is_not_distinct_from(this.as_of),
            inspections.c.state == COMPLETE,
        )
        .order_by(inspections.c.id.desc())
        .limit(1)
    )
    for twin in twins.all():
        if _content(session, twin) == _content(session, number):
            _remove(session, number)
            return int(twin)
    session.execute(update(inspections).where(inspections.c.id == number).values(state=COMPLETE))
    return number


def failures_in(
    session: Session, account_ids: Collection[str], months: Sequence[str], as_of: datetime | None = None
) -> dict[str, int]:
    """Return in how many of ``months`` each account was 不合格; accounts that never were are left out.

    Of several inspections of one month the one with the latest time point counts, and of those the one that knew most:
    the newest, where none looks back with an ``as_of``. With ``as_of`` only those count that were made by then, or look
    back no later.
    """
    counting = counting_inspections(session, months, as_of)
    rows = session.execute(
        select(inspection_results.c.account_id, func.count())
        .where(
            inspection_results.c.inspection_id.in_(counting),
            inspection_results.c.account_id.in_(account_ids),
            inspection_results.c.result == Result.FAILED.value,
        )
        .group_by(inspection_results.c.account_id)
    )
    return {str(account_id): int(count) for account_id, count in rows}


def results_of(session: Session, month: str) -> dict[str, Result]:
    """Return the result of every account in the inspection of ``month`` that counts; empty where there is none."""
    rows = session.execute(
        select(inspection_results.c.account_id, inspection_results.c.result).where(
            inspection_results.c.inspection_id.in_(counting_inspections(session, [month]))
        )
    )
    return {str(account_id): Result(result) for account_id, result in rows}


def versions_of(session: Session, month: str) -> int:
    """Return how many differing inspections of the whole of ``month`` there are, none that looks back counted."""
    whole = (inspections.c.month == month) & inspections.c.as_of.is_(None) & (inspections.c.state == COMPLETE)
    newest = select(func.max(inspections.c.time_point)).where(whole).scalar_subquery()
    statement = select(func.count()).select_from(inspections).where(whole, inspections.c.time_point == newest)
    return int(session.scalar(statement) or 0)


def counting_inspections(session: Session, months: Sequence[str], as_of: datetime | None = None) -> list[int]:
    """Return the numbers of the inspections of ``months`` that count (``failures_in`` says which do)."""
    known_at = func.coalesce(inspections.c.as_of, inspections.c.made_at)
    wanted = select(inspections.c.month, inspections.c.id).where(
        inspections.c.month.in_(months), inspections.c.state == COMPLETE
    )
    if as_of is not None:
        wanted = wanted.where(known_at <= as_of)
    rows = session.execute(wanted.order_by(inspections.c.time_point, known_at, inspections.c.id))
    return list({month: int(number) for month, number in rows}.values())


def _content(session: Session, number: int) -> list[tuple[Any, ...]]:
    """Return what an inspection says, its own number left out."""

    def rows(statement: Select[Any], owner: ColumnElement[int]) -> Iterable[tuple[Any, ...]]:
        return (tuple(row)[1:] for row in session.execute(statement.where(owner == number)))

    results, findings = inspection_results, inspection_findings
    return [
        *rows(select(results).order_by(results.c.account_id), results.c.inspection_id),
        *rows(select(findings).order_by(findings.c.position), findings.c.inspection_id),
    ]


def _remove(session: Session, number: int) -> None:
    session.execute(delete(finding_visits).where(finding_visits.c.inspection_id == number))
    session.execute(delete(inspection_findings).where(inspection_findings.c.inspection_id == number))
    session.execute(delete(inspection_results).where(inspection_results.c.inspection_id == number))
    session.execute(delete(inspections).where(inspections.c.id == number))


def _result(number: int, judgement: Judgement, contradictions: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    ours = judgement.account.account_id
    return result_row(number, judgement, {key: why for (whose, key), why in contradictions.items() if whose == ours})
