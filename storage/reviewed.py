"""Read what people have decided and entered of a stretch of days, as numbers, to tell whether it is as it was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from monitor.findings import Window
from storage.models import decisions, entered_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """The numbers of what stands, in order, and when anything of it was last made or taken back (UTC)."""

    standing: tuple[int, ...] = ()
    changed_at: datetime | None = None


def decided_on(session: Session, window: Window) -> Reviewed:
    """Return the decisions on findings whose windows share a day with ``window``."""
    return _reviewed(session, decisions, window)


def entered_in(session: Session, window: Window) -> Reviewed:
    """Return the findings that were entered for days of ``window``."""
    return _reviewed(session, entered_findings, window)


def _reviewed(session: Session, table: Table, window: Window) -> Reviewed:
    """Read a table of things with a window that people make and take back."""
    statement = select(table.c.number, table.c.at, table.c.withdrawn_at).where(
        table.c.first <= window.last, table.c.last >= window.first
    )
    rows = session.execute(statement.order_by(table.c.number)).all()
    return Reviewed(
        standing=tuple(row.number for row in rows if row.withdrawn_at is None),
        changed_at=max((row.withdrawn_at or row.at for row in rows), default=None),
    )
