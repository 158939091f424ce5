"""Keep the ledger of the four steps (处置台账): nothing in it is changed, what was wrong is withdrawn."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.orm import Session

from monitor.disposal import Disposition, Step
from monitor.ledger import Entry
from storage.attachments import names_of_dispositions
from storage.models import dispositions


def lock_ledger(session: Session) -> None:
    """Let nobody else write in the ledger until this transaction has ended; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE dispositions IN SHARE ROW EXCLUSIVE MODE"))


def save_disposition(session: Session, disposition: Disposition) -> int:
    """Keep a step that was taken, its files apart, and return its number."""
    made = insert(dispositions).values(
        account_id=disposition.account_id,
        step=disposition.step.value,
        on=disposition.on,
        document=disposition.document,
        signer=disposition.signer,
        note=disposition.note,
        months=list(disposition.months),
        by=disposition.by,
        at=disposition.at,
        rectified=disposition.rectified,
    )
    return int(session.execute(made.returning(dispositions.c.number)).scalar_one())


def say_rectified(session: Session, number: int, by: str, at: datetime, note: str, *, rectified: bool) -> bool:
    """Keep whether what an interview asked for was done; return whether there is such a step that stands."""
    statement = (
        update(dispositions)
        .where(dispositions.c.number == number, dispositions.c.withdrawn_at.is_(None))
        .values(rectified=rectified, rectified_by=by, rectified_at=at, rectified_note=note)
        .returning(dispositions.c.number)
    )
    return session.execute(statement).one_or_none() is not None


def withdraw_disposition(session: Session, number: int, by: str, at: datetime, why: str) -> bool:
    """Take an entry of the ledger back; it stays, and counts no more. Return whether it stood."""
    statement = (
        update(dispositions)
        .where(dispositions.c.number == number, dispositions.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at, withdrawn_by=by, withdrawn_why=why)
        .returning(dispositions.c.number)
    )
    return session.execute(statement).one_or_none() is not None


def dispositions_of(
    session: Session, account_ids: Collection[str] | None = None, as_of: datetime | None = None
) -> dict[str, tuple[Disposition, ...]]:
    """Return by account the ledger as it stands (or stood at ``as_of``), in order of day; None: of all accounts."""
    statement = select(dispositions).order_by(dispositions.c.on, dispositions.c.number)
    if account_ids is not None:
        statement = statement.where(dispositions.c.account_id.in_(account_ids))
    if as_of is None:
        statement = statement.where(dispositions.c.withdrawn_at.is_(None))
    else:
        stood = dispositions.c.withdrawn_at.is_(None) | (dispositions.c.withdrawn_at > as_of)
        statement = statement.where(dispositions.c.at <= as_of, stood)
    rows = session.execute(statement).all()
    files = names_of_dispositions(session, [row.number for row in rows])
    found: dict[str, tuple[Disposition, ...]] = {}
    for row in rows:
        found[row.account_id] = (*found.get(row.account_id, ()), _disposition(row, files.get(row.number, ()), as_of))
    return found


def ledger(session: Session, account_ids: Collection[str] | None = None, number: int | None = None) -> list[Entry]:
    """Return every entry of the ledger, those that were taken back too, in order of day; None: whosever it is."""
    statement = select(dispositions).order_by(dispositions.c.on, dispositions.c.number)
    if account_ids is not None:
        statement = statement.where(dispositions.c.account_id.in_(account_ids))
    if number is not None:
        statement = statement.where(dispositions.c.number == number)
    rows = session.execute(statement).all()
    files = names_of_dispositions(session, [row.number for row in rows])
    return [
        Entry(
            disposition=_disposition(row, files.get(row.number, ()), None),
            rectified_by=row.rectified_by or "",
            rectified_at=row.rectified_at,
            rectified_note=row.rectified_note or "",
            withdrawn_by=row.withdrawn_by or "",
            withdrawn_at=row.withdrawn_at,
            withdrawn_why=row.withdrawn_why or "",
        )
        for row in rows
    ]


def _disposition(row: Row[Any], files: tuple[str, ...], as_of: datetime | None) -> Disposition:
    said_by_then = as_of is None or (row.rectified_at is not None and row.rectified_at <= as_of)
    return Disposition(
        number=row.number,
        account_id=row.account_id,
        step=Step(row.step),
        on=row.on,
        by=row.by,
        at=row.at,
        document=row.document,
        signer=row.signer,
        note=row.note,
        months=tuple(row.months),
        rectified=row.rectified if said_by_then or row.rectified_at is None else None,
        attachments=files,
    )
