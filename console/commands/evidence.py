"""``xunjian evidence``: what findings rest on."""

from pathlib import Path
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured, folder_given
from console.help_pages import ChineseCommand, ChineseGroup
from console.show.ink import say
from console.widths import shortened, table
from monitor.masking import mask

HEADER = ("序号", "账号编号", "账号名称", "问题", "核实状态", "问题描述")
WIDEST = 50

evidence = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(evidence, name="evidence", help="佐证：导出问题的佐证，清理过期的采集原件。")


@evidence.command(
    "export",
    cls=ChineseCommand,
    help="导出一个问题的佐证：问题、时段、采集记录、信息和采集原件，写成可以出示给单位的文件夹，个人信息已遮盖。",
)
def export(
    context: typer.Context,
    finding: Annotated[
        str,
        typer.Argument(
            metavar="问题", help="年-月/序号，如 2026-10/12；或 年-月/账号编号/问题编号，如 2026-10/A001/GX-03"
        ),
    ],
    out: Annotated[
        str, typer.Option("--out", callback=folder_given, metavar="文件夹", help="写到这个文件夹；不会覆盖别的内容")
    ],
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Write the folder of one finding."""
    from console.offices import opened_office
    from schedules.evidence import export as export_finding

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        done = export_finding(office, finding, Path(out))
    say(f"已导出 {done.number} 的佐证，采集原件{done.answers}份：{mask(done.description)}")
    for file in done.files:
        say(f"  {file}")
    for sentence in done.missing:
        say(f"注意：{mask(sentence)}")
    return 0


@evidence.command("list", cls=ChineseCommand, help="列出某月检查的问题，或其中一个账号的某项问题。")
def list_(
    context: typer.Context,
    finding: Annotated[str, typer.Argument(metavar="问题", help="年-月，或同 export 的写法")],
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print the findings that can be exported."""
    from console.offices import opened_office
    from schedules.evidence import find_findings

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        found = find_findings(office, finding)
    rows = [
        (
            f"{each.month}/{each.position}",
            each.account_id,
            shortened(each.account_name, WIDEST // 2),
            f"{each.code} {each.category}",
            each.verdict,
            shortened(mask(each.description), WIDEST),
        )
        for each in found
    ]
    for line in table(HEADER, rows):
        say(line)
    say(f"共 {len(found)} 个问题。")
    return 0


@evidence.command(
    "prune",
    cls=ChineseCommand,
    help="清理过期的采集原件；检查问题所依据的一律保留。",
)
def prune(
    context: typer.Context,
    keep_days: Annotated[
        int | None, typer.Option("--keep-days", metavar="天数", help="保留多少天，默认按 [evidence] keep_days")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出，不删除")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Remove old answers that nothing rests on."""
    from console.offices import opened_office
    from schedules.evidence import prune as prune_evidence

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        done = prune_evidence(office, now=clock(), keep_days=keep_days, dry_run=dry_run)
    for file in done.files:
        say(f"  {file}")
    what = "将清理" if dry_run else "已清理"
    say(f"{what}{len(done.files)}个文件中的{done.removed}条原件，过期但须保留的{done.kept}条；{_size(done.freed)}。")
    return 0


def _size(freed: int) -> str:
    return f"腾出 {freed / 2**20:.1f} MB"
