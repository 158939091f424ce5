"""The shape of xunjian.toml: its tables and keys, and what each value must be."""

import re
from ipaddress import ip_network
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from console.addresses import is_host, read_address
from console.nearest import hint
from crawler.sources.page import check_selector
from monitor.kinds import kinds_of
from monitor.values import Platform

ALL_KINDS = tuple(dict.fromkeys(kind for platform in Platform for kind in kinds_of(platform)))

OWN_ERROR = "xunjian"
WEEK_HOURS = 7 * 24
MAX_SECONDS = 3600
MAX_CONCURRENCY = 1000
MAX_LAG_MINUTES = 60 * WEEK_HOURS
MAX_CONTROL_HOURS = 52 * WEEK_HOURS
MAX_PORT = 65535
MAX_PAGES = 100
MAX_DETAILS = 10_000
MAX_LISTS = 100
MAX_KEEP_DAYS = 36_500


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


def _host(text: str) -> str:
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


Kind = Annotated[str, AfterValidator(_kind)]
Selector = Annotated[str, AfterValidator(_selector)]
Zone = Annotated[str, AfterValidator(_zone)]
Text = Annotated[str, AfterValidator(_filled)]
Seconds = Annotated[float, Field(ge=0, le=MAX_SECONDS, allow_inf_nan=False)]

Minutes = Annotated[float, Field(ge=0, le=MAX_LAG_MINUTES, allow_inf_nan=False)]


class Table(BaseModel):
    """A table that knows all of its keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OfficeTable(Table):
    """[office]."""

    name: str = ""
    timezone: Zone = "Asia/Shanghai"


class StorageTable(Table):
    """[storage]."""

    url: Text = "sqlite:///xunjian.db"


class CrawlTable(Table):
    """[crawl]."""

    allow_private_addresses: list[Annotated[str, AfterValidator(_network)]] = []
    obey_robots: bool = True
    delay_seconds: Seconds = 2.0
    concurrency: Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)] = 16
    timeout_seconds: Annotated[Seconds, Field(gt=0)] = 30.0
    pages_per_visit: Annotated[int, Field(ge=1, le=MAX_PAGES)] = 10
    details_per_lane: Annotated[int, Field(ge=0, le=MAX_DETAILS)] = 20


class LaneTable(Table):
    """[lanes.NAME]."""

    hosts: Annotated[list[Annotated[str, AfterValidator(_host)]], Field(min_length=1)]
    delay_seconds: Seconds | None = None
    control: Annotated[str, AfterValidator(_address)] | None = None
    control_max_age_hours: Annotated[float, Field(gt=0, le=MAX_CONTROL_HOURS, allow_inf_nan=False)] = 24.0
    lag_minutes: Minutes = 0.0


class WorkdaysTable(Table):
    """[workdays]."""

    files: list[Text] = []


class OriginalityTable(Table):
    """[originality]."""

    source_lists: list[Text] = []


class EvidenceTable(Table):
    """[evidence]."""

    folder: Text = "evidence"
    keep_days: Annotated[int, Field(ge=1, le=MAX_KEEP_DAYS)] = 400


class SourceTable(Table):
    """[sources."ACCOUNT or URL"]."""

    timezone: Zone | None = None
    lag_minutes: Minutes | None = None
    complete: bool | None = None
    sees: list[Kind] = []
    item: Selector = ""
    title: Selector = ""
    link: Selector = ""
    date: Selector = ""
    choice: Annotated[int, Field(ge=0, le=MAX_LISTS)] = 0

    @model_validator(mode="after")
    def _rows_before_their_parts(self) -> Self:
        named = [key for key in ("title", "link", "date") if getattr(self, key)]
        if named and not self.item:
            raise wrong(f"写了 {named[0]} 却没有写 item，应先用 item 指明列表中的每一行")
        if self.item and self.choice:
            raise wrong("item 与 choice 只能写一个：choice 选用自动找到的第几个列表，item 自行指明列表中的每一行")
        return self


class Root(Table):
    """The whole file; ``policy`` is checked by the policy itself."""

    office: OfficeTable = OfficeTable()
    storage: StorageTable = StorageTable()
    crawl: CrawlTable = CrawlTable()
    lanes: dict[str, LaneTable] = {}
    policy: dict[str, Any] = {}
    workdays: WorkdaysTable = WorkdaysTable()
    originality: OriginalityTable = OriginalityTable()
    evidence: EvidenceTable = EvidenceTable()
    sources: dict[str, SourceTable] = {}

    @field_validator("lanes")
    @classmethod
    def _each_host_once(cls, lanes: dict[str, LaneTable]) -> dict[str, LaneTable]:
        named: dict[str, str] = {}
        for name, lane in lanes.items():
            for host in dict.fromkeys(lane.hosts):
                if host in named:
                    raise wrong(f"的 {named[host]} 和 {name} 都写了主机“{host}”，一个主机只能属于一个采集通道")
                named[host] = name
        return lanes

    @field_validator("sources")
    @classmethod
    def _keys_are_sources(cls, sources: dict[str, SourceTable]) -> dict[str, SourceTable]:
        for key in sources:
            if not re.fullmatch(r"[A-Za-z0-9_-]+", key) and isinstance(cause := read_address(key), str):
                raise wrong(f"的 {cause}，应为账号编号或采集地址")
        return sources


TABLES: dict[str, type[Table]] = {
    "office": OfficeTable,
    "storage": StorageTable,
    "crawl": CrawlTable,
    "lanes": LaneTable,
    "workdays": WorkdaysTable,
    "originality": OriginalityTable,
    "evidence": EvidenceTable,
    "sources": SourceTable,
}
NAMED_TABLES = frozenset({"lanes", "sources"})  # one table per name below them
