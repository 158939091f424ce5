"""What went wrong with a request, as an outcome and one Chinese sentence that names the address."""

import errno
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from crawler.addresses import ForbiddenAddressError
from monitor.visits import LONGEST_PAUSE, Outcome

_LONGEST_SHOWN: Final = 200
_BLOCKING: Final = frozenset({401, 403, 407, 412, 418, 432, 451})
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_EMPTY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT})
_NO_NETWORK: Final = frozenset({errno.ENETUNREACH, errno.ENETDOWN})
_TLS_FAULTS: Final = {
    9: "证书尚未生效",
    10: "证书已过期",
    18: "证书为自签名",
    19: "证书为自签名",
    20: "证书链不完整或不受信任",
    21: "证书链不完整或不受信任",
    23: "证书已被吊销",
    62: "证书与域名不符",
}

# The first that fits: aiohttp's classes derive from one another and from those of the system.
_NAMED: Final[tuple[tuple[tuple[type[Exception], ...], Outcome, str], ...]] = (
    ((ForbiddenAddressError,), Outcome.FORBIDDEN_ADDRESS, "不予访问：{error}"),
    ((aiohttp.ClientConnectorDNSError, socket.gaierror, UnicodeError), Outcome.DNS, "域名解析失败"),
    ((aiohttp.InvalidURL,), Outcome.DNS, "不是有效的网址"),
    ((aiohttp.ClientSSLError, ssl.SSLError), Outcome.TLS, "安全连接失败：{fault}"),
    ((TimeoutError,), Outcome.TIMEOUT, "在 {limit:g} 秒内没有完成应答"),
    ((aiohttp.ClientConnectorError,), Outcome.REFUSED, "连接失败：服务器没有接受连接"),
    ((aiohttp.ClientConnectionError, OSError), Outcome.REFUSED, "连接中断：服务器没有应答就关闭了连接"),
    ((aiohttp.ClientError,), Outcome.SERVER_ERROR, "返回的内容不符合 HTTP 协议"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is nothing to read; ``retry_after`` where the server says when to come again."""

    outcome: Outcome
    reason: str
    status: int | None = None
    retry_after: timedelta | None = None


def shown(url: str | URL) -> str:
    """Return an address as it may stand in a sentence or a log: no password, no control characters, not endless."""
    text = str(url)
    try:
        parsed = URL(text)
        text = str(parsed.with_user(None)) if parsed.raw_user or parsed.raw_password else text
    except ValueError:
        pass
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def failure_of_status(status: int, where: str) -> Failure:
    """Return what an HTTP status other than 200, 206, 304 and a redirect means; ``where`` names the address."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        outcome, says = Outcome.RATE_LIMITED, "访问过于频繁，服务器要求放慢"
    elif status in _GONE:
        outcome, says = Outcome.GONE, "页面不存在或已删除"
    elif status in _BLOCKING:
        outcome, says = Outcome.BLOCKED, "服务器拒绝访问"
    elif status in _EMPTY:
        outcome, says = Outcome.EMPTY, "没有任何内容"
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        outcome, says = Outcome.SERVER_ERROR, "服务器出错"
    else:
        outcome, says = Outcome.SERVER_ERROR, "无法采集"
    return Failure(outcome=outcome, reason=f"{where} 返回状态码 {status}：{says}", status=status)


def failure_of(error: Exception, where: str, timeout: timedelta) -> Failure:
    """Return what an exception of a request means. Raises it again where it is none of the network's."""
    named = next(((outcome, says) for kinds, outcome, says in _NAMED if isinstance(error, kinds)), None)
    if named is None:
        raise error
    outcome, says = named
    if outcome is Outcome.REFUSED and _errno(error) in _NO_NETWORK:
        outcome, says = Outcome.LOCAL_OUTAGE, "无法到达：本机没有可用的网络"
    sentence = says.format(error=error, limit=timeout.total_seconds(), fault=_tls_fault(error))
    return Failure(outcome=outcome, reason=f"{where} {sentence}")


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or an HTTP date; None where there is none that can be read.

    Never negative, never longer than LONGEST_PAUSE.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:12]), LONGEST_PAUSE.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), LONGEST_PAUSE)


def _tls_fault(error: Exception) -> str:
    inner: BaseException | None = error
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        inner = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        inner = error.os_error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return _TLS_FAULTS.get(inner.verify_code, "证书不受信任")
    return "双方协议不兼容，或对方不是 HTTPS 服务"


def _errno(error: BaseException) -> int | None:
    inner = getattr(error, "os_error", error)
    return inner.errno if isinstance(inner, OSError) else None
