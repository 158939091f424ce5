"""One server's answer: its body under the size cap and inflated, and the headers that matter."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp

from crawler.failures import Failure
from crawler.inflate import inflate
from monitor.visits import Outcome

_NOT_OFFERED: Final = frozenset({"br", "zstd", "compress", "x-compress"})
_IN_THREAD: Final = 256 * 1024  # inflating less than this takes about a millisecond
_LONGEST_VALIDATOR: Final = 512
_LONGEST_REFUSAL: Final = 256 * 1024
_OLDEST: Final = 2**31  # seconds; HTTP takes an age beyond it for this much


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One server's answer. ``outcome`` is None where there is a body to read; ``damaged`` where that is not whole.

    ``age`` is how long ago the site itself gave it, where a cache on the way says so. ``headers`` are those that came,
    in order; a refusal's ``body`` is kept too, as evidence of it.
    """

    outcome: Outcome | None = None
    reason: str = ""
    status: int | None = None
    body: bytes = b""
    damaged: bool = False
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    retry_after: timedelta | None = None
    location: str | None = None
    age: timedelta = timedelta(0)
    headers: tuple[tuple[str, str], ...] = ()


def reply_of(failure: Failure) -> Reply:
    """Return a failure as an answer."""
    return Reply(outcome=failure.outcome, reason=failure.reason, status=failure.status, retry_after=failure.retry_after)


def age_of(headers: Mapping[str, str]) -> timedelta:
    """Read the Age header, in seconds; zero where there is none that can be read."""
    value = headers.get("Age", "").strip()
    if not (value.isascii() and value.isdigit()):
        return timedelta(0)
    return timedelta(seconds=min(int(value[:20]), _OLDEST))


async def read_body(response: aiohttp.ClientResponse, where: str, max_bytes: int) -> Reply:
    """Read a body up to the cap and undo its compression; one that ends early is kept and marked as damaged."""
    status = response.status
    too_large = Reply(
        outcome=Outcome.TOO_LARGE, reason=f"{where} 返回的内容超过 {max_bytes / 2**20:g} MB 的上限", status=status
    )
    if (response.content_length or 0) > max_bytes:
        return too_large
    _end_with_connection(response)
    raw, cut = bytearray(), False
    try:
        async for chunk in response.content.iter_any():
            raw += chunk
            if len(raw) > max_bytes:
                return too_large
    except (aiohttp.ClientError, OSError):
        cut = True
    encodings = _encodings(response.headers.getall("Content-Encoding", ()))
    if len(raw) < _IN_THREAD:
        inflated = inflate(bytes(raw), encodings, max_bytes)
    else:
        inflated = await asyncio.to_thread(inflate, bytes(raw), encodings, max_bytes)
    if inflated.too_large:
        return too_large
    if _NOT_OFFERED.intersection(encodings) and not inflated.body.lstrip().startswith((b"<", b"{", b"\xef\xbb\xbf")):
        return Reply(
            outcome=Outcome.SERVER_ERROR,
            reason=f"{where} 以未经协商的压缩方式 {'、'.join(encodings)} 返回内容，无法读取",
            status=status,
        )
    return Reply(
        status=status,
        body=inflated.body,
        damaged=cut or inflated.damaged or status == HTTPStatus.PARTIAL_CONTENT,
        content_type=response.headers.get("Content-Type", ""),
        etag=_validator(response.headers.get("ETag")),
        last_modified=_validator(response.headers.get("Last-Modified")),
        age=age_of(response.headers),
        headers=headers_of(response),
    )


def headers_of(response: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    """Return an answer's headers in the order in which they came."""
    return tuple((name, value) for name, value in response.headers.items())


async def read_refusal(response: aiohttp.ClientResponse, where: str) -> bytes:
    """Read what a server says beside a status that is no success, b"" where that is too much or breaks off."""
    try:
        return (await read_body(response, where, _LONGEST_REFUSAL)).body
    except (aiohttp.ClientError, OSError):
        return b""


def _end_with_connection(response: aiohttp.ClientResponse) -> None:
    """Let a body end where its connection does, as one that is not whole: of a malformed chunk aiohttp says nothing."""
    content, connection = response.content, response.connection
    protocol = None if connection is None else connection.protocol
    closed = None if protocol is None else protocol.closed

    def ended(closed: asyncio.Future[None]) -> None:
        if not closed.cancelled():
            closed.exception()  # retrieved, so that it is not reported as unheard of
        if not content.is_eof() and content.exception() is None:
            content.set_exception(aiohttp.ClientPayloadError())

    if closed is not None:
        closed.add_done_callback(ended)


def _encodings(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(token.strip().lower() for value in values for token in value.split(",") if token.strip())


def _validator(value: str | None) -> str | None:
    """Return a validator that can be sent back as it came, or None."""
    usable = value is not None and 0 < len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value if usable else None
