"""Keep the findings that people enter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from monitor.decisions import Entered
from monitor.findings import Severity, Window
from storage.attachments import Attachment, files_of_entered, names_of_entered
from storage.models import entered_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A finding as it was entered, its files, and when, by whom and why it was taken back; None and "" if it stands."""

    entered: Entered
    files: tuple[Attachment, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_why: str = ""


def save_entered(session: Session, entered: Entered) -> int:
    """Keep an entered finding, its files apart, and return its number."""
    made = insert(entered_findings).values(
        account_id=entered.account_id,
        code=entered.code,
        severity=entered.severity.value,
        first=entered.window.first,
        last=entered.window.last,
        description=entered.description,
        url=entered.url,
        title=entered.title,
        by=entered.by,
        at=entered.at,
    )
    return int(session.execute(made.returning(entered_findings.c.number)).scalar_one())


def withdraw_entered(session: Session, number: int, by: str, at: datetime, why: str) -> bool:
    """Take an entered finding back; it stays, and counts no more. Return whether it stood."""
    statement = (
        update(entered_findings)
        .where(entered_findings.c.number == number, entered_findings.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at, withdrawn_by=by, withdrawn_why=why)
        .returning(entered_findings.c.number)
    )
    return session.execute(statement).one_or_none() is not None


def entered_of(
    session: Session, account_ids: Collection[str] | None = None, as_of: datetime | None = None
) -> dict[str, tuple[Entered, ...]]:
    """Return by account the entered findings that stand (or stood at ``as_of``), in order; None: of all accounts."""
    statement = select(entered_findings).order_by(entered_findings.c.number)
    if account_ids is not None:
        statement = statement.where(entered_findings.c.account_id.in_(account_ids))
    if as_of is None:
        statement = statement.where(entered_findings.c.withdrawn_at.is_(None))
    else:
        stood = entered_findings.c.withdrawn_at.is_(None) | (entered_findings.c.withdrawn_at > as_of)
        statement = statement.where(entered_findings.c.at <= as_of, stood)
    rows = session.execute(statement).all()
    files = names_of_entered(session, [row.number for row in rows])
    found: dict[str, tuple[Entered, ...]] = {}
    for row in rows:
        found[row.account_id] = (*found.get(row.account_id, ()), _entered(row, files.get(row.number, ())))
    return found


def entered_made(session: Session, account_id: str) -> list[Noted]:
    """Return every finding that was entered for an account, also those taken back, in order."""
    mine = entered_findings.c.account_id == account_id
    rows = session.execute(select(entered_findings).where(mine).order_by(entered_findings.c.number)).all()
    files = files_of_entered(session, [row.number for row in rows])
    return [
        Noted(
            entered=_entered(row, tuple(each.name for each in files.get(row.number, ()))),
            files=files.get(row.number, ()),
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by or "",
            withdrawn_why=row.withdrawn_why or "",
        )
        for row in rows
    ]


def _entered(row: Row[Any], files: tuple[str, ...]) -> Entered:
    return Entered(
        number=row.number,
        account_id=row.account_id,
        code=row.code,
        severity=Severity(row.severity),
        window=Window(row.first, row.last),
        description=row.description,
        by=row.by,
        at=row.at,
        url=row.url,
        title=row.title,
        attachments=files,
    )
