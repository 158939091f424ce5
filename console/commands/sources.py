"""``xunjian sources``: what an address would give, before it is put into the registry."""

import json
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.errors import UsageError
from console.help_pages import ChineseCommand, ChineseGroup
from console.show.ink import say
from monitor.values import SourceAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from console.config import Config
    from schedules.office import Office

NOTHING_READ = 3

sources = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(sources, name="sources", help="采集地址：试读一个地址，或查看一个网站提供哪些可以采集的地址。")

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出全部内容")]


@sources.command(
    "try",
    cls=ChineseCommand,
    help="试读一个采集地址或文章地址：显示会读到什么、时间怎样识别、能证明什么；什么也不保存，也不必先导入台账。",
)
def try_(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="网址", help="采集地址，可以带类别，如 page:https://…；也可以是一篇文章的网址")
    ],
    kind: Annotated[str | None, typer.Option("--kind", metavar="类别", help="按这个类别读，默认自动识别")] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="账号编号", help="按台账中这个账号的设置和名称读")
    ] = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Visit an address once and keep nothing; 0 where something was read, 3 where not."""
    from console.show.rows import room
    from console.show.sources import trial_lines, trial_record
    from reports.masked import masked_record
    from schedules.trying import try_address

    address = address_of(url, kind)
    settings = configured(context, config, verbose=verbose)
    with office_to_try(settings) as office:
        trial = try_address(office, address, account, clock=clock)
    if as_json:
        print(json.dumps(masked_record(trial_record(trial, settings.zone)), ensure_ascii=False, indent=2))
    else:
        for line in trial_lines(trial, settings.zone, room()):
            say(line)
    return 0 if trial.found else NOTHING_READ


@sources.command(
    "discover",
    cls=ChineseCommand,
    help="查看一个网站首页提供的订阅源、列表页和平台账号，逐个试读，给出可以填进台账“采集地址”的写法；什么也不保存。",
)
def discover(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="网址", help="网站首页或栏目首页的网址")],
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Look at what a home page links to and keep nothing; 0 where something can be collected, 3 where not."""
    from console.show.offers import discovery_lines, discovery_record, trying_display
    from console.show.rows import room
    from reports.masked import masked_record
    from schedules.discovering import discover as discover_sources

    address = address_of(url, None)
    settings = configured(context, config, verbose=verbose)
    with office_to_try(settings) as office, trying_display(quiet=as_json) as on_tried:
        found = discover_sources(office, address.url, clock=clock, on_tried=on_tried)
    if as_json:
        print(json.dumps(masked_record(discovery_record(found)), ensure_ascii=False, indent=2))
    else:
        for line in discovery_lines(found, settings.zone, room()):
            say(line)
    return 0 if found.readable else NOTHING_READ


def address_of(url: str, kind: str | None) -> SourceAddress:
    """Return the address that a person typed. Raises UsageError where it cannot be one."""
    from console.addresses import read_address

    address = read_address(url.strip())
    if kind is not None and isinstance(address, SourceAddress):
        if address.kind and address.kind != kind.strip().lower():
            raise UsageError(f"网址前写的类别 {address.kind} 与 --kind {kind} 不一致，请只写一个。")
        address = read_address(f"{kind.strip()}:{address.url}")
    if isinstance(address, str):
        raise UsageError(f"采集地址{address}。")
    return address


@contextmanager
def office_to_try(settings: "Config") -> "Iterator[Office]":
    """Give the office; where nothing was imported yet, with an empty database that is gone afterwards."""
    from console.offices import opened_office
    from storage.database import is_made

    if is_made(settings.database_url):
        with opened_office(settings) as office:
            yield office
        return
    with (
        tempfile.TemporaryDirectory(prefix="xunjian-") as folder,
        opened_office(replace(settings, database_url=f"sqlite:///{folder}/xunjian.db")) as office,
    ):
        yield office
