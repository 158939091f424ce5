"""Deliver what is to be told: every message that is due over its channel, as often as it takes.

At least once: a message counts as sent only after its channel took it, so that a program killed in between sends that
message, or that part of it, once more, and never loses one.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from typing import Concatenate, ParamSpec

import aiohttp
from sqlalchemy.orm import Session

from notices.channels import Channel, Notice, NoticeError
from notices.heartbeat import heartbeat
from notices.posting import http_session
from notices.routing import Routing
from notices.sending import PER_MINUTE, send
from schedules.office import Office, RequestError
from storage.messages import (
    Message,
    due_messages,
    failures_waiting,
    mark_expired,
    mark_failed,
    mark_part,
    mark_retry,
    mark_sent,
    parts_since,
    waiting_count,
)

__all__ = ["DeliveryReport", "deliver", "heartbeat", "send_test"]

_LOG = logging.getLogger(__name__)

Clock = Callable[[], datetime]
P = ParamSpec("P")

LONGEST_WAIT = timedelta(hours=24)
"""After so long a message that does not expire by itself is given up."""

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=1)
_URGENT = ("alarm", "test")
_AT_ONCE = 50  # messages of one channel in a round
_ROUND = 60.0  # seconds after which a round begins no further part
_MINUTE = timedelta(minutes=1)
_SPARE = 2  # what the robot counts and what we count differ by the time that the way takes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What a round came to: messages ``sent``, ``failed`` (given up or expired), and ``waiting`` after it."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What a round begins with; ``failures`` and ``lately`` are by channel."""

    messages: dict[str, list[Message]]
    failures: dict[str, int]
    lately: dict[str, int]
    given_up: int


class _EnoughError(Exception):
    """The round is over, or the robot takes no more in this minute: the rest of a message is for another round."""


async def deliver(office: Office, clock: Clock) -> DeliveryReport:
    """Send what is due now, all channels side by side; what fails is kept with the reason and tried again.

    After a failure the rest of that channel's messages wait, first a minute, then twice as long each time up to an
    hour, or as long as the server asks. In the quiet hours only alarms are sent.
    """
    due = await asyncio.to_thread(_due, office, clock())
    async with http_session() as session:
        rounds = [_Round(office, session, clock, due, name).run() for name in due.messages]
        # Each to its end, whatever the others do: a message that is half told must be marked.
        results = await asyncio.gather(*rounds, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    done = [result for result in results if isinstance(result, DeliveryReport)]
    waiting = await asyncio.to_thread(_waiting, office)
    failed = due.given_up + sum(each.failed for each in done)
    return DeliveryReport(sent=sum(each.sent for each in done), failed=failed, waiting=waiting)


def _due(office: Office, now: datetime) -> _Due:
    kinds = _URGENT if is_quiet(office.routing, now.astimezone(office.zone).time()) else None
    by_channel: dict[str, list[Message]] = {}
    with office.database.begin() as session:
        given_up = mark_expired(session, now, LONGEST_WAIT)
        for message in due_messages(session, now, _AT_ONCE, kinds):
            by_channel.setdefault(message.channel, []).append(message)
        lately = parts_since(session, now - _MINUTE) if by_channel else {}
        failures = failures_waiting(session) if by_channel else {}
    return _Due(messages=by_channel, failures=failures, lately=lately, given_up=given_up)


def _waiting(office: Office) -> int:
    with office.database.read() as session:
        return waiting_count(session)


def is_quiet(routing: Routing, at: time) -> bool:
    """Say whether nobody is to be disturbed at a local time of day; quiet hours may span midnight."""
    begin, end = routing.quiet_from, routing.quiet_until
    if begin is None or end is None or begin == end:
        return False
    return begin <= at < end if begin < end else at >= begin or at < end


class _Round:
    """One round over one channel."""

    def __init__(self, office: Office, through: aiohttp.ClientSession, clock: Clock, due: _Due, name: str) -> None:
        self._office, self._through, self._clock, self._name = office, through, clock, name
        self._messages = due.messages[name]
        self._failures = due.failures.get(name, 0)
        self._lately = due.lately.get(name, 0)
        self._until = asyncio.get_running_loop().time() + _ROUND

    async def run(self) -> DeliveryReport:
        """Send until nothing is left, something fails or the time is over."""
        channel = self._office.routing.channels.get(self._name)
        if channel is None:
            return await self._nowhere()
        sent = 0
        for message in self._messages:
            try:
                self._check_room(channel)
                parts = await self._send(channel, message)
            except _EnoughError:
                break
            except NoticeError as error:
                return DeliveryReport(sent=sent, failed=await self._failed(message, error))
            await self._mark(mark_sent, message.message_id, self._clock(), parts)
            self._lately += 1
            sent += 1
        return DeliveryReport(sent=sent)

    async def _send(self, channel: Channel, message: Message) -> int:
        async def on_part(number: int) -> None:
            await self._mark(mark_part, message.message_id, number)
            self._lately += 1
            self._check_room(channel)

        return await send(
            channel,
            notice_of(message),
            clock=self._clock,
            from_part=message.parts_sent,
            on_part=on_part,
            session=self._through,
        )

    def _check_room(self, channel: Channel) -> None:
        """Raise where no further part is to be sent in this round."""
        limit = PER_MINUTE.get(channel.kind)
        if asyncio.get_running_loop().time() >= self._until or (limit is not None and self._lately >= limit - _SPARE):
            raise _EnoughError

    async def _failed(self, message: Message, error: NoticeError) -> int:
        """Keep why a message was not taken; return 1 where it is given up."""
        _LOG.warning(
            "message not taken channel=%s message=%d retryable=%s", self._name, message.message_id, error.retryable
        )
        now = self._clock()
        if not error.retryable:
            await self._mark(mark_failed, message.message_id, str(error), now)
            return 1
        await self._mark(mark_retry, message.message_id, str(error), now + retry_delay(self._failures, error))
        return 0

    async def _nowhere(self) -> DeliveryReport:
        sentence = f"通知渠道“{self._name}”已不在配置中，未发送；请在 xunjian.toml 的 [notify.channels] 中恢复该渠道。"
        for message in self._messages:
            await self._mark(mark_failed, message.message_id, sentence, self._clock())
        return DeliveryReport(failed=len(self._messages))

    async def _mark(self, marking: Callable[Concatenate[Session, P], None], *args: P.args, **kwargs: P.kwargs) -> None:
        def mark() -> None:
            with self._office.database.begin() as session:
                marking(session, *args, **kwargs)

        await asyncio.to_thread(mark)


def retry_delay(failures: int, error: NoticeError) -> timedelta:
    """Return how long a channel rests that failed ``failures`` times before this one."""
    if error.retry_after is not None:
        return max(error.retry_after, _FIRST_RETRY)
    return min(_FIRST_RETRY * (1 << min(failures, 10)), _LONGEST_RETRY)


def notice_of(message: Message) -> Notice:
    """Return a stored message as it is sent."""
    return Notice(
        subject=message.subject,
        body=message.body,
        at=message.made_at,
        kind=message.kind,
        recipient=message.recipient,
        account_ids=message.account_ids,
    )


async def send_test(office: Office, channel_name: str, clock: Clock) -> int:
    """Send a test message over one channel at once; return its number of parts.

    A RequestError names the nearest where there is no such channel; a NoticeError says why it was not taken.
    """
    channel = office.routing.channels.get(channel_name)
    if channel is None:
        raise RequestError(_no_such_channel(office.routing, channel_name))
    now = clock()
    shown = f"{now.astimezone(office.zone):%Y-%m-%d %H:%M:%S}"
    told = (
        "这是一条测试消息，收到即说明该渠道可用。",
        f"单位：{office.name}",
        f"渠道：{channel_name}",
        f"时间：{shown}",
    )
    test = Notice(subject="政务新媒体巡检：测试消息", body="\n".join(told), at=now, kind="test")
    return await send(channel, test, clock=clock)


def _no_such_channel(routing: Routing, name: str) -> str:
    near = get_close_matches(name, routing.channels, n=1, cutoff=0.5)
    hint = f"，是否为“{near[0]}”" if near else ""
    known = "、".join(routing.channels) or "无"
    return f"没有名为“{name}”的通知渠道{hint}；xunjian.toml 的 [notify.channels] 中已配置：{known}。"
