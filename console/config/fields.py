"""The values that keys of xunjian.toml take, each checked with the cause in Chinese; and what a table is."""

import os
import re
from datetime import time
from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from console.addresses import cause_of_url, is_host, read_address
from console.nearest import hint
from crawler.sources.page import check_selector
from monitor.kinds import kinds_of
from monitor.values import Platform

ALL_KINDS = tuple(dict.fromkeys(kind for platform in Platform for kind in kinds_of(platform)))

OWN_ERROR = "xunjian"
WEEK_HOURS = 7 * 24
MAX_SECONDS = 3600
MAX_LAG_MINUTES = 60 * WEEK_HOURS
MAX_PORT = 65535
FROM_ENVIRONMENT = "env:"


def wrong(cause: str) -> PydanticCustomError:
    """Return the error whose ``cause`` stands behind the key in the sentence."""
    return PydanticCustomError(OWN_ERROR, "{cause}", {"cause": cause})


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        like = hint(name, available_timezones())
        raise wrong(f"没有“{name}”这个时区{like}，应为 IANA 时区名，中国为 Asia/Shanghai") from error
    return name


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        try:
            meant = f"，是否为“{ip_network(text, strict=False)}”"
        except ValueError:
            meant = ""
        raise wrong(f"“{text}”不是网段{meant}，应为 127.0.0.0/8 这样的地址段") from error
    return text


def _host_place(text: str) -> str:
    if "://" in text or "/" in text:
        raise wrong(f"“{text}”不是主机名，只写主机名或 主机名:端口，不带 http:// 和路径")
    found = re.fullmatch(r"(\[[^\]]+\]|[^:]*)(?::(\d{1,5}))?", text)
    if not found or not is_host(found[1].strip("[]")) or not 1 <= int(found[2] or 1) <= MAX_PORT:
        raise wrong(f"“{text}”不是主机名，应为 rss.example.gov.cn 或 rss.example.gov.cn:8080")
    return text.lower()


def _address(text: str) -> str:
    address = read_address(text)
    if isinstance(address, str):
        raise wrong(address)
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise wrong("不能为空")
    return text.strip()


def _kind(text: str) -> str:
    if text not in ALL_KINDS:
        raise wrong(f"“{text}”不是信息的种类{hint(text, ALL_KINDS)}，可用：{'、'.join(ALL_KINDS)}")
    return text


def _selector(text: str) -> str:
    if cause := check_selector(text):
        raise wrong(f"“{text}”{cause}")
    return text


def read_time(text: str) -> time | None:
    """Return the time of day that ``text`` states as HH:MM, None where it states none."""
    found = re.fullmatch(r"(\d{1,2})[:：](\d\d)", text.strip())
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None  # noqa: PLR2004 - a day


def _time(text: str) -> str:
    if read_time(text) is None:
        raise wrong(f"“{text}”不是一天中的时间，应为 09:00 这样的时:分")
    return text


def _web(text: str) -> str:
    # A robot's address is as good as a password: what is wrong with it is said without repeating it.
    if cause := cause_of_url(text):
        raise wrong(cause)
    return text


def _listen(text: str) -> str:
    expected = '应为 127.0.0.1:9469 这样的 地址:端口，不提供则写 ""'
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
        host = ip_address("127.0.0.1" if parts.hostname == "localhost" else parts.hostname or "")
    except ValueError as error:
        raise wrong(f"“{text}”不能用，{expected}") from error
    if parts.netloc != text or not port:
        raise wrong(f"“{text}”不能用，{expected}")
    if host.is_global:
        raise wrong(f"“{text}”是公网地址，运行情况不向公网提供，{expected}")
    return text


def _secret(text: str) -> str:
    """Return a secret as it is, or what the environment holds under the name behind ``env:``.

    What the environment does not hold stays ``env:NAME``: only those who send anything need it.
    """
    if not text.startswith(FROM_ENVIRONMENT):
        return text
    name = text.removeprefix(FROM_ENVIRONMENT).strip()
    if not name:
        raise wrong("的 env: 后面没有写环境变量的名称，应为 env:XUNJIAN_SECRET 这样的写法")
    return os.environ.get(name, "").strip() or f"{FROM_ENVIRONMENT}{name}"


def is_unset(text: str) -> bool:
    """Say whether a secret is one that the environment does not hold."""
    return text.startswith(FROM_ENVIRONMENT)


Network = Annotated[str, AfterValidator(_network)]
HostPlace = Annotated[str, AfterValidator(_host_place)]
Address = Annotated[str, AfterValidator(_address)]
Kind = Annotated[str, AfterValidator(_kind)]
Selector = Annotated[str, AfterValidator(_selector)]
Zone = Annotated[str, AfterValidator(_zone)]
Text = Annotated[str, AfterValidator(_filled)]
TimeOfDay = Annotated[str, AfterValidator(_time)]
Web = Annotated[str, AfterValidator(_web)]
Listen = Annotated[str, AfterValidator(lambda text: _listen(text) if text else text)]
Secret = Annotated[str, AfterValidator(_secret)]
SecretWeb = Annotated[
    str, AfterValidator(_secret), AfterValidator(lambda text: _web(text) if text and not is_unset(text) else text)
]
Seconds = Annotated[float, Field(ge=0, le=MAX_SECONDS, allow_inf_nan=False)]
Minutes = Annotated[float, Field(ge=0, le=MAX_LAG_MINUTES, allow_inf_nan=False)]


class Table(BaseModel):
    """A table that knows all of its keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def keys_of(table: type[Table]) -> tuple[str, ...]:
    """Return a table's keys as they are written."""
    return tuple(each.alias or name for name, each in table.model_fields.items())
