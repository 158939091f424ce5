from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.claims import claim, release
from storage.database import Database
from storage.errors import StorageError
from storage.messages import (
    ChannelState,
    Message,
    MessageState,
    channel_states,
    due_messages,
    failures_waiting,
    mark_expired,
    mark_failed,
    mark_part,
    mark_retry,
    mark_sent,
    parts_since,
    prune_messages,
    queue_message,
    recent_messages,
    waiting_count,
)
from storage.running_models import reminders
from tests.storage.values import an_account, hour, register

DAY = timedelta(hours=24)


def queue(database: Database, channel: str = "工作群", at: datetime | None = None, **more: Any) -> int:
    made = at or hour(0)
    given: dict[str, Any] = {"recipient": "", "kind": "reminder", "subject": "提醒", "body": "正文", "next_at": made}
    with database.begin() as session:
        return queue_message(session, channel=channel, made_at=made, **given | more)


def remind(database: Database, *accounts: str) -> list[int]:
    """Keep a reminder for each of these accounts; return their numbers."""
    with database.begin() as session:
        register(session, *(an_account(each) for each in dict.fromkeys(accounts)))
        made: list[int] = []
        for number, account_id in enumerate(accounts):
            row = {
                "account_id": account_id,
                "organizer": "县政府办",
                "account_name": "高县发布",
                "platform": "微信公众号",
                "rule": "GX-02",
                "first_day": date(2026, 10, 1 + number),
                "last_day": date(2026, 10, 1 + number),
                "ends_at": hour(16),
                "text": "今日尚未更新",
                "made_at": hour(0),
            }
            made.append(session.execute(insert(reminders).values(row).returning(reminders.c.reminder_id)).scalar_one())
        return made


def due(database: Database, now: datetime, limit: int = 50, kinds: tuple[str, ...] | None = None) -> list[int]:
    with database.read() as session:
        return [each.message_id for each in due_messages(session, now, limit, kinds)]


def tried(session: Session, message_id: int, error: str, next_at: datetime) -> None:
    """Begin a try of a message, and say that it failed."""
    message = next(each for each in recent_messages(session, 100) if each.message_id == message_id)
    assert claim(session, message, next_at)
    mark_retry(session, message_id, error, next_at)


def states(database: Database) -> list[MessageState]:
    with database.read() as session:
        return [each.state for each in reversed(recent_messages(session, 100))]


def test_a_queued_message_is_read_back_with_the_accounts_of_its_reminders(database: Database) -> None:
    first, second, third = remind(database, "a2", "a1", "a2")
    number = queue(database, recipient="x@y.example", expires_at=hour(9), reminder_ids=(second, first, third, first))
    with database.read() as session:
        (message,) = due_messages(session, hour(0), 50)
        assert [message] == recent_messages(session, 1)
    assert (message.message_id, message.channel, message.recipient) == (number, "工作群", "x@y.example")
    assert (message.made_at, message.next_at, message.expires_at, message.sent_at) == (hour(0), hour(0), hour(9), None)
    assert (message.state, message.parts_sent, message.tries, message.error) == (MessageState.WAITING, 0, 0, "")
    assert message.account_ids == ("a2", "a1")


def test_messages_are_due_by_channel_with_the_least_tried_first(database: Database) -> None:
    first, second, third = (queue(database) for _ in range(3))
    other = queue(database, "邮箱")
    later = queue(database, "飞书", next_at=hour(2))
    with database.begin() as session:
        tried(session, first, "忙", hour(1))
    assert due(database, hour(0.5)) == [other]  # the channel rests, whatever else it has
    assert due(database, hour(1)) == [second, third, other, first]
    assert due(database, hour(1), limit=1) == [second, other]
    assert due(database, hour(2)) == [second, third, other, later, first]


def test_only_some_kinds_may_be_asked_for(database: Database) -> None:
    queue(database)
    alarm = queue(database, kind="alarm")
    assert due(database, hour(1), kinds=("alarm", "test")) == [alarm]
    assert due(database, hour(1), limit=1, kinds=("alarm",)) == [alarm]


def test_a_message_that_was_sent_has_told_its_reminders_once(database: Database) -> None:
    told, untold, other = remind(database, "a1", "a2", "a3")
    first, second = queue(database, reminder_ids=(told,)), queue(database, "邮箱", reminder_ids=(told, untold))
    with database.begin() as session:
        mark_sent(session, first, hour(1), 1)
    with database.begin() as session:
        mark_sent(session, second, hour(2), 3)
        found = session.execute(select(reminders.c.reminder_id, reminders.c.sent_at)).all()
    assert {row.reminder_id: row.sent_at for row in found} == {told: hour(1), untold: hour(2), other: None}
    assert due(database, hour(3)) == []
    with database.read() as session:
        newest = recent_messages(session, 1)[0]
    assert (newest.state, newest.sent_at, newest.parts_sent) == (MessageState.SENT, hour(2), 3)


def test_a_mark_that_is_not_kept_tells_no_reminder(database: Database) -> None:
    (reminder,) = remind(database, "a1")
    number = queue(database, reminder_ids=(reminder,))
    with pytest.raises(StorageError, match="x"), database.begin() as session:  # noqa: PT012 - leaving the block is the point
        mark_sent(session, number, hour(1), 1)
        raise StorageError("x")
    with database.read() as session:
        assert session.execute(select(reminders.c.sent_at)).scalar_one() is None
    assert due(database, hour(1)) == [number]


def test_what_was_given_up_or_sent_stays_so(database: Database) -> None:
    sent, failed = queue(database), queue(database)
    with database.begin() as session:
        mark_sent(session, sent, hour(1), 1)
        mark_failed(session, failed, "地址无效", hour(1))
        mark_failed(session, sent, "地址无效", hour(2))
        mark_retry(session, failed, "忙", hour(3))
        mark_part(session, sent, 7, hour(3))
        assert mark_expired(session, hour(100), DAY) == 0
    with database.read() as session:
        newest, oldest = recent_messages(session, 2)
    assert (oldest.state, oldest.error, oldest.tries, oldest.parts_sent) == (MessageState.SENT, "", 0, 1)
    assert (newest.state, newest.error, newest.tries, newest.next_at) == (MessageState.FAILED, "地址无效", 0, hour(1))


def test_a_part_that_went_is_remembered(database: Database) -> None:
    number = queue(database)
    with database.begin() as session:
        mark_part(session, number, 2, hour(0.5))
        tried(session, number, "忙", hour(1))
        (message,) = due_messages(session, hour(1), 50)
    assert (message.parts_sent, message.tries, message.error) == (2, 1, "忙")


def test_what_waited_too_long_is_given_up(database: Database) -> None:
    queue(database, expires_at=hour(2))
    queue(database, expires_at=hour(3))
    failing = queue(database)
    queue(database)
    with database.begin() as session:
        tried(session, failing, "忙", hour(1))
        assert mark_expired(session, hour(2), DAY) == 1
        assert mark_expired(session, hour(24), DAY) == 2
    waiting, expired, failed = MessageState.WAITING, MessageState.EXPIRED, MessageState.FAILED
    assert states(database) == [expired, expired, failed, waiting]  # the last was never tried: nothing ran meanwhile


def test_a_channel_says_how_it_does(database: Database) -> None:
    good, bad = "工作群", "邮箱"
    sent, gone, given_up = queue(database, good), queue(database, bad, expires_at=hour(1)), queue(database, bad)
    old = queue(database, "旧群", at=hour(-900))
    waits = queue(database, bad)
    with database.begin() as session:
        mark_sent(session, sent, hour(1), 4)
        mark_sent(session, old, hour(-899), 1)
        mark_expired(session, hour(1), DAY)
        mark_failed(session, given_up, "密码错误", hour(2))
        assert failures_waiting(session) == {}
        state = channel_states(session, hour(-100))
    quiet: dict[str, Any] = {"error": "", "error_at": None, "retry_at": None}
    assert set(state) == {good, bad}
    assert state[good] == ChannelState(last_sent=hour(1), waiting=0, failed=0, expired=0, **quiet)
    told = quiet | {"error": "密码错误", "error_at": hour(2)}
    assert state[bad] == ChannelState(last_sent=None, waiting=1, failed=1, expired=1, **told)
    with database.begin() as session:
        tried(session, waits, "忙", hour(3))
        tried(session, waits, "无法连接服务器", hour(4))
        again = quiet | {"error": "无法连接服务器", "retry_at": hour(4)}
        assert channel_states(session, hour(500)) == {
            bad: ChannelState(last_sent=None, waiting=1, failed=0, expired=0, **again)
        }
        assert failures_waiting(session) == {bad: 2}
        assert parts_since(session, hour(0.5)) == {good: 4}
        assert parts_since(session, hour(1)) == {}
        assert waiting_count(session) == 1
    assert gone not in due(database, hour(9))


def test_many_messages_of_one_channel_leave_room_for_the_others(database: Database) -> None:
    crowd = [queue(database, "群") for _ in range(30)]
    one = queue(database, "邮箱")
    assert due(database, hour(1), limit=20) == [*crowd[:20], one]


def test_old_messages_go_and_those_that_wait_stay(database: Database) -> None:
    sent, new, waits = queue(database, "群"), queue(database, "群", at=hour(10)), queue(database, "邮箱")
    with database.begin() as session:
        mark_sent(session, sent, hour(1), 1)
        mark_sent(session, new, hour(11), 1)
        assert prune_messages(session, hour(5)) == 1
        assert {each.message_id for each in recent_messages(session, 10)} == {new, waits}


# ------------------------------------------------------------------------------------------------------- the claim


def read(database: Database, message_id: int) -> Message:
    with database.read() as session:
        return next(each for each in recent_messages(session, 100) if each.message_id == message_id)


def test_a_claim_counts_a_try_and_puts_the_next_one_off(database: Database) -> None:
    number, other = queue(database), queue(database)
    with database.begin() as session:
        assert claim(session, read(database, number), hour(1))
    assert (read(database, number).tries, read(database, number).next_at) == (1, hour(1))
    # Nothing failed: the channel does not rest, and the message is due again after the claim.
    assert due(database, hour(0.9)) == [other]
    assert due(database, hour(1)) == [other, number]


def test_only_one_of_two_programs_claims_a_message(database: Database) -> None:
    number = queue(database)
    message = read(database, number)
    with database.begin() as session:
        assert claim(session, message, hour(1))
    with database.begin() as session:
        assert not claim(session, message, hour(2))
    assert (read(database, number).tries, read(database, number).next_at) == (1, hour(1))


def test_what_waits_no_more_is_not_claimed(database: Database) -> None:
    number = queue(database)
    message = read(database, number)
    with database.begin() as session:
        mark_failed(session, number, "地址无效", hour(1))
        assert not claim(session, message, hour(2))
        release(session, number, hour(2))
    assert read(database, number).tries == 0


def test_a_try_that_is_taken_back_was_none(database: Database) -> None:
    number = queue(database)
    with database.begin() as session:
        assert claim(session, read(database, number), hour(1))
        mark_part(session, number, 3, hour(2))
        assert failures_waiting(session) == {"工作群": 1}
        release(session, number, hour(0.5))
        assert failures_waiting(session) == {}
    assert due(database, hour(0.5)) == [number]
    assert read(database, number).parts_sent == 3


def test_a_first_try_whose_end_nobody_knows_is_not_the_last(database: Database) -> None:
    """The power was cut while a message was sent, and came back after two days."""
    number = queue(database)
    with database.begin() as session:
        assert claim(session, read(database, number), hour(1))
    with database.begin() as session:
        assert mark_expired(session, hour(48), DAY) == 0
        assert claim(session, read(database, number), hour(49))
    with database.begin() as session:
        assert mark_expired(session, hour(49), DAY) == 1
    assert states(database) == [MessageState.FAILED]


def test_a_try_put_off_by_a_wrong_clock_is_made(database: Database) -> None:
    """A year ahead a try failed; by the right clock it must not wait for a year, nor must its channel."""
    number, other = queue(database), queue(database)
    with database.begin() as session:
        tried(session, number, "忙", hour(365 * 24))
    assert due(database, hour(1)) == [other, number]
