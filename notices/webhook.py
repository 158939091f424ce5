"""Any address that takes a message as JSON, signed where the channel has a secret."""

import hmac
from datetime import datetime
from http import HTTPStatus

import aiohttp

from notices.channels import Channel, Notice
from notices.posting import as_json, json_size, post, refused
from notices.secrets import identity
from notices.splitting import Part, parts_of_text

LIMIT = 256_000
"""Bytes of JSON that subject and body of one request have at most."""

_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_UNFIT = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


def split(notice: Notice) -> tuple[Part, ...]:
    """Split a message so that no request is too large."""
    return parts_of_text(notice.subject, notice.body, LIMIT, json_size)


async def send(session: aiohttp.ClientSession, channel: Channel, notice: Notice, part: Part, now: datetime) -> None:
    """Send one part; ``X-Xunjian-Signature`` is the HMAC of the body, ``X-Xunjian-Id`` the same for a repeat."""
    body = as_json(
        {
            "kind": notice.kind,
            "subject": part.subject,
            "body": part.piece,
            "at": notice.at.isoformat(),
            "accounts": list(notice.account_ids),
            "part": part.number,
            "parts": part.total,
            "recipient": notice.recipient,
        }
    )
    headers = {"X-Xunjian-Id": identity(channel, notice, part.number)}
    if channel.secret:
        headers["X-Xunjian-Signature"] = f"sha256={hmac.digest(channel.secret.encode(), body, 'sha256').hex()}"
    answer = await post(session, channel, body, now=now, headers=headers)
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    closed = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and answer.status not in _LATER
    said = answer.body[:400].decode("utf-8", "replace")
    unfit = answer.status in _UNFIT
    raise refused(channel, f"HTTP {answer.status}", said, retryable=not closed, wait=answer.retry_after, unfit=unfit)
