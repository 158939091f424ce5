"""Reminders are kept once for account, rule and window, counted when they were sent, and told again when lost."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

from sqlalchemy.orm import Session

from monitor.findings import Window
from monitor.reminding import Reminder
from monitor.values import Platform, Post
from storage.database import Database
from storage.messages import mark_expired, mark_failed, mark_sent, queue_message
from storage.reminders import (
    Told,
    known_windows,
    lost_reminders,
    reminders_between,
    save_reminders,
    sent_counts,
    told,
)
from tests.storage.values import an_account, hour, register

WEEK = Window(date(2026, 10, 12), date(2026, 10, 18))
ENDS = hour(18 * 24 - 8)
NOW = hour(15 * 24)
DAY = timedelta(days=1)


def a_reminder(
    account_id: str = "a1", code: str = "GX-03", window: Window = WEEK, ends_at: datetime = ENDS
) -> Reminder:
    last = Post(account_id=account_id, key="k", title="要闻", url="", published_at=hour(10), seen_at=hour(10))
    return Reminder(
        account=an_account(account_id),
        code=code,
        category="未达到周更新要求",
        window=window,
        ends_at=ends_at,
        needs_original=False,
        rolling=False,
        at=NOW,
        minimum=1,
        known=0,
        doubts="",
        seen_until=NOW,
        unseen=(),
        stale=False,
        last_post=last,
    )


def saved(database: Database, *given: Reminder, at: datetime = NOW) -> dict[Told, int]:
    with database.begin() as session:
        return save_reminders(session, [(each, f"{each.account.name}：提醒") for each in given], at)


def message(session: Session, *numbers: int, expires_at: datetime = ENDS) -> int:
    return queue_message(
        session,
        channel="群",
        recipient="",
        kind="reminder",
        subject="提醒",
        body="提醒",
        made_at=NOW,
        next_at=NOW,
        expires_at=expires_at,
        reminder_ids=numbers,
    )


def prepared(database: Database) -> None:
    with database.begin() as session:
        register(session, an_account("a1"), an_account("a2"))


def test_a_reminder_is_kept_once(database: Database) -> None:
    prepared(database)
    first = a_reminder()
    assert set(saved(database, first, a_reminder("a2"))) == {told(first), told(a_reminder("a2"))}
    later = a_reminder(code="GX-01", window=Window(date(2026, 10, 5), WEEK.last))
    assert list(saved(database, first, later, at=NOW + DAY)) == [told(later)]
    with database.read() as session:
        kept = reminders_between(session, NOW, NOW + 2 * DAY)
        assert [(each.account_id, each.rule, each.window) for each in kept] == [
            ("a1", "GX-03", WEEK),
            ("a2", "GX-03", WEEK),
            ("a1", "GX-01", later.window),
        ]
        assert reminders_between(session, NOW + DAY, NOW + 2 * DAY) == kept[2:]
        assert reminders_between(session, NOW - DAY, NOW) == []
    one = kept[0]
    assert (one.organizer, one.account_name, one.platform) == ("县政府办", "账号a1", Platform.WECHAT)
    assert (one.ends_at, one.last_post_at, one.made_at, one.sent_at) == (ENDS, hour(10), NOW, None)
    assert one.text == "账号a1：提醒"


def test_an_account_without_a_post_can_be_reminded(database: Database) -> None:
    prepared(database)
    saved(database, replace(a_reminder(), last_post=None))
    with database.read() as session:
        assert [each.last_post_at for each in reminders_between(session, NOW, NOW + DAY)] == [None]


def test_two_writers_make_each_once(database: Database) -> None:
    prepared(database)
    given = [a_reminder("a1"), a_reminder("a2"), a_reminder("a1", "YC-01")]
    begun, made = Barrier(2), list[dict[Told, int]]()

    def write(order: int) -> None:
        begun.wait(timeout=60)
        made.append(saved(database, *given[::order]))

    writers = [Thread(target=write, args=(order,)) for order in (1, -1)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(timeout=60)
    assert len(made) == 2
    assert sorted([*made[0], *made[1]]) == sorted(told(each) for each in given)
    with database.read() as session:
        assert len(reminders_between(session, NOW, NOW + DAY)) == 3


def test_only_open_windows_are_known(database: Database) -> None:
    prepared(database)
    past = a_reminder(window=Window(date(2026, 10, 5), date(2026, 10, 11)), ends_at=NOW)
    numbers = saved(database, a_reminder(), past, a_reminder("a2"))
    with database.read() as session:
        assert known_windows(session, ["a1"], NOW) == {told(a_reminder()): numbers[told(a_reminder())]}
        assert set(known_windows(session, ["a1", "a2"], NOW - DAY)) == set(numbers)
        assert known_windows(session, [], NOW) == {}


def test_what_was_sent_is_counted(database: Database) -> None:
    prepared(database)
    numbers = saved(database, a_reminder(), a_reminder(code="GX-01"), a_reminder("a2"))
    one, two, three = sorted(numbers.values())
    with database.begin() as session:
        mark_sent(session, message(session, one, two), NOW + DAY, 1)
        message(session, three)
    with database.read() as session:
        assert sent_counts(session, ["a1", "a2"], NOW, NOW + 2 * DAY) == {"a1": 2, "a2": 0}
        assert sent_counts(session, ["a1"], NOW, NOW + DAY) == {"a1": 0}
        assert sent_counts(session, ["a1"], NOW + DAY, NOW + 2 * DAY) == {"a1": 2}


def test_a_reminder_is_lost_when_all_its_messages_have_expired(database: Database) -> None:
    prepared(database)
    sent, waiting, failed, expired, unsaid, half = (
        a_reminder(code=code) for code in ("GX-01", "GX-02", "GX-03", "YC-01", "X-1", "X-2")
    )
    numbers = saved(database, sent, waiting, failed, expired, unsaid, half)
    soon = NOW + timedelta(hours=1)
    with database.begin() as session:
        mark_sent(session, message(session, numbers[told(sent)], expires_at=soon), NOW, 1)
        message(session, numbers[told(waiting)])
        mark_failed(session, message(session, numbers[told(failed)], expires_at=soon), "不存在", NOW)
        message(session, numbers[told(expired)], numbers[told(half)], expires_at=soon)
        message(session, numbers[told(half)])
    with database.begin() as session:
        assert lost_reminders(session, ["a1"], soon) == {}
        mark_expired(session, soon, DAY)
    with database.read() as session:
        assert lost_reminders(session, ["a1"], soon) == {told(expired): numbers[told(expired)]}
        assert lost_reminders(session, ["a1"], ENDS) == {}
        assert lost_reminders(session, ["a2"], soon) == {}
