"""Keep reminders (提醒), one for each account, rule and window, and tell which were sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from monitor.findings import Window
from monitor.reminding import Reminder
from storage.messages import MessageState
from storage.running_models import message_reminders, messages, reminders
from storage.texts import storable

_CHUNK = 500  # accounts named in one statement


class Told(NamedTuple):
    """What a reminder is made for only once."""

    account_id: str
    rule: str
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReminder:
    """One reminder as it was made, with the account as it was called then; ``sent_at`` None: no channel took it yet."""

    reminder_id: int
    account_id: str
    organizer: str
    account_name: str
    platform: str
    rule: str
    window: Window
    ends_at: datetime
    last_post_at: datetime | None
    text: str
    made_at: datetime
    sent_at: datetime | None


def told(reminder: Reminder) -> Told:
    """Return what a reminder is made for."""
    return Told(reminder.account.account_id, reminder.code, reminder.window)


def save_reminders(session: Session, given: Sequence[tuple[Reminder, str]], at: datetime) -> dict[Told, int]:
    """Keep reminders with their texts and return the numbers of those that nobody had made before.

    Two writers at once make each of them once.
    """
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    new: dict[Told, int] = {}
    # In one order, or two writers of many could wait for one another.
    for reminder, text in sorted(given, key=lambda each: told(each[0])):
        made = upsert(reminders).values(_row(reminder, text, at)).on_conflict_do_nothing()
        number = session.scalar(made.returning(reminders.c.reminder_id))
        if number is not None:
            new[told(reminder)] = int(number)
    return new


def known_windows(session: Session, account_ids: Collection[str], now: datetime) -> dict[Told, int]:
    """Return the numbers of the reminders of accounts whose windows are open at ``now``."""
    return _open(session, account_ids, now, only_lost=False)


def lost_reminders(session: Session, account_ids: Collection[str], now: datetime) -> dict[Told, int]:
    """Return those of the known windows' reminders that were never sent and whose messages have all expired.

    A message expires with the nearest of the windows that it tells of; the others are still to be told.
    """
    return _open(session, account_ids, now, only_lost=True)


def reminders_between(
    session: Session, start: datetime, end: datetime, account_id: str | None = None
) -> list[StoredReminder]:
    """Return the reminders made in [start, end), of one account where it is given, in the order of their making."""
    columns = [column for column in reminders.c if column.name not in {"first_day", "last_day"}]
    wanted = select(*columns, reminders.c.first_day, reminders.c.last_day).where(
        reminders.c.made_at >= start, reminders.c.made_at < end
    )
    if account_id is not None:
        wanted = wanted.where(reminders.c.account_id == account_id)
    rows = session.execute(wanted.order_by(reminders.c.made_at, reminders.c.reminder_id)).mappings()
    found: list[StoredReminder] = []
    for row in rows:
        values: dict[str, Any] = dict(row)
        window = Window(values.pop("first_day"), values.pop("last_day"))
        found.append(StoredReminder(**values, window=window))
    return found


def sent_counts(session: Session, account_ids: Collection[str], start: datetime, end: datetime) -> dict[str, int]:
    """Return how many reminders of each account were sent in [start, end), 0 where none was."""
    found = dict.fromkeys(account_ids, 0)
    sent = (
        select(reminders.c.account_id, func.count())
        .where(reminders.c.sent_at >= start, reminders.c.sent_at < end)
        .group_by(reminders.c.account_id)
    )
    for chunk in _chunks(account_ids):
        for account_id, count in session.execute(sent.where(_of(chunk))):
            found[account_id] = count
    return found


def _open(session: Session, account_ids: Collection[str], now: datetime, *, only_lost: bool) -> dict[Told, int]:
    columns = (reminders.c.account_id, reminders.c.rule, reminders.c.first_day, reminders.c.last_day)
    statement = select(*columns, reminders.c.reminder_id).where(reminders.c.ends_at > now)
    if only_lost:
        carried = (
            select(messages.c.state)
            .join_from(message_reminders, messages, message_reminders.c.message_id == messages.c.message_id)
            .where(message_reminders.c.reminder_id == reminders.c.reminder_id)
            .correlate(reminders)
        )
        expired = MessageState.EXPIRED.value
        statement = statement.where(
            reminders.c.sent_at.is_(None),
            carried.where(messages.c.state == expired).exists(),
            ~carried.where(messages.c.state != expired).exists(),
        )
    found: dict[Told, int] = {}
    for chunk in _chunks(account_ids):
        for account_id, rule, first, last, number in session.execute(statement.where(_of(chunk))):
            found[Told(account_id, rule, Window(first, last))] = number
    return found


def _row(reminder: Reminder, text: str, at: datetime) -> dict[str, Any]:
    account, post = reminder.account, reminder.last_post
    return {
        "account_id": account.account_id,
        "organizer": account.organizer,
        "account_name": account.name,
        "platform": account.platform.value,
        "rule": reminder.code,
        "first_day": reminder.window.first,
        "last_day": reminder.window.last,
        "ends_at": reminder.ends_at,
        "last_post_at": post.published_at if post else None,
        "text": storable(text),
        "made_at": at,
        "sent_at": None,
    }


def _chunks(account_ids: Collection[str]) -> list[list[str]]:
    ids = sorted(account_ids)
    return [ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK)]


def _of(account_ids: list[str]) -> ColumnElement[bool]:
    return reminders.c.account_id.in_(account_ids)
