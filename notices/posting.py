"""Post a message to an address, and put into a sentence why it was not taken."""

import json
import socket
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from notices.channels import Channel, NoticeError
from notices.secrets import said_safely

_LONGEST_ANSWER = 65_536  # bytes; the answers of robots are short
_LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered; ``retry_after`` is how long it asks us to wait."""

    status: int
    body: bytes
    retry_after: timedelta | None

    def fields(self) -> dict[str, Any] | None:
        """Return the fields of a JSON object, None where the answer is none."""
        try:
            read = json.loads(self.body)
        except ValueError:
            return None
        return read if isinstance(read, dict) else None


@asynccontextmanager
async def http_session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Open what a round of messages is posted through; proxies of the environment are not used."""
    async with aiohttp.ClientSession(trust_env=False, headers={"User-Agent": "xunjian"}) as session:
        yield session


async def post(
    session: aiohttp.ClientSession,
    channel: Channel,
    body: bytes,
    *,
    now: datetime,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Post JSON to the channel's address; whatever keeps it from being answered is a NoticeError."""
    whole = {"Content-Type": "application/json; charset=utf-8"} | dict(headers or {})
    timeout = aiohttp.ClientTimeout(total=channel.timeout.total_seconds())
    try:
        sent = session.post(
            channel.url, data=body, params=query or {}, headers=whole, timeout=timeout, allow_redirects=False
        )
        async with sent as response:
            read = await _read(response)
            asked = response.headers.get("Retry-After", "")
            return Answer(status=response.status, body=read, retry_after=_wait(asked, now))
    except (aiohttp.ClientError, OSError, ValueError) as error:  # their own words name the address, and so its key
        raise unreachable(channel, error) from None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    read = b""
    async for chunk in response.content.iter_any():
        read += chunk
        if len(read) > _LONGEST_ANSWER:
            break
    return read[:_LONGEST_ANSWER]


def _wait(asked: str, now: datetime) -> timedelta | None:
    """Return what a Retry-After header asks for, at most a day; None where it says nothing that can be read."""
    if asked.isdecimal():
        return min(timedelta(seconds=min(int(asked[:9]), 86_400)), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max(until - now, timedelta(0)), _LONGEST_WAIT)


def unreachable(channel: Channel, error: Exception) -> NoticeError:
    """Return the sentence for a server that gave no answer."""
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return misset(channel, "url 不是有效的 http(s) 地址")
    return NoticeError(f"通知渠道“{channel.name}”：{reason(error, channel.timeout)}，稍后自动重试。")


def reason(error: Exception, timeout: timedelta) -> str:
    """Return why a server gave no answer within ``timeout``, in words that name no address."""
    # smtplib calls a reply that did not come in time a connection that was closed.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return f"服务器在 {timeout.total_seconds():g} 秒内没有应答"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "服务器证书无效，未发送"
    if isinstance(error, ssl.SSLError):
        return "无法与服务器建立加密连接"
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "无法解析服务器域名"
    if isinstance(error, aiohttp.ClientConnectorError | ConnectionRefusedError):
        return "无法连接服务器"
    return "与服务器的连接中断"


def misset(channel: Channel, what: str, *, unfit: bool = False) -> NoticeError:
    """Return the sentence for a channel that cannot work until a person mends its configuration."""
    where = f"xunjian.toml 的 [notify.channels.{channel.name}]"
    return NoticeError(f"通知渠道“{channel.name}”：{what}；请核对 {where}。", retryable=False, unfit=unfit)


def refused(
    channel: Channel,
    code: object,
    said: str,
    *,
    retryable: bool = True,
    wait: timedelta | None = None,
    unfit: bool = False,
) -> NoticeError:
    """Return the sentence for a server that answered, but did not take the message."""
    words = f"（{said}）" if (said := said_safely(channel, said)) else ""
    if retryable and not unfit:
        return NoticeError(f"通知渠道“{channel.name}”：对方返回 {code}{words}，稍后自动重试。", retry_after=wait)
    return misset(channel, f"对方拒收，返回 {code}{words}", unfit=unfit)


def not_json(channel: Channel, answer: Answer) -> NoticeError:
    """Return the sentence for an answer that is no robot's: something stands between, such as a login page."""
    limited = answer.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    wait = answer.retry_after if limited else None
    return refused(channel, f"HTTP {answer.status}", "应答不是机器人接口的格式", wait=wait)


def as_json(fields: Mapping[str, object]) -> bytes:
    """Write a body as robots read it."""
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")


def json_size(text: str) -> int:
    """Return how many bytes a text takes inside a JSON body."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")) - 2
