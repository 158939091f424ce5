"""Robots of DingTalk (钉钉自定义机器人), signed where the channel has a secret."""

import base64
import hmac
from datetime import datetime, timedelta

import aiohttp

from notices.channels import Channel, Notice
from notices.posting import as_json, json_size, post
from notices.robots import EVERYBODY, Codes, check, named
from notices.splitting import Part, parts_of_text

LIMIT = 16_000
"""Bytes of JSON that a text may have; DingTalk refuses from 20,000 on."""

PER_MINUTE = 20

_CODES = Codes(
    busy=frozenset({130101, 410100}),
    # Keyword, signature (which is of a moment) or address not allowed; no such robot; one that was stopped.
    closed=frozenset({310000, 300001, 300005, 400013, 400101, 400102}),
    # Wrong parameters; what its platform does not let through.
    unfit=frozenset({400105, 400106, 40035, 43004, 430101, 430102, 430103, 430104}),
    wait=timedelta(minutes=10),
)


def split(notice: Notice) -> tuple[Part, ...]:
    """Split a message, leaving room in every part for the numbers that the first names."""
    return parts_of_text(notice.subject, notice.body, LIMIT - json_size(_mentions(notice)), json_size)


def _mentions(notice: Notice) -> str:
    """Return the line that names people: a number that is not in the text is not told."""
    return "".join(f" @{each.removeprefix('@')}" for each in named(notice.recipient) if each != EVERYBODY)


def signature(secret: str, now: datetime) -> dict[str, str]:
    """Return what is to be added to the address at the moment ``now``."""
    timestamp = str(round(now.timestamp() * 1000))
    digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


async def send(session: aiohttp.ClientSession, channel: Channel, notice: Notice, part: Part, now: datetime) -> None:
    """Send one part; the first names those who are to read it."""
    content, people = part.text, named(notice.recipient) if part.number == 1 else []
    if people and (line := _mentions(notice)):
        content = f"{content}\n{line.strip()}"
    mobiles = [each for each in people if each != EVERYBODY]
    at = {"atMobiles": mobiles, "isAtAll": EVERYBODY in people}
    body = as_json({"msgtype": "text", "text": {"content": content}, "at": at})
    query = signature(channel.secret, now) if channel.secret else None
    check(channel, await post(session, channel, body, now=now, query=query), "errcode", "errmsg", _CODES)
