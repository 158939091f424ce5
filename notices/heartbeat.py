"""A sign of life to a dead-man switch: it raises the alarm when nobody asks for its address any more."""

from datetime import timedelta
from http import HTTPStatus

import aiohttp

from notices.posting import http_session, reason


async def heartbeat(url: str, timeout: timedelta) -> str:  # noqa: ASYNC109 - it is aiohttp's own
    """Ask for the address once; return "" or why that failed, in words that do not name it."""
    whole = aiohttp.ClientTimeout(total=timeout.total_seconds())
    try:
        async with http_session() as session, session.get(url, timeout=whole, allow_redirects=False) as response:
            status = response.status
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        return "心跳地址不是有效的 http(s) 地址；请核对 xunjian.toml 的 [daemon] heartbeat_url。"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return f"心跳未送达：{reason(error, timeout)}。"
    taken = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return "" if taken else f"心跳未送达：对方返回 HTTP {status}。"
