"""Whatever apprise can reach; it is an extra, and only asked for where a channel uses it."""

import logging
from datetime import datetime
from typing import Any

import aiohttp

from notices.channels import Channel, Notice, NoticeError
from notices.posting import misset
from notices.splitting import Part, byte_size, parts_of_text
from notices.threads import in_thread

LIMIT = 1_800
"""Bytes of UTF-8: what the shortest of the services behind it takes, with room to spare."""


def split(notice: Notice) -> tuple[Part, ...]:
    """Split a message for the service that takes least."""
    return parts_of_text(notice.subject, notice.body, LIMIT, byte_size)


async def send(_session: aiohttp.ClientSession, channel: Channel, _notice: Notice, part: Part, _now: datetime) -> None:
    """Send one part; apprise says whether it went, not why it did not."""
    door = _door(channel)
    if not door.add(channel.url):
        raise misset(channel, "url 不是 apprise 能识别的地址")
    told: list[bool] = []
    try:
        await in_thread(
            lambda: told.append(bool(door.notify(body=part.piece, title=part.subject))), channel.timeout, lambda: None
        )
    except TimeoutError:
        seconds = f"{channel.timeout.total_seconds():g}"
        raise NoticeError(f"通知渠道“{channel.name}”：服务器在 {seconds} 秒内没有应答，稍后自动重试。") from None
    if not all(told):
        raise NoticeError(f"通知渠道“{channel.name}”：apprise 未能送出，稍后自动重试；也请核对该渠道的 url。")


def _door(channel: Channel) -> Any:
    try:
        import apprise
    except ImportError:
        raise NoticeError(
            f"通知渠道“{channel.name}”：缺少 apprise；请执行 pip install 'xunjian[apprise]'。", retryable=False
        ) from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its own lines name addresses, and so their keys
    return apprise.Apprise()
