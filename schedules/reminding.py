"""Remind: find the duties that are about to be missed, once each, and queue what is to be told of them."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from monitor.case import Case
from monitor.frame import ONE_DAY, Frame, month_of
from monitor.reminder_words import reminder_text
from monitor.reminding import FRESH, HEADING, Reminder, draws_near, due_reminders
from monitor.rules import gx02
from schedules.delivering import is_quiet
from schedules.letters import letters_of
from schedules.observe import SLICE, observe
from schedules.office import Office
from storage.accounts import account_ids, accounts_of
from storage.messages import queue_message
from storage.reminders import Told, known_windows, lost_reminders, save_reminders, told
from storage.troubles import attempted_since

_log = logging.getLogger(__name__)

VALID = timedelta(hours=6)
"""A message that could not be sent for so long tells of what was: it expires, and what is still due is told anew."""

_NEWEST = 4
"""So many days of posts tell of most accounts that nothing is due."""


def remind(office: Office, now: datetime) -> int:
    """Make the reminders that are due at ``now`` (UTC) with their messages, in one transaction; return how many.

    Each is made once for its window, however often this is called and by whomever. In the quiet hours none is made: at
    their end it is judged anew, with what was seen until then, and whatever has passed by then is told nobody. Of an
    account that nobody has looked at lately, as after a time in which nothing ran, nothing is said before it was tried;
    of a working day's post nothing before the account was tried once after the hour of reminding.
    """
    if not office.policy.rules[HEADING.code].enabled or is_quiet(office.routing, now.astimezone(office.zone).time()):
        return 0
    due = sorted(_due(office, now), key=lambda each: each.ends_at)
    ids = {each.account.account_id for each in due}
    with office.database.read() as session:
        known = known_windows(session, ids, now)
        lost = lost_reminders(session, ids, now)
    if not any(told(each) not in known or told(each) in lost for each in due):
        return 0
    with office.database.begin() as session:
        texts = [(each, reminder_text(each, office.zone)) for each in due if told(each) not in known]
        new = save_reminders(session, texts, now)
        again = lost_reminders(session, ids, now)
        _tell(session, office, due, new | again, now)
    _log.info("reminders new=%d again=%d", len(new), len(again))
    return len(new)


def _tell(
    session: Session, office: Office, due: Iterable[Reminder], numbers: Mapping[Told, int], now: datetime
) -> None:
    """Queue the messages that tell of those reminders that have a number."""
    for letter in letters_of(office, [each for each in due if told(each) in numbers]):
        queue_message(
            session,
            channel=letter.channel,
            recipient=letter.recipient,
            kind="reminder",
            subject=letter.subject,
            body=letter.body,
            made_at=now,
            next_at=now,
            expires_at=min(now + VALID, *(each.ends_at for each in letter.reminders)),
            reminder_ids=[numbers[told(each)] for each in letter.reminders],
        )


def _due(office: Office, now: datetime) -> Iterator[Reminder]:
    """Give what is due, the accounts in the order of the registry, a slice at a time."""
    frame = office.frame(month_of(now.astimezone(office.zone).date()), now)
    with office.database.read() as session:
        ids = account_ids(session)
    for at in range(0, len(ids), SLICE):
        yield from _due_of(office, frame, ids[at : at + SLICE])


def _due_of(office: Office, frame: Frame, ids: list[str]) -> Iterator[Reminder]:
    """Judge a slice: all by their newest posts, and only those of which these do not tell enough by all that count."""
    with office.database.read() as session:
        given = [each for each in accounts_of(session, ids) if each.addresses]
        seen = observe(session, [each.account_id for each in given], frame, None, frame.today - ONE_DAY * _NEWEST)
        near = [each for each in given if draws_near(Case(each, seen[each.account_id], frame))]
        seen = observe(session, [each.account_id for each in near], frame, None, _horizon(frame))
        due = [one for each in near for one in due_reminders(Case(each, seen[each.account_id], frame))]
        stale = {each.account.account_id for each in due if each.stale}
        tried = attempted_since(session, stale, frame.time_point - FRESH)
        warned_at = warning_of(frame)
        early = {each.account.account_id for each in due if _rests_on_before(each, warned_at)}
        looked = attempted_since(session, early, warned_at)
    ready = (each for each in due if not _rests_on_before(each, warned_at) or each.account.account_id in looked)
    return (each for each in ready if not each.stale or each.account.account_id in tried)


def _rests_on_before(reminder: Reminder, warned_at: datetime) -> bool:
    """Say whether a working day's reminder would rest on what was seen before its hour had come."""
    return reminder.code == gx02.HEADING.code and reminder.seen_until < warned_at


def warning_of(frame: Frame) -> datetime:
    """Return the moment of the running day at which units are reminded of that day's duty (GX-04)."""
    return frame.start(frame.today) + timedelta(hours=frame.rule(HEADING.code).number("warn_hour"))


def _horizon(frame: Frame) -> date:
    """Return the first day whose posts can keep a duty open that is due now."""
    longest = max(frame.rule("GX-01").number("days"), frame.rule("YC-01").number("days"), 14)
    return frame.today - ONE_DAY * (longest + 1)
