"""Keep inspections with their results and findings, so that a later month can count them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from monitor.evidence import Evidence
from monitor.findings import Judgement, Result
from monitor.stages import Stage
from storage.inspection_rows import finding_row, result_row
from storage.models import (
    finding_visits,
    inspection_findings,
    inspection_results,
    inspection_stages,
    inspections,
    rechecks,
)

_INCOMPLETE = "incomplete"
COMPLETE = "complete"
_FINAL = tuple(stage.value for stage in Stage if stage.is_final)

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
        drop_inspection(session, number)
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


def finish_inspection(session: Session, number: int, *, apart: bool = False) -> int:
    """Mark an inspection as complete and return its number.

    Where the run before of the same month, time point and ``as_of`` gave, by the same policy, the very same results and
    findings, that one is kept with its stages and this one goes: running twice over the same data leaves one. With
    ``apart`` it stays all the same, for a correction that is only begun.
    """
    this = session.execute(select(inspections).where(inspections.c.id == number)).one()
    before = session.execute(
        select(inspections.c.id, inspections.c.policy)
        .where(
            inspections.c.month == this.month,
            inspections.c.time_point == this.time_point,
            inspections.c.as_of.is_not_distinct_from(this.as_of),
            inspections.c.state == COMPLETE,
        )
        .order_by(inspections.c.id.desc())
        .limit(1)
    ).one_or_none()
    alike = not apart and before is not None and before.policy == this.policy
    if before is not None and alike and _content(session, before.id) == _content(session, number):
        drop_inspection(session, number)
        return int(before.id)
    session.execute(update(inspections).where(inspections.c.id == number).values(state=COMPLETE))
    return number


def drop_inspection(session: Session, number: int) -> None:
    """Remove an inspection that gave nothing new, or was broken off."""
    session.execute(delete(finding_visits).where(finding_visits.c.inspection_id == number))
    for each in (rechecks, inspection_stages):
        session.execute(delete(each).where(each.c.inspection_id == number))
    session.execute(delete(inspection_findings).where(inspection_findings.c.inspection_id == number))
    session.execute(delete(inspection_results).where(inspection_results.c.inspection_id == number))
    session.execute(delete(inspections).where(inspections.c.id == number))


def failed_months(
    session: Session, account_ids: Collection[str], months: Sequence[str], as_of: datetime | None = None
) -> dict[str, tuple[str, ...]]:
    """Return in which of ``months`` each account was 不合格, in order; accounts that never were are left out.

    Of several inspections of one month the final one counts, else the one with the latest time point, and of those the
    one that knew most: the newest, where none looks back with an ``as_of``. With ``as_of`` only those count that were
    made by then, or look back no later.
    """
    counting = counting_inspections(session, months, as_of)
    rows = session.execute(
        select(inspection_results.c.account_id, inspections.c.month)
        .join_from(inspection_results, inspections, inspections.c.id == inspection_results.c.inspection_id)
        .where(
            inspection_results.c.inspection_id.in_(counting),
            inspection_results.c.account_id.in_(account_ids),
            inspection_results.c.result == Result.FAILED.value,
        )
        .order_by(inspections.c.month)
    )
    found: dict[str, tuple[str, ...]] = {}
    for account_id, month in rows:
        found[account_id] = (*found.get(account_id, ()), month)
    return found


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
    """Return the numbers of the inspections of ``months`` that count (``failed_months`` says which do)."""
    known_at = func.coalesce(inspections.c.as_of, inspections.c.made_at)
    is_final = exists().where(
        inspection_stages.c.inspection_id == inspections.c.id, inspection_stages.c.stage.in_(_FINAL)
    )
    wanted = select(inspections.c.month, inspections.c.id).where(
        inspections.c.month.in_(months), inspections.c.state == COMPLETE
    )
    if as_of is not None:
        wanted = wanted.where(known_at <= as_of)
        is_final = is_final.where(inspection_stages.c.at <= as_of)
    ranked = case((is_final, inspections.c.id), else_=0)  # of several final ones the newest version
    whole = inspections.c.as_of.is_(None)  # one that only looks back overrules none that was made for the office
    rows = session.execute(wanted.order_by(ranked, inspections.c.time_point, whole, known_at, inspections.c.id))
    return list({month: int(number) for month, number in rows}.values())


def differing_accounts(session: Session, one: int, other: int) -> int:
    """Return of how many accounts two inspections say something else; an account that one lacks is one of them."""
    said = [_by_account(session, number) for number in (one, other)]
    return sum(said[0].get(each) != said[1].get(each) for each in {*said[0], *said[1]})


def _by_account(session: Session, number: int) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in (inspection_results, inspection_findings, rechecks):
        columns = [each for each in table.c if each.name not in ("inspection_id", "position", "account_id")]
        statement = select(table.c.account_id, *columns).where(table.c.inspection_id == number)
        ordered = statement.order_by(table.c.position) if "position" in table.c else statement
        for account_id, *said in session.execute(ordered):
            found.setdefault(account_id, []).append((table.name, *said))
    return found


def _content(session: Session, number: int) -> list[tuple[Any, ...]]:
    """Return what an inspection says, its own number left out."""

    def rows(statement: Select[Any], owner: ColumnElement[int]) -> Iterable[tuple[Any, ...]]:
        return (tuple(row)[1:] for row in session.execute(statement.where(owner == number)))

    results, findings = inspection_results, inspection_findings
    return [
        *rows(select(results).order_by(results.c.account_id), results.c.inspection_id),
        *rows(select(findings).order_by(findings.c.position), findings.c.inspection_id),
        *rows(select(rechecks).order_by(rechecks.c.position), rechecks.c.inspection_id),
    ]


def _result(number: int, judgement: Judgement, contradictions: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    ours = judgement.account.account_id
    return result_row(number, judgement, {key: why for (whose, key), why in contradictions.items() if whose == ours})
