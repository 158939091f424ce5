"""Deliver what is to be told: every message that is due over its channel, as often as it takes.

At least once: a message counts as sent only after its channel took it, so that a program killed in between sends that
message, or that part of it, once more, and never loses one. It is claimed before, so that this is not at once.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import get_close_matches

from notices.channels import Notice
from notices.heartbeat import heartbeat
from notices.posting import http_session
from notices.routing import Routing
from notices.sending import send
from schedules.delivery_round import Clock, DeliveryReport, Round
from schedules.office import Office, RequestError
from schedules.threads import in_thread
from storage.messages import Message, due_messages, failures_waiting, mark_expired, parts_since, waiting_count

__all__ = ["DeliveryReport", "deliver", "heartbeat", "send_test"]

LONGEST_WAIT = timedelta(hours=24)
"""After so long a message that does not expire by itself is given up."""

_URGENT = ("alarm", "test")
_AT_ONCE = 50  # messages of one channel in a round
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What a round begins with; ``failures`` and ``lately`` are by channel."""

    messages: dict[str, list[Message]]
    failures: dict[str, int]
    lately: dict[str, int]
    given_up: int


async def deliver(office: Office, clock: Clock) -> DeliveryReport:
    """Send what is due now, all channels side by side; what fails is kept with the reason and tried again.

    After a failure the rest of that channel's messages wait, first a minute, then twice as long each time up to an
    hour, or as long as the server asks. A channel that refuses everything until a person mends something is asked each
    hour, for those that expire. In the quiet hours only alarms are sent.
    """
    due = await in_thread(_due, office, clock())
    async with http_session() as session:
        rounds = [
            Round(
                office, session, clock, name, some, failures=due.failures.get(name, 0), lately=due.lately.get(name, 0)
            ).run()
            for name, some in due.messages.items()
        ]
        # Each to its end, whatever the others do: a message that is half told must be marked.
        results = await asyncio.gather(*rounds, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    done = [result for result in results if isinstance(result, DeliveryReport)]
    waiting = await in_thread(_waiting, office)
    failed = due.given_up + sum(each.failed for each in done)
    return DeliveryReport(sent=sum(each.sent for each in done), failed=failed, waiting=waiting)


def _due(office: Office, now: datetime) -> _Due:
    kinds = _URGENT if is_quiet(office.routing, now.astimezone(office.zone).time()) else None
    by_channel: dict[str, list[Message]] = {}
    if not _waiting(office):
        return _Due(messages={}, failures={}, lately={}, given_up=0)
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
