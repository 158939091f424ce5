"""``xunjian accounts``: the registry in and out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.comparing import Changes, changes, renamings, shared_addresses
from console.errors import UsageError
from console.files import write_whole
from console.help_pages import ChineseCommand, ChineseGroup
from console.records import account_record
from console.show.ink import say
from console.widths import shortened, table
from monitor.values import Account

if TYPE_CHECKING:
    from console.config import Config

HEADER = ("账号编号", "账号名称", "平台", "主办单位", "主账号", "状态", "采集地址")
WIDEST = 30

accounts = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(accounts, name="accounts", help="台账：导入、列出、导出，查看一个账号的全部记录。")


@accounts.command(
    "import",
    cls=ChineseCommand,
    help="导入台账（CSV 或 XLSX）：按账号编号新增或更新，从不删除；有一行不对就一行也不导入。",
)
def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="文件", help="台账文件，CSV（UTF-8 或 GBK）或 XLSX")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Read a registry file and add or update its accounts, all or none."""
    from console.offices import opened_office
    from console.registry import read_registry
    from storage.accounts import save_accounts

    settings = configured(context, config, verbose=verbose)
    now = clock()
    found = read_registry(Path(file), now.astimezone(settings.zone).date())
    known = _known(settings)
    if dry_run:
        made = changes(known, found)
        say(f"检查通过，没有写入：{_told(len(found), made)}。")
    else:
        with opened_office(settings) as office, office.database.begin() as session:
            saved = save_accounts(session, found, now)
        say(f"已导入：{_told(len(found), Changes(saved.added, saved.updated, saved.unchanged))}。")
    for address, ids in shared_addresses(found):
        say(f"提示：{'、'.join(ids)} 的采集地址相同（{address}），请确认不是填错了行。")
    for column, old, new, ids in renamings(known, found):
        say(
            f"提示：{'、'.join(ids)} 的{column}由“{old}”改为“{new}”，别名中没有原名称；此前信息的来源写作“{old}”的，"
            f"今后检查会判为转载。仍是本单位的，请把“{old}”加进“别名”后再导入一次。"
        )
    return 0


@accounts.command("list", cls=ChineseCommand, help="列出台账里的账号。")
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出全部内容")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print the accounts, in the order in which they were first imported."""
    found = _known(configured(context, config, verbose=verbose))
    if as_json:
        print(json.dumps([account_record(each) for each in found], ensure_ascii=False, indent=2))
        return 0
    for line in table(HEADER, [_line(each) for each in found]):
        say(line)
    say(f"共 {len(found)} 个账号。")
    return 0


@accounts.command("export", cls=ChineseCommand, help="导出台账，扩展名 .csv 或 .xlsx；导出的文件可以原样导入。")
def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="文件", help="写到哪个文件；已有的会被替换")],
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Write the accounts to a file."""
    from console.registry import write_registry

    found = _known(configured(context, config, verbose=verbose))
    write_registry(Path(file), found)
    say(f"已导出 {len(found)} 个账号到 {file}")
    return 0


@accounts.command(
    "show",
    cls=ChineseCommand,
    help="一个账号的全部记录：台账、近12个月检查、问题和复核、回头看、处置、提醒、当前建议和下一步；可写成一张表。",
)
def show(
    context: typer.Context,
    account_id: Annotated[str, typer.Argument(metavar="账号编号", help="台账中的账号编号")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出全部内容")] = False,
    xlsx: Annotated[
        str | None, typer.Option("--xlsx", metavar="文件", help="另写成一张 A4 横向的表（.xlsx）；已有的会被替换")
    ] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print the history of one account, and write it as a sheet where asked for."""
    from console.offices import opened_office
    from console.show.account import account_lines
    from console.show.account_record import history_record
    from console.show.rows import room
    from schedules.account_history import account_history

    settings = configured(context, config, verbose=verbose)
    file = _sheet_file(xlsx)
    with opened_office(settings) as office:
        found = account_history(office, account_id, now=clock())
    if file is not None:
        from reports.account_sheet import account_sheet

        write_whole(file, account_sheet(found), "账号档案")
    if as_json:
        print(json.dumps(history_record(found), ensure_ascii=False, indent=2))
        return 0
    for line in account_lines(found, room()):
        say(line)
    if file is not None:
        say(f"已写入 {file}")
    return 0


def _sheet_file(name: str | None) -> Path | None:
    if name is None:
        return None
    if Path(name).suffix.lower() != ".xlsx":
        raise UsageError(f"--xlsx 的文件 {name} 的扩展名不能用，应为 .xlsx。")
    return Path(name)


def _known(settings: "Config") -> list[Account]:
    from console.offices import opened_office
    from storage.accounts import all_accounts

    with opened_office(settings) as office, office.database.read() as session:
        return all_accounts(session)


def _told(count: int, made: Changes) -> str:
    return f"{count} 个账号，新增 {made.added}，更新 {made.updated}，未变 {made.unchanged}"


def _line(account: Account) -> tuple[str, ...]:
    first = str(account.addresses[0]) if account.addresses else "（无）"
    more = f"，等{len(account.addresses)}个" if len(account.addresses) > 1 else ""
    cells = (
        account.account_id,
        account.name,
        account.platform.value,
        account.organizer,
        "是" if account.main else "否",
        account.state.value,
    )
    return (*(shortened(cell, WIDEST) for cell in cells), shortened(first, WIDEST * 2) + more)
