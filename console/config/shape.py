"""The shape of xunjian.toml: its tables and keys, and what each value must be."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import Field, field_validator, model_validator

from console.addresses import read_address
from console.config.fields import (
    WEEK_HOURS,
    Address,
    HostPlace,
    Kind,
    Minutes,
    Network,
    Seconds,
    Selector,
    Table,
    Text,
    Zone,
    wrong,
)
from console.config.shape_daemon import DaemonTable
from console.config.shape_notify import NotifyTable

MAX_CONCURRENCY = 1000
MAX_CONTROL_HOURS = 52 * WEEK_HOURS
MAX_PAGES = 100
MAX_DETAILS = 10_000
MAX_LISTS = 100
MAX_KEEP_DAYS = 36_500


class OfficeTable(Table):
    """[office]."""

    name: str = ""
    timezone: Zone = "Asia/Shanghai"


class StorageTable(Table):
    """[storage]."""

    url: Text = "sqlite:///xunjian.db"


class CrawlTable(Table):
    """[crawl]."""

    allow_private_addresses: list[Network] = Field(default=[])
    obey_robots: bool = True
    delay_seconds: Seconds = 2.0
    concurrency: Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)] = 16
    timeout_seconds: Annotated[Seconds, Field(gt=0)] = 30.0
    pages_per_visit: Annotated[int, Field(ge=1, le=MAX_PAGES)] = 10
    details_per_lane: Annotated[int, Field(ge=0, le=MAX_DETAILS)] = 20


class LaneTable(Table):
    """[lanes.NAME]."""

    hosts: Annotated[list[HostPlace], Field(min_length=1)]
    delay_seconds: Seconds | None = None
    control: Address | None = None
    control_max_age_hours: Annotated[float, Field(gt=0, le=MAX_CONTROL_HOURS, allow_inf_nan=False)] = 24.0
    lag_minutes: Minutes = 0.0


class WorkdaysTable(Table):
    """[workdays]."""

    files: list[Text] = Field(default=[])


class OriginalityTable(Table):
    """[originality]."""

    source_lists: list[Text] = Field(default=[])


class EvidenceTable(Table):
    """[evidence]."""

    folder: Text = "evidence"
    keep_days: Annotated[int, Field(ge=1, le=MAX_KEEP_DAYS)] = 400


class BulletinTable(Table):
    """[bulletin]."""

    template: str = ""
    document: Text = "×府办函"
    addressees: str = "各乡镇人民政府，县级各部门"
    basis: str = ""
    signature: str = ""
    contact: str = ""
    telephone: str = ""


class AssessTable(Table):
    """[assess]."""

    scheme: Text = "national"


class SourceTable(Table):
    """[sources."ACCOUNT or URL"]."""

    timezone: Zone | None = None
    lag_minutes: Minutes | None = None
    complete: bool | None = None
    sees: list[Kind] = Field(default=[])
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
    lanes: dict[str, LaneTable] = Field(default={})
    policy: dict[str, Any] = Field(default={})
    workdays: WorkdaysTable = WorkdaysTable()
    originality: OriginalityTable = OriginalityTable()
    evidence: EvidenceTable = EvidenceTable()
    assess: AssessTable = AssessTable()
    bulletin: BulletinTable = BulletinTable()
    daemon: DaemonTable = DaemonTable()
    notify: NotifyTable = NotifyTable()
    sources: dict[str, SourceTable] = Field(default={})

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


def table_at(location: Sequence[str | int]) -> tuple[type[Table], bool]:
    """Return the table that stands at a place, and whether its name is one that the office chose (``[lanes.NAME]``)."""
    table: type[Table] = Root
    chosen = False
    for key in location:
        if chosen:
            chosen = False
            continue
        of: Any = table.model_fields[str(key)].annotation
        chosen = get_origin(of) is dict
        table = get_args(of)[1] if chosen else of
    return table, chosen
