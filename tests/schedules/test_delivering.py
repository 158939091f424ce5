import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from notices.channels import Channel, ChannelKind, NoticeError
from notices.routing import Routing
from schedules.delivering import DeliveryReport, deliver, is_quiet, send_test
from schedules.delivery_round import retry_delay
from schedules.office import Office, RequestError
from storage.database import open_database
from storage.errors import StorageError
from storage.messages import ChannelState, Message, MessageState, channel_states, queue_message, recent_messages
from tests.notices.servers import KEY, NOW, Robots, a_channel, mailbox, refusing, robots, silent

LONG = "县政府办“高县发布”本周尚未更新，最近一次更新于 10 月 8 日。\n" * 200


class Clock:
    """A clock that stands until it is put forward."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def told_by(office: Office, *channels: Channel, **changes: Any) -> Office:
    named = {channel.name: channel for channel in channels}
    return replace(office, routing=Routing(channels=named, office=tuple(named), **changes))


def queue(office: Office, channel: str, *, at: datetime = NOW, **more: Any) -> int:
    given: dict[str, Any] = {"recipient": "", "kind": "reminder", "subject": "提醒", "body": "正文", "next_at": at}
    with office.database.begin() as session:
        return queue_message(session, channel=channel, made_at=at, **given | more)


def message(office: Office, message_id: int) -> Message:
    with office.database.read() as session:
        return next(each for each in recent_messages(session, 1000) if each.message_id == message_id)


def state_of(office: Office, channel: str) -> ChannelState:
    with office.database.read() as session:
        return channel_states(session, NOW - timedelta(days=1))[channel]


def states(office: Office, *numbers: int) -> list[MessageState]:
    return [message(office, each).state for each in numbers]


def with_robots(check: Callable[[Robots], Awaitable[None]]) -> None:
    async def run() -> None:
        async with robots() as running:
            await check(running)

    asyncio.run(run())


def named(channel: Channel, name: str) -> Channel:
    return replace(channel, name=name)


SENT, WAITING, FAILED, EXPIRED = MessageState.SENT, MessageState.WAITING, MessageState.FAILED, MessageState.EXPIRED


def test_what_is_due_goes_over_every_kind_of_channel(office: Office) -> None:
    async def check(running: Robots) -> None:
        channels = [named(getattr(running, kind)(), kind) for kind in ("wecom", "dingtalk", "feishu", "webhook")]
        with mailbox() as box:
            told = told_by(office, *channels, named(box.channel(), "email"))
            numbers = [queue(told, name) for name in told.routing.office]
            later = queue(told, "wecom", next_at=NOW + timedelta(minutes=1))
            clock = Clock()
            assert await deliver(told, clock) == DeliveryReport(sent=5, failed=0, waiting=1)
        assert states(told, *numbers, later) == [SENT] * 5 + [WAITING]
        assert len(running.taken) == 4
        assert [letter["Subject"] for letter in box.letters] == ["提醒"]
        assert await deliver(told, clock) == DeliveryReport(waiting=1)
        assert running.asked == 4

    with_robots(check)


def test_nothing_to_be_told_is_nothing(office: Office) -> None:
    assert asyncio.run(deliver(office, Clock())) == DeliveryReport()


def test_a_failing_channel_rests_longer_each_time_and_never_blocks_the_rest(office: Office) -> None:
    async def check(running: Robots) -> None:
        bad = a_channel(ChannelKind.WECOM, f"http://127.0.0.1:{refusing()}/?key={KEY}", name="坏的群")
        told, clock = told_by(office, bad, named(running.feishu(), "好的群")), Clock()
        stuck = [queue(told, "坏的群") for _ in range(3)]
        for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
            good = queue(told, "好的群", at=clock())
            assert (await deliver(told, clock)).sent == 1
            assert states(told, good) == [SENT]
            tried = max((message(told, each) for each in stuck), key=lambda each: each.next_at)
            assert tried.next_at - clock() == timedelta(minutes=minutes)
            assert tried.error == "通知渠道“坏的群”：无法连接服务器，稍后自动重试。"
            clock.forward(minutes=minutes - 0.1)
            assert await deliver(told, clock) == DeliveryReport(waiting=3)
            clock.forward(minutes=0.1)
        assert [message(told, each).tries for each in stuck] == [3, 3, 2]
        assert running.asked == 8

    with_robots(check)


def test_a_channel_that_works_again_sends_all_that_waited(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        numbers = [queue(told, "群", body=f"第{number}条") for number in range(3)]
        running.answer({"errcode": 45009, "errmsg": "api freq out of limit"})
        assert await deliver(told, clock) == DeliveryReport(waiting=3)
        clock.forward(minutes=1)
        assert await deliver(told, clock) == DeliveryReport(sent=3)
        assert states(told, *numbers) == [SENT] * 3
        assert sorted(sent["text"]["content"] for sent in running.taken) == [
            "提醒\n第0条",
            "提醒\n第1条",
            "提醒\n第2条",
        ]
        assert message(told, numbers[0]).error == ""

    with_robots(check)


def test_one_message_that_always_fails_is_not_in_the_way_of_the_others(office: Office) -> None:
    with mailbox() as box:
        told, clock = told_by(office, named(box.channel(), "邮箱")), Clock()
        box.replies["rcpt TO:<grey@gaoxian.example>"] = "451 greylisted"
        grey = queue(told, "邮箱", recipient="grey@gaoxian.example")
        others = [queue(told, "邮箱") for _ in range(2)]
        assert asyncio.run(deliver(told, clock)) == DeliveryReport(waiting=3)
        clock.forward(minutes=10)
        assert asyncio.run(deliver(told, clock)) == DeliveryReport(sent=2, waiting=1)
    assert states(told, grey, *others) == [WAITING, SENT, SENT]
    assert message(told, grey).next_at == clock() + timedelta(minutes=10)


def test_a_channel_that_hangs_does_not_hold_up_the_others(office: Office) -> None:
    async def check(running: Robots) -> None:
        with silent() as port:
            hangs = a_channel(ChannelKind.WEBHOOK, f"http://127.0.0.1:{port}/", name="慢")
            told, clock = told_by(office, hangs, named(running.wecom(), "快")), Clock()
            slow, quick = queue(told, "慢"), [queue(told, "快") for _ in range(5)]
            delivering = asyncio.create_task(deliver(told, clock))
            await running.took(5)
            assert not delivering.done()
        assert await delivering == DeliveryReport(sent=5, waiting=1)  # nobody listens any more
        assert states(told, slow, *quick) == [WAITING] + [SENT] * 5
        clock.forward(minutes=10)
        with silent() as port:
            hangs = replace(hangs, url=f"http://127.0.0.1:{port}/", timeout=timedelta(seconds=0.3))
            assert await deliver(told_by(office, hangs), clock) == DeliveryReport(waiting=1)
        assert "在 0.3 秒内没有应答" in message(told, slow).error

    with_robots(check)


def test_what_cannot_succeed_is_given_up_and_shown(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(key="wrong-key-0123456789"), "群")), Clock()
        numbers = [queue(told, "群") for _ in range(2)]
        assert await deliver(told, clock) == DeliveryReport(failed=1, waiting=1)
        assert await deliver(told, clock) == DeliveryReport(failed=1)
        assert states(told, *numbers) == [FAILED, FAILED]
        assert "[notify.channels.群]" in message(told, numbers[0]).error
        assert "wrong-key" not in message(told, numbers[0]).error

    with_robots(check)


def test_a_channel_that_the_configuration_lost_is_said(office: Office) -> None:
    number = queue(office, "旧群")
    assert asyncio.run(deliver(office, Clock())) == DeliveryReport(failed=1)
    assert message(office, number).state is FAILED
    assert "“旧群”已不在配置中" in message(office, number).error


def test_a_reminder_is_sent_once_its_channel_is_back_in_the_configuration(office: Office) -> None:
    """A name was mistyped at a reload, and mended before the reminder's time had passed."""

    async def check(running: Robots) -> None:
        clock = Clock()
        number = queue(office, "群", expires_at=NOW + timedelta(hours=9))
        assert await deliver(office, clock) == DeliveryReport(waiting=1)
        assert "已不在配置中" in state_of(office, "群").error
        assert state_of(office, "群").retry_at == NOW + timedelta(hours=1)
        clock.forward(hours=1)
        told = told_by(office, named(running.wecom(), "群"))
        assert await deliver(told, clock) == DeliveryReport(sent=1)
        assert states(told, number) == [SENT]

    with_robots(check)


def test_what_a_robot_refuses_until_something_is_mended_is_tried_each_hour_until_it_expires(office: Office) -> None:
    """A robot was stopped, and is set going again after two hours."""

    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        kept, lost = (queue(told, "群", expires_at=NOW + timedelta(hours=hours)) for hours in (9, 2))
        digest = queue(told, "群", kind="digest")
        for _ in range(3):
            running.answer({"errcode": 93004, "errmsg": "robot is stopped"})
        assert await deliver(told, clock) == DeliveryReport(waiting=3)
        shown = state_of(told, "群")
        assert "93004（robot is stopped）；请核对 xunjian.toml" in shown.error
        assert (shown.retry_at, shown.waiting, shown.failed) == (NOW + timedelta(hours=1), 3, 0)
        clock.forward(minutes=59)
        assert await deliver(told, clock) == DeliveryReport(waiting=3)
        assert running.asked == 1
        clock.forward(minutes=1)
        assert await deliver(told, clock) == DeliveryReport(waiting=3)  # the other one: it was not tried yet
        clock.forward(hours=1)
        assert await deliver(told, clock) == DeliveryReport(failed=2, waiting=1)  # one expired, the digest was refused
        assert await deliver(told, clock) == DeliveryReport(sent=1)
        assert states(told, kept, lost, digest) == [SENT, EXPIRED, FAILED]

    with_robots(check)


def test_what_is_refused_for_what_it_is_is_given_up(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        number = queue(told, "群", expires_at=NOW + timedelta(hours=9))
        running.answer({"errcode": 40058, "errmsg": "invalid parameter"})
        assert await deliver(told, clock) == DeliveryReport(failed=1)
        assert states(told, number) == [FAILED]

    with_robots(check)


def test_a_message_is_tried_until_its_time_has_passed(office: Office) -> None:
    bad = a_channel(ChannelKind.WEBHOOK, f"http://127.0.0.1:{refusing()}/", name="群")
    told, clock = told_by(office, bad), Clock()
    reminder, digest = queue(told, "群", expires_at=NOW + timedelta(hours=1)), queue(told, "群", kind="digest")
    given_up: dict[int, float] = {}
    while len(given_up) < 2:
        asyncio.run(deliver(told, clock))
        for number in (reminder, digest):
            if message(told, number).state is not WAITING:
                given_up.setdefault(number, (clock() - NOW) / timedelta(hours=1))
        clock.forward(minutes=30)
    assert given_up == {reminder: 1.0, digest: 24.0}
    assert states(told, reminder, digest) == [EXPIRED, FAILED]


def test_a_message_that_waited_while_nothing_ran_is_still_tried(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        digest, reminder = queue(told, "群", kind="digest"), queue(told, "群", expires_at=NOW + timedelta(hours=8))
        clock.forward(hours=36)
        assert await deliver(told, clock) == DeliveryReport(sent=1, failed=1)
        assert states(told, digest, reminder) == [SENT, EXPIRED]

    with_robots(check)


def test_in_the_quiet_hours_only_alarms_are_sent(office: Office) -> None:
    async def check(running: Robots) -> None:
        hours = {"quiet_from": time(21, 30), "quiet_until": time(8)}
        told, clock = told_by(office, named(running.wecom(), "群"), **hours), Clock()
        clock.forward(hours=7)  # 22:00
        reminder = queue(told, "群", expires_at=NOW + timedelta(hours=12))
        digest, alarm = queue(told, "群", kind="digest"), queue(told, "群", kind="alarm")
        assert await deliver(told, clock) == DeliveryReport(sent=1, waiting=2)
        assert states(told, reminder, digest, alarm) == [WAITING, WAITING, SENT]
        clock.forward(hours=9.9)  # 07:54
        assert await deliver(told, clock) == DeliveryReport(failed=1, waiting=1)
        clock.forward(hours=0.1)
        assert await deliver(told, clock) == DeliveryReport(sent=1)
        assert states(told, reminder, digest) == [EXPIRED, SENT]

    with_robots(check)


@pytest.mark.parametrize(
    ("begin", "end", "quiet", "loud"),
    [
        pytest.param(
            time(21),
            time(7),
            [time(21), time(23, 59), time(0), time(6, 59)],
            [time(7), time(20, 59)],
            id="over-midnight",
        ),
        pytest.param(time(12), time(14), [time(12), time(13, 59)], [time(11, 59), time(14)], id="at-noon"),
        pytest.param(time(12), time(12), [], [time(12), time(0)], id="no-time"),
        pytest.param(None, time(12), [], [time(0)], id="no-beginning"),
        pytest.param(time(12), None, [], [time(23)], id="no-end"),
    ],
)
def test_quiet_hours(begin: time | None, end: time | None, quiet: list[time], loud: list[time]) -> None:
    routing = Routing(quiet_from=begin, quiet_until=end)
    assert all(is_quiet(routing, at) for at in quiet)
    assert not any(is_quiet(routing, at) for at in loud)


@pytest.mark.parametrize(
    ("failures", "asked", "minutes"),
    [(0, None, 1), (3, None, 8), (6, None, 60), (10_000, None, 60), (5, timedelta(0), 1), (0, timedelta(hours=3), 180)],
)
def test_how_long_a_channel_rests(failures: int, asked: timedelta | None, minutes: int) -> None:
    for expires in (False, True):
        assert retry_delay(failures, NoticeError("", retry_after=asked), expires=expires) == timedelta(minutes=minutes)


def test_a_split_message_goes_on_with_the_first_part_that_was_not_sent(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        number = queue(told, "群", body=LONG)
        for _ in range(3):
            running.answer({"errcode": 0, "errmsg": "ok"})
        running.answer({"errcode": -1, "errmsg": "system busy"})
        assert await deliver(told, clock) == DeliveryReport(waiting=1)
        assert message(told, number).parts_sent == 3
        clock.forward(minutes=1)
        assert await deliver(told, clock) == DeliveryReport(sent=1)
        whole = message(told, number)
        headings = [sent["text"]["content"].partition("\n")[0] for sent in running.taken]
        assert headings == [f"提醒（{part}/{whole.parts_sent}）" for part in range(4, whole.parts_sent + 1)]

    with_robots(check)


def test_a_robot_is_not_told_more_than_it_takes_in_a_minute(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群"), named(running.webhook(), "接口")), Clock()
        for _ in range(30):
            queue(told, "群")
            queue(told, "接口")
        assert await deliver(told, clock) == DeliveryReport(sent=48, waiting=12)
        assert await deliver(told, clock) == DeliveryReport(waiting=12)
        clock.forward(minutes=1)
        assert await deliver(told, clock) == DeliveryReport(sent=12)

    with_robots(check)


def test_a_message_of_very_many_parts_goes_on_in_the_next_round(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        number = queue(told, "群", body=LONG * 3)
        assert await deliver(told, clock) == DeliveryReport(waiting=1)
        assert (message(told, number).parts_sent, message(told, number).tries) == (18, 0)
        while message(told, number).state is WAITING:
            clock.forward(minutes=1)
            await deliver(told, clock)
        pieces = [sent["text"]["content"].partition("\n")[2] for sent in running.taken]
        assert "".join(pieces) == LONG * 3

    with_robots(check)


def test_a_database_that_fails_is_an_error_and_no_lost_message(office: Office, file: Path) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        number = queue(told, "群")
        impatient = open_database(f"sqlite:///{file}", timeout=0.1)
        with office.database.begin() as session:
            session.execute(text("SELECT 1"))  # another program holds the write lock from here on
            with pytest.raises(StorageError, match="仍被其他程序占用"):
                await deliver(replace(told, database=impatient), clock)
        impatient.close()
        assert message(told, number).state is WAITING
        assert await deliver(told, clock) == DeliveryReport(sent=1)

    with_robots(check)


REFUSALS = {
    "before": "BEFORE UPDATE ON messages BEGIN",
    "after": "BEFORE UPDATE ON messages WHEN NEW.parts_sent > OLD.parts_sent BEGIN",
}


@contextmanager
def no_room(office: Office, when: str) -> Iterator[None]:
    """A database that refuses to write down what became of messages, from the claim on or only after it."""
    with office.database.begin() as session:
        session.execute(text(f"CREATE TRIGGER full {REFUSALS[when]} SELECT RAISE(ABORT, 'no room'); END"))
    yield
    with office.database.begin() as session:
        session.execute(text("DROP TRIGGER full"))


def test_what_cannot_be_noted_is_not_sent(office: Office) -> None:
    """A full disk: nobody is told at every tick what only could not be written down."""

    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        number = queue(told, "群")
        with no_room(told, "before"):
            for _ in range(5):
                with pytest.raises(StorageError):
                    await deliver(told, clock)
                clock.forward(seconds=30)
        assert running.asked == 0
        assert await deliver(told, clock) == DeliveryReport(sent=1)
        assert (states(told, number), len(running.taken)) == ([SENT], 1)

    with_robots(check)


def test_what_was_sent_and_could_not_be_noted_is_sent_again_after_its_claim(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        number, times = queue(told, "群"), list[int]()
        with no_room(told, "after"):
            for _ in range(40):  # twenty minutes
                begun = running.asked
                with suppress(StorageError):
                    await deliver(told, clock)
                if running.asked > begun:
                    times.append(round((clock() - NOW).total_seconds() / 60))
                clock.forward(seconds=30)
        assert times == [0, 1, 3, 7, 15]
        while message(told, number).state is WAITING:
            await deliver(told, clock)
            clock.forward(seconds=30)
        assert len(running.taken) == len(times) + 1

    with_robots(check)


def test_a_part_that_could_not_be_noted_does_not_go_on(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.wecom(), "群")), Clock()
        number = queue(told, "群", body=LONG)
        with no_room(told, "after"), pytest.raises(StorageError):
            await deliver(told, clock)
        assert (len(running.taken), message(told, number).parts_sent) == (1, 0)
        assert await deliver(told, clock) == DeliveryReport(waiting=1)
        clock.forward(minutes=1)
        assert await deliver(told, clock) == DeliveryReport(sent=1)
        assert len(running.taken) == 1 + message(told, number).parts_sent

    with_robots(check)


def test_two_programs_at_once_send_a_message_once(office: Office) -> None:
    async def check(running: Robots) -> None:
        told, clock = told_by(office, named(running.webhook(), "接口")), Clock()
        for number in range(10):
            queue(told, "接口", body=f"第{number}条")
        await asyncio.gather(deliver(told, clock), deliver(told, clock))
        assert sorted(sent["body"] for sent in running.taken) == [f"第{number}条" for number in range(10)]

    with_robots(check)


def test_a_test_message_says_where_it_comes_from(office: Office) -> None:
    async def check(running: Robots) -> None:
        told = told_by(office, named(running.wecom(), "工作群"))
        assert await send_test(told, "工作群", Clock()) == 1
        content = running.taken[0]["text"]["content"]
        assert content.splitlines()[0] == "政务新媒体巡检：测试消息"
        assert "时间：2026-10-12 15:00:00" in content
        with pytest.raises(RequestError, match="是否为“工作群”.*已配置：工作群。"):
            await send_test(told, "工作裙", Clock())
        with pytest.raises(NoticeError):
            await send_test(told_by(office, named(running.wecom(key="wrong"), "工作群")), "工作群", Clock())

    with_robots(check)


CHILD = """
import asyncio, sys
from dataclasses import replace
from notices.routing import Routing
from schedules.delivering import deliver
from storage.database import open_database
from tests.notices.servers import NOW, Robots
from tests.schedules.offices import an_office
file, url = sys.argv[1:]
office = an_office(open_database(f"sqlite:///{file}"))
channel = replace(Robots(url=url).webhook(), name="接口")
office = replace(office, routing=Routing(channels={"接口": channel}))
print("ready", flush=True)
asyncio.run(deliver(office, lambda: NOW))
"""


@pytest.mark.slow
@pytest.mark.chaos
def test_killed_at_any_moment_a_message_may_be_told_twice_but_never_lost(
    office: Office, file: Path, repository: Path
) -> None:
    kills, in_all = 4, 40

    async def check(running: Robots) -> None:
        told = told_by(office, named(running.webhook(), "接口"))
        for number in range(in_all):
            queue(told, "接口", body=f"第{number}条")
        for kill in range(kills):
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-c", CHILD, str(file), running.url, cwd=repository, stdout=subprocess.PIPE
            )
            assert child.stdout is not None
            assert await child.stdout.readline() == b"ready\n"
            await running.took(len(running.taken) + 3 + kill % 3)
            os.kill(child.pid, signal.SIGKILL)
            assert await child.wait() == -signal.SIGKILL
        later = Clock()
        later.forward(minutes=1)  # what was under way is claimed for a minute
        report = await deliver(told, later)
        bodies = [sent["body"] for sent in running.taken]
        assert report.waiting == 0
        assert set(bodies) == {f"第{number}条" for number in range(in_all)}
        assert len(bodies) - in_all <= kills  # at most the one that was under way
        repeated = {body for body in bodies if bodies.count(body) > 1}
        identities = {headers["X-Xunjian-Id"] for headers in running.headers}
        assert len(identities) == in_all, repeated

    with_robots(check)
