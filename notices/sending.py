"""The door: send a message over a channel of any kind."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime

import aiohttp

from notices import apprise_channel, dingtalk, feishu, mail, webhook, wecom
from notices.channels import Channel, ChannelKind, Notice, NoticeError
from notices.posting import http_session
from notices.splitting import Part

_LOG = logging.getLogger(__name__)

Sender = Callable[[aiohttp.ClientSession, Channel, Notice, Part, datetime], Awaitable[None]]

_KINDS: dict[ChannelKind, tuple[Callable[[Notice], tuple[Part, ...]], Sender]] = {
    ChannelKind.WECOM: (wecom.split, wecom.send),
    ChannelKind.DINGTALK: (dingtalk.split, dingtalk.send),
    ChannelKind.FEISHU: (feishu.split, feishu.send),
    ChannelKind.EMAIL: (mail.split, mail.send),
    ChannelKind.WEBHOOK: (webhook.split, webhook.send),
    ChannelKind.APPRISE: (apprise_channel.split, apprise_channel.send),
}

PER_MINUTE = {
    ChannelKind.WECOM: wecom.PER_MINUTE,
    ChannelKind.DINGTALK: dingtalk.PER_MINUTE,
    ChannelKind.FEISHU: feishu.PER_MINUTE,
}
"""How many parts a robot takes in a minute; the other kinds have no such limit."""


def parts_of(channel: Channel, notice: Notice) -> tuple[Part, ...]:
    """Split a message as the channel needs it; the pieces joined are its body."""
    split, _ = _KINDS[channel.kind]
    return split(_readable(notice))


async def send(
    channel: Channel,
    notice: Notice,
    *,
    clock: Callable[[], datetime],
    from_part: int = 0,
    on_part: Callable[[int], Awaitable[None]] | None = None,
    session: aiohttp.ClientSession | None = None,
) -> int:
    """Send what is left of a message after its first ``from_part`` parts; return how many parts it has.

    ``on_part`` is told the number of each part that went, but not of the last: then the message itself has gone. A part
    that was not taken is a NoticeError, and so is every surprise; what ``on_part`` raises ends the sending as it is.
    """
    notice = _readable(notice)
    parts = parts_of(channel, notice)
    async with AsyncExitStack() as opened:
        through = await opened.enter_async_context(http_session()) if session is None else session
        for part in parts[from_part:]:
            await _send_part(through, channel, notice, part, clock())
            if on_part and part.number < part.total:
                await on_part(part.number)
    return len(parts)


async def _send_part(
    session: aiohttp.ClientSession, channel: Channel, notice: Notice, part: Part, now: datetime
) -> None:
    _, sender = _KINDS[channel.kind]
    try:
        await sender(session, channel, notice, part, now)
    except NoticeError:
        raise
    except Exception as error:  # noqa: BLE001 - one channel's surprise must not end the others
        kind = type(error).__name__  # not its words: they may name an address, and so its key
        _LOG.error("sending failed channel=%s kind=%s error=%s", channel.name, channel.kind, kind)
        raise NoticeError(f"通知渠道“{channel.name}”：发送时程序出错（{kind}），稍后自动重试。") from None


def _readable(notice: Notice) -> Notice:
    """Return a message whose texts can be written as UTF-8, whatever a source put into them."""
    subject, body = (text.encode("utf-8", "replace").decode() for text in (notice.subject, notice.body))
    return replace(notice, subject=subject, body=body)
