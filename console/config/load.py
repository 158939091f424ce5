"""Reading xunjian.toml into the values that the other packages use."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from console.addresses import read_address
from console.config.judging import office_policy, office_workdays
from console.config.problems import shape_problems, syntax_problem
from console.config.running import daemon_settings, log_settings, routing_of, unset_secrets
from console.config.schemes import configured_scheme
from console.config.shape import BulletinTable, CrawlTable, LaneTable, Root, SourceTable
from console.config.source_lists import approved_sources
from console.config.storage_url import StorageUrlError, resolved_url
from console.errors import ConfigError
from console.files import read_whole
from console.logs import LogSettings
from crawler.settings import CrawlSettings, LaneConfig
from monitor.policy import Policy
from monitor.schemes import Scheme
from monitor.values import SourceAddress
from monitor.visits import Selectors
from monitor.workdays import Workdays
from notices.routing import Routing
from reports.bulletin_settings import BulletinSettings
from schedules.office import SourceSetting
from schedules.settings import DaemonSettings

MAX_BYTES = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration that can be used; ``database_url`` is absolute, ``sources`` is keyed by account id or URL.

    ``approved_sources`` is the 稿源名单, None where the office names none; ``evidence`` is the folder of the archive.
    ``daemon``, ``routing`` and ``logs`` are of the program that runs all year; ``bulletin`` says how the bulletin is
    headed and signed, its template is looked at where it is used; ``scheme`` is that of the annual assessment.
    ``unset`` has a sentence for every secret that the environment does not hold; only what sends anything needs them.
    """

    file: Path
    name: str
    zone: ZoneInfo
    database_url: str
    policy: Policy
    workdays: Workdays
    crawl: CrawlSettings
    lanes: tuple[LaneConfig, ...]
    sources: Mapping[str, SourceSetting]
    approved_sources: frozenset[str] | None
    evidence: Path
    evidence_days: int
    daemon: DaemonSettings
    routing: Routing
    logs: LogSettings
    scheme: Scheme
    bulletin: BulletinSettings = BulletinSettings()
    unset: tuple[str, ...] = ()


def load(path: Path) -> Config:
    """Read a configuration file. Raises ConfigError with a sentence for everything that is wrong with it."""
    data = _data(path)
    folder = path.resolve().parent
    problems: list[str] = []
    root = _root(path, data, problems)
    url = _database_url(path, root.storage.url, folder, problems)
    policy = office_policy(data.get("policy"), path.name, problems)
    workdays = office_workdays(root.workdays.files, folder, path.name, problems)
    approved = approved_sources(root.originality.source_lists, folder, path.name, problems)
    scheme = configured_scheme(root.assess.scheme, folder, path.name, problems)
    if problems or policy is None:
        raise ConfigError(problems)
    return Config(
        file=path,
        name=root.office.name,
        zone=ZoneInfo(root.office.timezone),
        database_url=url,
        policy=policy,
        workdays=workdays,
        crawl=_crawl(root.crawl),
        lanes=tuple(_lane(name, lane) for name, lane in root.lanes.items()),
        sources={_source_key(key): _source(source) for key, source in root.sources.items()},
        approved_sources=approved,
        evidence=folder / root.evidence.folder,
        evidence_days=root.evidence.keep_days,
        daemon=daemon_settings(root.daemon, folder),
        routing=routing_of(root.notify),
        logs=log_settings(root.daemon, folder, ZoneInfo(root.office.timezone)),
        bulletin=_bulletin(root.bulletin, folder),
        scheme=scheme,
        unset=unset_secrets(root.daemon, root.notify, path.name),
    )


def load_with_secrets(path: Path) -> Config:
    """Read a configuration file for what sends messages: a secret that the environment does not hold is wrong too."""
    config = load(path)
    if config.unset:
        raise ConfigError(config.unset)
    return config


def _data(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise ConfigError([f"找不到配置文件 {path}，请先运行 xunjian init 生成，或用 --config 指明它的位置。"])
    body = read_whole(path, "配置文件", limit=MAX_BYTES)
    try:
        text = body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        cure = "请用记事本打开，另存为时编码选 UTF-8"
        raise ConfigError([f"{path.name}：第{line}行不是 UTF-8 编码，{cure}。"]) from error
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError([f"{path.name}：括号套得太深，请检查方括号是否成对。"]) from error
    except ValueError as error:
        raise ConfigError([syntax_problem(path.name, text, error)]) from error


def _root(path: Path, data: dict[str, Any], problems: list[str]) -> Root:
    """Return the checked shape; where it has problems, those tables alone that have none, so that more can be told."""
    try:
        return Root.model_validate(data)
    except ValidationError as error:
        problems += shape_problems(path.name, error)
        bad = {each["loc"][0] for each in error.errors()}
        return Root.model_validate({key: value for key, value in data.items() if key not in bad})


def _database_url(path: Path, text: str, folder: Path, problems: list[str]) -> str:
    try:
        return resolved_url(text, folder)
    except StorageUrlError as error:
        cause = str(error)
        problems.append(f"{path.name}：storage.url{'' if cause.startswith('的') else ' '}{cause}。")
        return ""


def _crawl(table: CrawlTable) -> CrawlSettings:
    return CrawlSettings(
        allow_private=tuple(map(ip_network, table.allow_private_addresses)),
        obey_robots=table.obey_robots,
        delay=timedelta(seconds=table.delay_seconds),
        concurrency=table.concurrency,
        timeout=timedelta(seconds=table.timeout_seconds),
        pages_per_visit=table.pages_per_visit,
        details_per_lane=table.details_per_lane,
    )


def _lane(name: str, table: LaneTable) -> LaneConfig:
    control = read_address(table.control) if table.control is not None else None
    return LaneConfig(
        name=name,
        hosts=tuple(dict.fromkeys(table.hosts)),
        delay=timedelta(seconds=table.delay_seconds) if table.delay_seconds is not None else None,
        control=control if isinstance(control, SourceAddress) else None,
        control_max_age=timedelta(hours=table.control_max_age_hours),
        lag=timedelta(minutes=table.lag_minutes),
    )


def _bulletin(table: BulletinTable, folder: Path) -> BulletinSettings:
    return BulletinSettings(
        template=folder / table.template.strip() if table.template.strip() else None,
        document=table.document,
        addressees=table.addressees.strip(),
        basis=table.basis.strip(),
        signature=table.signature.strip(),
        contact=table.contact.strip(),
        telephone=table.telephone.strip(),
    )


def _source(table: SourceTable) -> SourceSetting:
    lag = timedelta(minutes=table.lag_minutes) if table.lag_minutes is not None else None
    chosen = Selectors(item=table.item, title=table.title, link=table.link, date=table.date, choice=table.choice)
    return SourceSetting(
        timezone=table.timezone, lag=lag, complete=table.complete, sees=tuple(table.sees), selectors=chosen
    )


def _source_key(key: str) -> str:
    """Return the account id, or the URL without a kind in front: sources are known by it."""
    address = read_address(key)
    return address.url if isinstance(address, SourceAddress) else key
