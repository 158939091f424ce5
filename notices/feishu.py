"""Robots of Feishu (飞书自定义机器人), signed where the channel has a secret."""

import base64
import hmac
import re
from datetime import datetime, timedelta

import aiohttp

from notices.channels import Channel, Notice
from notices.posting import Answer, as_json, json_size, post
from notices.robots import EVERYBODY, Codes, check, named
from notices.splitting import Part, parts_of_text

LIMIT = 16_000
"""Bytes of JSON that a text may have; Feishu refuses requests over 20 KB."""

PER_MINUTE = 100

_CODES = Codes(
    busy=frozenset({11232}),
    # No such robot, or one that was stopped; signature (which is of a moment), address or keyword not allowed.
    closed=frozenset({19001, 19002, 19007, 19021, 19022, 19024, 10208}),
    unfit=frozenset({9499, 11246}),  # a request that it cannot read
    wait=timedelta(minutes=1),
)
_TAG = re.compile(r"<(?=/?at\b)", re.IGNORECASE)
_EVERYBODY = '<at user_id="all">所有人</at>'


def split(notice: Notice) -> tuple[Part, ...]:
    """Split a message; what Feishu would read as naming a member is kept from being that."""
    subject, body = (_TAG.sub("＜", text) for text in (notice.subject, notice.body))
    return parts_of_text(subject, body, LIMIT - json_size(_EVERYBODY), json_size)


def signature(secret: str, now: datetime) -> dict[str, str]:
    """Return the fields that sign a message at the moment ``now``: the secret is in the key, the text is empty."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.digest(f"{timestamp}\n{secret}".encode(), b"", "sha256")
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


async def send(session: aiohttp.ClientSession, channel: Channel, notice: Notice, part: Part, now: datetime) -> None:
    """Send one part; a robot of Feishu cannot name mobile numbers, only everybody."""
    text = part.text
    if part.number == 1 and EVERYBODY in named(notice.recipient):
        text = f"{text}\n{_EVERYBODY}"
    signed: dict[str, object] = dict(signature(channel.secret, now)) if channel.secret else {}
    body = as_json(signed | {"msg_type": "text", "content": {"text": text}})
    answer = await post(session, channel, body, now=now)
    _check(channel, answer)


def _check(channel: Channel, answer: Answer) -> None:
    fields = answer.fields() or {}
    old = "code" not in fields and "StatusCode" in fields  # as robots of the first generation answer
    check(channel, answer, *(("StatusCode", "StatusMessage") if old else ("code", "msg")), _CODES)
