"""One round over one channel: claim a message, send it, note what came of it; then the next."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import aiohttp
from sqlalchemy.orm import Session

from notices.channels import Channel, Notice, NoticeError
from notices.sending import PER_MINUTE, send
from schedules.office import Office
from schedules.threads import in_thread
from storage.claims import claim, release
from storage.messages import Message, mark_failed, mark_part, mark_retry, mark_sent

_LOG = logging.getLogger(__name__)

Clock = Callable[[], datetime]
P = ParamSpec("P")
T = TypeVar("T")

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=1)
_ROUND = 60.0  # seconds after which a round begins no further part
_SPARE = 2  # what the robot counts and what we count differ by the time that the way takes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What a round came to: messages ``sent``, ``failed`` (given up or expired), and ``waiting`` after it."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0


class _EnoughError(Exception):
    """The round is over, or the robot takes no more in this minute: the rest of a message is for another round."""


class Round:
    """One round over one channel, of which ``failures`` tries came to nothing and ``lately`` parts went in a minute."""

    def __init__(
        self,
        office: Office,
        through: aiohttp.ClientSession,
        clock: Clock,
        name: str,
        messages: Sequence[Message],
        *,
        failures: int,
        lately: int,
    ) -> None:
        self._office, self._through, self._clock, self._name = office, through, clock, name
        self._messages, self._failures, self._lately = messages, failures, lately
        self._until = asyncio.get_running_loop().time() + _ROUND

    async def run(self) -> DeliveryReport:
        """Send until nothing is left, something fails or the time is over."""
        channel = self._office.routing.channels.get(self._name)
        if channel is None:
            return await self._nowhere()
        sent = 0
        for message in self._messages:
            if not self._has_room(channel):
                break
            # Where this cannot be written, what became of the message could not be either: so it is not sent.
            if not await self._write(claim, message, self._claimed_until(channel, message)):
                continue
            try:
                parts = await self._send(channel, message)
            except _EnoughError:
                await self._write(release, message.message_id, self._clock())
                break
            except NoticeError as error:
                return DeliveryReport(sent=sent, failed=await self._failed(message, error))
            await self._write(mark_sent, message.message_id, self._clock(), parts)
            self._lately += 1
            sent += 1
        return DeliveryReport(sent=sent)

    async def _send(self, channel: Channel, message: Message) -> int:
        async def on_part(number: int) -> None:
            await self._write(mark_part, message.message_id, number, self._claimed_until(channel, message))
            self._lately += 1
            if not self._has_room(channel):
                raise _EnoughError

        return await send(
            channel,
            notice_of(message),
            clock=self._clock,
            from_part=message.parts_sent,
            on_part=on_part,
            session=self._through,
        )

    def _claimed_until(self, channel: Channel, message: Message) -> datetime:
        """Return when a try of which nothing was noted is made again: later each time, as after one that failed."""
        return self._clock() + max(channel.timeout, _doubled(message.tries))

    def _has_room(self, channel: Channel) -> bool:
        """Say whether a further part may be sent in this round."""
        limit = PER_MINUTE.get(channel.kind)
        in_time = asyncio.get_running_loop().time() < self._until
        return in_time and (limit is None or self._lately < limit - _SPARE)

    async def _failed(self, message: Message, error: NoticeError) -> int:
        """Keep why a message was not taken; return 1 where it is given up."""
        _LOG.warning(
            "message not taken channel=%s message=%d retryable=%s", self._name, message.message_id, error.retryable
        )
        now = self._clock()
        delay = retry_delay(self._failures, error, expires=message.expires_at is not None)
        if delay is None:
            await self._write(mark_failed, message.message_id, str(error), now)
            return 1
        await self._write(mark_retry, message.message_id, str(error), now + delay)
        return 0

    async def _nowhere(self) -> DeliveryReport:
        sentence = f"通知渠道“{self._name}”已不在配置中，未发送；请在 xunjian.toml 的 [notify.channels] 中恢复该渠道。"
        gone = NoticeError(sentence, retryable=False)
        return DeliveryReport(failed=sum([await self._failed(each, gone) for each in self._messages]))

    async def _write(self, writing: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def write() -> T:
            with self._office.database.begin() as session:
                return writing(session, *args, **kwargs)

        return await in_thread(write)


def retry_delay(failures: int, error: NoticeError, *, expires: bool) -> timedelta | None:
    """Return how long a channel rests that failed ``failures`` times before this one; None: the message is given up.

    Of a message that ``expires`` by itself only what is unfit is: whatever else is wrong may be mended until then.
    """
    if not error.retryable:
        return _LONGEST_RETRY if expires and not error.unfit else None
    if error.retry_after is not None:
        return max(error.retry_after, _FIRST_RETRY)
    return _doubled(failures)


def _doubled(failures: int) -> timedelta:
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
