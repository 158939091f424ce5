"""Keep what became of findings that were to be rectified, and read which are to be looked at again."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any, Final

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from monitor.findings import GRAVE, Verdict, Window
from monitor.rechecking import Duty, Outcome, Recheck, Said
from monitor.wording import joined, windows_in
from storage.entered import entered_of
from storage.inspections import counting_inspections
from storage.models import inspection_findings, inspections, rechecks, rectifications

_GRAVE: Final = tuple(each.value for each in GRAVE)


def save_rechecks(session: Session, number: int, found: Sequence[Recheck], position: int) -> None:
    """Add what an inspection found of earlier findings; ``position`` is that of the first in its files."""
    if found:
        session.execute(
            insert(rechecks),
            [
                {
                    "inspection_id": number,
                    "position": at,
                    "account_id": each.duty.account_id,
                    "month": each.duty.month,
                    "code": each.duty.code,
                    "category": each.duty.category,
                    "windows": joined(each.duty.windows),
                    "since": each.duty.since,
                    "due": each.duty.due,
                    "result": each.outcome.value,
                    "first": each.window.first if each.window else None,
                    "last": each.window.last if each.window else None,
                    "day": each.day,
                    "why": each.why,
                }
                for at, each in enumerate(found, start=position)
            ],
        )


def save_rectification(session: Session, account_id: str, month: str, code: str, said: Said) -> None:
    """Keep what a person found when looking whether a finding was rectified."""
    session.execute(
        insert(rectifications).values(
            account_id=account_id,
            month=month,
            code=code,
            result=said.outcome.value,
            day=said.day,
            note=said.note,
            by=said.by,
            at=said.at,
        )
    )


def rectifications_of(session: Session, account_id: str, month: str, code: str) -> list[Said]:
    """Return what people found when looking whether a finding of a month was rectified; the last one counts."""
    named = (rectifications.c.account_id == account_id, rectifications.c.month == month, rectifications.c.code == code)
    rows = session.execute(select(rectifications).where(*named).order_by(rectifications.c.number))
    return [_as_said(row) for row in rows]


def duties_of(
    session: Session,
    account_ids: Collection[str],
    months: Sequence[str],
    zone: tzinfo,
    as_of: datetime | None = None,
) -> dict[str, tuple[Duty, ...]]:
    """Return by account the findings of ``months`` that were to be rectified and are not settled by a month of them.

    Only proven ones count that made their account 不合格, of the inspections that count; one duty a rule and month.
    What is settled comes up again where a person has said otherwise since; what was said too early decides nothing.
    What a person entered and took back is none.
    """
    numbers = counting_inspections(session, months, as_of)
    settled = _settled(session, account_ids, numbers)
    said = _said(session, account_ids, as_of)
    entered = {one.number for each in entered_of(session, account_ids, as_of).values() for one in each}
    rows = session.execute(
        select(inspection_findings, inspections.c.month, inspections.c.time_point)
        .join_from(inspection_findings, inspections, inspections.c.id == inspection_findings.c.inspection_id)
        .where(
            inspection_findings.c.inspection_id.in_(numbers),
            inspection_findings.c.account_id.in_(account_ids),
            inspection_findings.c.verdict == Verdict.VERIFIED.value,
            inspection_findings.c.severity.in_(_GRAVE),
            inspection_findings.c.due.is_not(None),
        )
        .order_by(inspections.c.month, inspection_findings.c.position)
    )
    found: dict[tuple[str, str, str], Duty] = {}
    for row in rows:
        name = (row.account_id, row.month, row.code)
        if row.payload.get("entered") not in {None, *entered}:
            continue
        duty = _duty(row, zone)
        word = next((each for each in reversed(said.get(name, ())) if not each.is_early(duty.due)), None)
        if name in settled and (word is None or word.outcome is settled[name]):
            continue
        found[name] = _joined(found.get(name), replace(duty, said=word))
    duties: dict[str, tuple[Duty, ...]] = {}
    for (account_id, _, _), duty in found.items():
        duties[account_id] = (*duties.get(account_id, ()), duty)
    return duties


def rechecks_of(session: Session, number: int) -> list[Recheck]:
    """Return what an inspection found of earlier findings, in the order of its files."""
    rows = session.execute(select(rechecks).where(rechecks.c.inspection_id == number).order_by(rechecks.c.position))
    return [_recheck(row) for row in rows]


def rechecks_between(
    session: Session, account_ids: Collection[str], months: Sequence[str]
) -> list[tuple[str, Recheck]]:
    """Return, with the month of the inspection that found it, what became of the findings of accounts, in order."""
    rows = session.execute(
        select(rechecks, inspections.c.month.label("found_in"))
        .join_from(rechecks, inspections, inspections.c.id == rechecks.c.inspection_id)
        .where(
            rechecks.c.account_id.in_(account_ids),
            rechecks.c.inspection_id.in_(counting_inspections(session, months)),
        )
        .order_by(inspections.c.month, rechecks.c.position)
    )
    return [(row.found_in, _recheck(row)) for row in rows]


def _joined(before: Duty | None, duty: Duty) -> Duty:
    """Return the duty of a rule's next finding together with those before it."""
    if before is None:
        return duty
    windows, posts = (*before.windows, *duty.windows), (*before.posts, *duty.posts)
    return replace(duty, windows=windows, posts=posts, entered=before.entered or duty.entered)


def _duty(row: Row[Any], zone: tzinfo) -> Duty:
    point: datetime = row.time_point
    return Duty(
        account_id=row.account_id,
        month=row.month,
        code=row.code,
        category=row.category,
        windows=windows_in(row.windows),
        since=_day_before(point, zone),
        due=row.due,
        posts=tuple(row.payload.get("posts", ())),
        entered=row.payload.get("entered") is not None,
    )


def _day_before(point: datetime, zone: tzinfo) -> date:
    """Return the local day in which the last moment before a time point lies."""
    return (point - datetime.resolution).astimezone(zone).date()


def _settled(
    session: Session, account_ids: Collection[str], numbers: Sequence[int]
) -> dict[tuple[str, str, str], Outcome]:
    rows = session.execute(
        select(rechecks.c.account_id, rechecks.c.month, rechecks.c.code, rechecks.c.result)
        .join_from(rechecks, inspections, inspections.c.id == rechecks.c.inspection_id)
        .where(
            rechecks.c.inspection_id.in_(numbers),
            rechecks.c.account_id.in_(account_ids),
            rechecks.c.result.in_([each.value for each in Outcome if each.is_settled]),
        )
        .order_by(inspections.c.month, rechecks.c.position)
    )
    return {(account_id, month, code): Outcome(result) for account_id, month, code, result in rows}


def _said(
    session: Session, account_ids: Collection[str], as_of: datetime | None
) -> dict[tuple[str, str, str], list[Said]]:
    """Return what people said, by finding, the newest last; by number, for clocks go wrong."""
    statement = select(rectifications).where(rectifications.c.account_id.in_(account_ids))
    if as_of is not None:
        statement = statement.where(rectifications.c.at <= as_of)
    found: dict[tuple[str, str, str], list[Said]] = {}
    for row in session.execute(statement.order_by(rectifications.c.number)):
        found.setdefault((row.account_id, row.month, row.code), []).append(_as_said(row))
    return found


def _as_said(row: Row[Any]) -> Said:
    return Said(outcome=Outcome(row.result), day=row.day, by=row.by, at=row.at, note=row.note)


def _recheck(row: Row[Any]) -> Recheck:
    return Recheck(
        duty=Duty(
            account_id=row.account_id,
            month=row.month,
            code=row.code,
            category=row.category,
            windows=windows_in(row.windows),
            since=row.since,
            due=row.due,
        ),
        outcome=Outcome(row.result),
        why=row.why,
        window=Window(row.first, row.last) if row.first is not None else None,
        day=row.day,
    )
