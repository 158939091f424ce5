"""Keep what people decide on findings; every re-run finds it again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from monitor.decisions import Decision, Reason, Ruling, Subject
from monitor.findings import Severity, Window
from monitor.wording import joined, windows_in
from storage.errors import StorageError
from storage.models import decisions

_Known = dict[str, tuple[Decision, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A decision as it was made, and when, by whom and why it was taken back; None and "" while it stands."""

    decision: Decision
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_why: str = ""


class DecidedError(StorageError):
    """Somebody has decided on the same window or post already; ``standing`` is that decision."""

    def __init__(self, standing: Decision | None) -> None:
        """Name whose decision stands; None: it was made this very moment, and cannot be read yet."""
        self.standing = standing
        super().__init__(f"复核：该问题已由{standing.by}作出判定" if standing else "复核：该问题刚刚已由他人作出判定")


def save_decision(session: Session, decision: Decision, *, replace: bool = False) -> int:
    """Keep a decision and return its number; with ``replace`` the one that stands is taken back by it.

    Raises DecidedError where one stands and is not to be replaced, or where another is kept at the same time.
    """
    standing = standing_decision(session, decision.subject)
    if standing is not None and not replace:
        raise DecidedError(standing)
    if standing is not None:
        withdraw_decision(session, standing.number, decision.by, decision.at)
    subject = decision.subject
    made = insert(decisions).values(
        account_id=subject.account_id,
        code=subject.code,
        first=subject.window.first,
        last=subject.window.last,
        key=subject.key,
        posts=list(decision.posts),
        unseen=joined(decision.unseen),
        ruling=decision.ruling.value,
        severity=None if decision.severity is None else decision.severity.value,
        reason=None if decision.reason is None else decision.reason.value,
        note=decision.note,
        by=decision.by,
        at=decision.at,
    )
    try:
        with session.begin_nested():  # so that after a refusal PostgreSQL still answers in this transaction
            return int(session.execute(made.returning(decisions.c.number)).scalar_one())
    except IntegrityError as error:
        raise DecidedError(standing_decision(session, decision.subject)) from error


def standing_decision(session: Session, subject: Subject) -> Decision | None:
    """Return the decision that stands on exactly this window or post, or None.

    A decision on a post is found by its key, on whichever day the post counted when it was made.
    """
    statement = select(decisions).where(
        decisions.c.account_id == subject.account_id,
        decisions.c.code == subject.code,
        decisions.c.key == subject.key,
        decisions.c.withdrawn_at.is_(None),
    )
    if not subject.key:
        statement = statement.where(decisions.c.first == subject.window.first, decisions.c.last == subject.window.last)
    found = session.execute(statement.order_by(decisions.c.at.desc()).limit(1)).one_or_none()
    return None if found is None else _decision(found)


def withdraw_decision(session: Session, number: int, by: str, at: datetime, why: str = "") -> bool:
    """Take a decision back; it stays, and counts no more. Return whether it stood."""
    statement = (
        update(decisions)
        .where(decisions.c.number == number, decisions.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at, withdrawn_by=by, withdrawn_why=why)
        .returning(decisions.c.number)
    )
    return session.execute(statement).one_or_none() is not None


def standing_decisions(
    session: Session, account_ids: Collection[str] | None = None, as_of: datetime | None = None
) -> _Known:
    """Return by account the decisions that stand (or stood at ``as_of``), in order of time; None: of all accounts."""
    statement = select(decisions).order_by(decisions.c.at, decisions.c.number)
    if account_ids is not None:
        statement = statement.where(decisions.c.account_id.in_(account_ids))
    if as_of is None:
        statement = statement.where(decisions.c.withdrawn_at.is_(None))
    else:
        stood = decisions.c.withdrawn_at.is_(None) | (decisions.c.withdrawn_at > as_of)
        statement = statement.where(decisions.c.at <= as_of, stood)
    found: _Known = {}
    for row in session.execute(statement):
        decision = _decision(row)
        found[decision.subject.account_id] = (*found.get(decision.subject.account_id, ()), decision)
    return found


def decisions_made(session: Session, account_id: str) -> list[Made]:
    """Return every decision on an account's findings, also those taken back, in order of time."""
    mine = decisions.c.account_id == account_id
    rows = session.execute(select(decisions).where(mine).order_by(decisions.c.at, decisions.c.number))
    return [
        Made(
            decision=_decision(row),
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by or "",
            withdrawn_why=row.withdrawn_why or "",
        )
        for row in rows
    ]


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        subject=Subject(account_id=row.account_id, code=row.code, window=Window(row.first, row.last), key=row.key),
        ruling=Ruling(row.ruling),
        by=row.by,
        at=row.at,
        note=row.note,
        severity=None if row.severity is None else Severity(row.severity),
        reason=None if row.reason is None else Reason(row.reason),
        posts=tuple(row.posts),
        number=row.number,
        unseen=windows_in(row.unseen),
    )
