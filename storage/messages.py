"""Keep messages to people until they are sent, given up or expired, and say how each channel does."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from storage.columns import Moment
from storage.running_models import message_reminders, messages, reminders


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; ``parts_sent`` parts of it have gone, ``account_ids`` are those of the reminders that it carries.

    ``next_at`` is the next try of a waiting message, and when a failed or expired one was given up. So many
    ``tries`` were begun; the newest of which the end is known failed with ``error``.
    """

    message_id: int
    channel: str
    recipient: str
    kind: str
    subject: str
    body: str
    made_at: datetime
    next_at: datetime
    expires_at: datetime | None
    state: MessageState
    parts_sent: int
    tries: int
    sent_at: datetime | None
    error: str
    account_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How a channel does: ``waiting`` now, ``failed`` and ``expired`` of those made lately.

    ``error`` is why its newest message in trouble did not go, "" where there is none; ``error_at`` when that one was
    given up, None while it still waits; ``retry_at`` when a message that failed is tried again.
    """

    last_sent: datetime | None
    waiting: int
    failed: int
    expired: int
    error: str
    error_at: datetime | None
    retry_at: datetime | None


def queue_message(
    session: Session,
    *,
    channel: str,
    recipient: str,
    kind: str,
    subject: str,
    body: str,
    made_at: datetime,
    next_at: datetime,
    expires_at: datetime | None = None,
    reminder_ids: Sequence[int] = (),
) -> int:
    """Keep a message to be sent from ``next_at`` on and, unless None, before ``expires_at``; return its number.

    When it is sent, the reminders that it carries count as sent.
    """
    row = {"channel": channel, "recipient": recipient, "kind": kind, "subject": subject, "body": body}
    fresh = {"state": MessageState.WAITING.value, "parts_sent": 0, "tries": 0, "error": ""}
    times = {"made_at": made_at, "next_at": next_at, "expires_at": expires_at}
    made = insert(messages).values(row | times | fresh).returning(messages.c.message_id)
    message_id = int(session.execute(made).scalar_one())
    if carried := [{"message_id": message_id, "reminder_id": each} for each in dict.fromkeys(reminder_ids)]:
        session.execute(insert(message_reminders), carried)
    return message_id


_WAITS = messages.c.state == MessageState.WAITING.value
_FARTHEST = timedelta(hours=25)  # no try is put off for longer: a day is the most that a server may ask for


def due_messages(session: Session, now: datetime, limit: int, kinds: Collection[str] | None = None) -> list[Message]:
    """Return what is to be sent, at most ``limit`` per channel; ``kinds`` None means every kind.

    Those with the fewest tries come first, so that one that always fails is not in the way of the others. A channel of
    which a message that failed still waits for its next try has none.
    """
    # What lies further ahead was put there by a clock that was wrong.
    later = and_(messages.c.next_at > now, messages.c.next_at <= now + _FARTHEST)
    resting = select(messages.c.channel).where(_WAITS, messages.c.error != "", later)
    order = (messages.c.tries, messages.c.message_id)
    place = func.row_number().over(partition_by=messages.c.channel, order_by=order).label("place")
    due = select(messages.c.message_id, place).where(_WAITS, not_(later), messages.c.channel.not_in(resting))
    if kinds is not None:
        due = due.where(messages.c.kind.in_(kinds))
    first = due.subquery()
    found = select(messages).join(first, first.c.message_id == messages.c.message_id).where(first.c.place <= limit)
    return _read(session, found.order_by(*order))


def recent_messages(session: Session, limit: int) -> list[Message]:
    """Return the newest messages of any state, newest first."""
    order = (messages.c.made_at.desc(), messages.c.message_id.desc())
    return _read(session, select(messages).order_by(*order).limit(limit))


def mark_part(session: Session, message_id: int, parts_sent: int, next_at: datetime) -> None:
    """Say that so many parts of a message have gone; unless this try goes on, the rest is sent from ``next_at`` on."""
    session.execute(update(messages).where(_one(message_id)).values(parts_sent=parts_sent, next_at=next_at))


def mark_sent(session: Session, message_id: int, at: datetime, parts_sent: int) -> None:
    """Say that a message has gone, and so have its reminders, unless another message told of them before."""
    gone = {"state": MessageState.SENT.value, "sent_at": at, "parts_sent": parts_sent, "error": ""}
    session.execute(update(messages).where(_one(message_id)).values(gone))
    carried = select(message_reminders.c.reminder_id).where(message_reminders.c.message_id == message_id)
    untold = and_(reminders.c.reminder_id.in_(carried), reminders.c.sent_at.is_(None))
    session.execute(update(reminders).where(untold).values(sent_at=at))


def mark_retry(session: Session, message_id: int, error: str, next_at: datetime) -> None:
    """Say that a try failed and when the next one is."""
    session.execute(update(messages).where(_one(message_id)).values(error=error, next_at=next_at))


def mark_failed(session: Session, message_id: int, error: str, at: datetime) -> None:
    """Give a message up: no later try would succeed."""
    state = MessageState.FAILED.value
    session.execute(update(messages).where(_one(message_id)).values(state=state, error=error, next_at=at))


def mark_expired(session: Session, now: datetime, longest: timedelta) -> int:
    """Give up what waited too long, and return how many.

    A message whose time has passed expires. One without such a time fails ``longest`` after it was made, but only once
    it was tried: whatever lay still while nothing ran is not lost, nor what a cut of the power took from its first try.
    """
    ends = messages.c.expires_at
    tried = or_(messages.c.error != "", messages.c.tries > 1)
    tired = and_(ends.is_(None), messages.c.made_at <= now - longest, tried)
    given_up = 0
    for which, state in ((ends <= now, MessageState.EXPIRED), (tired, MessageState.FAILED)):
        changed = update(messages).where(_WAITS, which).values(state=state.value, next_at=now)
        given_up += len(session.execute(changed.returning(messages.c.message_id)).all())
    return given_up


def waiting_count(session: Session) -> int:
    """Return how many messages wait to be sent."""
    return session.execute(select(func.count()).select_from(messages).where(_WAITS)).scalar_one()


def failures_waiting(session: Session) -> dict[str, int]:
    """Return by channel how many tries of the messages that still wait came to nothing."""
    tries = select(messages.c.channel, func.sum(messages.c.tries)).where(_WAITS).group_by(messages.c.channel)
    return {channel: int(count) for channel, count in session.execute(tries) if count}


def parts_since(session: Session, since: datetime) -> dict[str, int]:
    """Return by channel how many parts of messages went after ``since``."""
    parts = select(messages.c.channel, func.sum(messages.c.parts_sent)).where(messages.c.sent_at > since)
    return {channel: int(count) for channel, count in session.execute(parts.group_by(messages.c.channel))}


def channel_states(session: Session, since: datetime) -> dict[str, ChannelState]:
    """Return how each channel does that has messages waiting or made since ``since``."""
    figures = select(
        messages.c.channel,
        func.max(messages.c.sent_at, type_=Moment()),
        func.sum(_is(MessageState.WAITING)),
        func.sum(_is(MessageState.FAILED)),
        func.sum(_is(MessageState.EXPIRED)),
    )
    shown = or_(_WAITS, messages.c.made_at >= since)
    found = session.execute(figures.where(shown).group_by(messages.c.channel)).all()
    troubles = _troubles(session, since)
    return {
        channel: ChannelState(
            last_sent=sent,
            waiting=int(waiting),
            failed=int(failed),
            expired=int(expired),
            **troubles.get(channel, {"error": "", "error_at": None, "retry_at": None}),
        )
        for channel, sent, waiting, failed, expired in found
    }


def _troubles(session: Session, since: datetime) -> dict[str, dict[str, Any]]:
    """Return by channel the newest message that did not go; one that is tried again comes before those given up."""
    shown = or_(_WAITS, messages.c.made_at >= since)
    troubled = and_(shown, messages.c.error != "", messages.c.state != MessageState.SENT.value)
    columns = (messages.c.channel, messages.c.state, messages.c.error, messages.c.next_at)
    rows = session.execute(select(*columns).where(troubled).order_by(messages.c.next_at, messages.c.message_id))
    return {
        channel: {"error": error, "error_at": None, "retry_at": at}
        if state == MessageState.WAITING.value
        else {"error": error, "error_at": at, "retry_at": None}
        for channel, state, error, at in rows
    }


def _is(state: MessageState) -> ColumnElement[int]:
    return case((messages.c.state == state.value, 1), else_=0)


def _one(message_id: int) -> ColumnElement[bool]:
    return and_(messages.c.message_id == message_id, _WAITS)


def _read(session: Session, found: Select[Any]) -> list[Message]:
    rows: list[dict[str, Any]] = [dict(row) for row in session.execute(found).mappings()]
    carried = (
        select(message_reminders.c.message_id, reminders.c.account_id)
        .join(reminders, reminders.c.reminder_id == message_reminders.c.reminder_id)
        .where(message_reminders.c.message_id.in_([row["message_id"] for row in rows]))
        .order_by(reminders.c.reminder_id)
    )
    accounts: dict[int, dict[str, None]] = {}
    for message_id, account_id in session.execute(carried):
        accounts.setdefault(message_id, {})[account_id] = None
    for row in rows:
        row["state"] = MessageState(row["state"])
        row["account_ids"] = tuple(accounts.get(row["message_id"], ()))
    return [Message(**row) for row in rows]


def prune_messages(session: Session, before: datetime) -> int:
    """Remove messages made before then that wait no more, and return how many; the reminders that they carried stay."""
    old = and_(messages.c.made_at < before, messages.c.state != MessageState.WAITING.value)
    ids = select(messages.c.message_id).where(old)
    session.execute(delete(message_reminders).where(message_reminders.c.message_id.in_(ids)))
    return len(session.scalars(delete(messages).where(old).returning(messages.c.message_id)).all())
