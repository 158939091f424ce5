"""Robots of WeCom (企业微信群机器人)."""

from datetime import datetime, timedelta

import aiohttp

from notices.channels import Channel, Notice
from notices.posting import as_json, post
from notices.robots import Codes, check, named
from notices.splitting import Part, byte_size, parts_of_text

LIMIT = 2048
"""Bytes of UTF-8 that a text may have."""

PER_MINUTE = 20

_CODES = Codes(
    busy=frozenset({45009, 45033}),
    closed=frozenset({93000, 93004, 93008, 41001}),  # no such robot, or one that was stopped
    # No or an empty text; a text too long; parameters that it does not know.
    unfit=frozenset({44004, 45002, 40008, 40058, 40035}),
    wait=timedelta(minutes=1),
)


def split(notice: Notice) -> tuple[Part, ...]:
    """Split a message as WeCom counts; what it would read as naming a member is kept from being that."""
    subject, body = (text.replace("<@", "＜@") for text in (notice.subject, notice.body))
    return parts_of_text(subject, body, LIMIT, byte_size)


async def send(session: aiohttp.ClientSession, channel: Channel, notice: Notice, part: Part, now: datetime) -> None:
    """Send one part; the first names those who are to read it."""
    text: dict[str, object] = {"content": part.text}
    if part.number == 1 and (mobiles := named(notice.recipient)):
        text["mentioned_mobile_list"] = mobiles
    answer = await post(session, channel, as_json({"msgtype": "text", "text": text}), now=now)
    check(channel, answer, "errcode", "errmsg", _CODES)
