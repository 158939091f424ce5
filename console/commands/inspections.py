"""``xunjian inspections``: the versions of each month's inspection, and how far people have brought them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured, folder_given
from console.help_pages import ChineseCommand, ChineseGroup
from console.show.ink import YELLOW, inked, say

if TYPE_CHECKING:
    from console.config import Config
    from storage.versions import Tally, Version

MonthArgument = Annotated[str, typer.Argument(metavar="年-月", help="检查月份，如 2026-10")]
ByOption = Annotated[str, typer.Option("--by", metavar="姓名", help="由谁操作，记在检查记录里")]
OutOption = Annotated[
    str,
    typer.Option(
        "--out", callback=folder_given, metavar="文件夹", help="检查结果所在的文件夹，与 inspect 相同，默认 inspections"
    ),
]
NoteOption = Annotated[str, typer.Option("--note", metavar="说明", help="一并记下的说明")]
JsonOption = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]

inspections = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(inspections, name="inspections", help="检查的状态：复核、定稿、公开、更正。")


@inspections.command("list", cls=ChineseCommand, help="列出各月检查的版本、状态、经办人和检查结果的合计。")
def list_(
    context: typer.Context,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print every version of every month."""
    from console.show.inspections import list_lines, version_record

    settings = configured(context, config, verbose=verbose)
    found = _read(settings, None)
    if as_json:
        print(json.dumps([version_record(*each) for each in found], ensure_ascii=False, indent=2))
        return 0
    for line in list_lines(found, settings.zone):
        say(line)
    return 0


@inspections.command("show", cls=ChineseCommand, help="查看一个月检查的每个版本：为何另作一版、由谁推进到哪一步。")
def show(
    context: typer.Context,
    month: MonthArgument,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print the versions of a month with their stages."""
    from console.show.inspections import show_lines, version_record
    from schedules.staging import name_of, not_inspected

    settings = configured(context, config, verbose=verbose)
    month = name_of(month)
    found = _read(settings, month)
    if not found:
        raise not_inspected(month)
    if as_json:
        print(json.dumps([version_record(*each) for each in found], ensure_ascii=False, indent=2))
        return 0
    for line in show_lines(found, settings.zone):
        say(line)
    return 0


@inspections.command(cls=ChineseCommand, help="开始复核：草稿改为复核中。对草稿中的问题作出第一个判定时也会自动改。")
def review(
    context: typer.Context,
    month: MonthArgument,
    by: ByOption = "",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Bring a draft into review."""
    from console.offices import opened_office
    from schedules.staging import review as begin

    with opened_office(configured(context, config, verbose=verbose)) as office:
        version = begin(office, month, by=by, now=clock())
    say(f"{version.month} 的检查（第{version.version}版）现为“{version.stage}”。")
    return 0


@inspections.command(
    cls=ChineseCommand,
    help="定稿：按现有数据重新判定，与最新的草稿完全相同才定稿并写出文件；不同则写出新的草稿，请查看后再定稿。\n"
    "定稿后内容不再变动，需要更正时用 inspections correct 另作一版。",
)
def finalize(
    context: typer.Context,
    month: MonthArgument,
    by: ByOption = "",
    note: NoteOption = "",
    leave_open: Annotated[bool, typer.Option("--leave-open", help="还有待复核的问题也定稿，并记下条数")] = False,
    out: OutOption = "inspections",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Make the newest draft of a month final."""
    from console.offices import opened_office
    from console.show.inspection import inspection_lines, progress_display
    from schedules.staging import finalize as make_final

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office, progress_display() as on_progress:
        report = make_final(
            office,
            month,
            Path(out),
            by=by,
            now=clock(),
            on_progress=on_progress,
            note=note,
            leave_open=leave_open,
        )
    for line in inspection_lines(report):
        say(line)
    return 0


@inspections.command(
    cls=ChineseCommand, help="登记已公开：已定稿改为已公开。内容不变，只改检查记录和 inspection.json 的状态。"
)
def publish(
    context: typer.Context,
    month: MonthArgument,
    by: ByOption = "",
    note: NoteOption = "",
    out: OutOption = "inspections",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Note that a final inspection was made public."""
    from console.offices import opened_office
    from schedules.staging import publish as make_public

    with opened_office(configured(context, config, verbose=verbose)) as office:
        made = make_public(office, month, Path(out), by=by, now=clock(), note=note)
    say(f"{made.version.month} 的检查（第{made.version.version}版）现为“{made.version.stage}”。")
    if made.note:
        say(inked(f"注意：{made.note}", YELLOW))
    return 0


@inspections.command(
    cls=ChineseCommand,
    help="更正已定稿的检查：定稿的文件另存到 versions，写明理由另作一版草稿；新的一版定稿以前，原来的一版仍然有效。",
)
def correct(
    context: typer.Context,
    month: MonthArgument,
    by: ByOption = "",
    why: Annotated[str, typer.Option("--why", metavar="理由", help="更正的理由，写进新的一版")] = "",
    out: OutOption = "inspections",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Begin to correct a final inspection."""
    from console.offices import opened_office
    from console.show.inspection import inspection_lines, progress_display
    from schedules.staging import correct as begin

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office, progress_display() as on_progress:
        report = begin(office, month, Path(out), by=by, why=why, now=clock(), on_progress=on_progress)
    for line in inspection_lines(report):
        say(line)
    return 0


def _read(settings: "Config", month: str | None) -> "list[tuple[Version, Tally]]":
    """Return the versions of a month, or of all, with what they count."""
    from console.offices import opened_office
    from storage.versions import tallies_of, versions

    with opened_office(settings) as office, office.database.read() as session:
        found = versions(session, month)
        tallies = tallies_of(session, [each.number for each in found])
    return [(each, tallies[each.number]) for each in found]
