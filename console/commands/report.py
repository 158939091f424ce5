"""``xunjian report``: self-reports of units, taken in from a file."""

from pathlib import Path
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.help_pages import ChineseCommand
from console.show.ink import RED, inked, say
from monitor.masking import mask
from monitor.wording import named

LEFT_OUT = 3
MAX_BYTES = 30 * 2**20


@app.command(
    cls=ChineseCommand,
    help="导入自查上报（CSV 或 XLSX）：列有账号、发布时间、标题、链接的表；好的行都导入，有问题的行逐条指出。\n"
    "上报的信息要等下次采集时打开链接核实，核实之前不计入发布条数；上报本身不能证明没有更新。",
)
def report(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="文件", help="上报表，CSV（UTF-8 或 GBK）或 XLSX")],
    account: Annotated[
        str | None, typer.Option("--account", metavar="账号编号", help="表中没有账号一列时，指明全部是哪个账号的")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="由谁上报或导入，记在采集记录里")] = "",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Take in a self-report; 0 where every row was taken, 3 where some were not (each is named)."""
    from console.files import read_whole
    from console.offices import opened_office
    from schedules.reporting import import_report

    settings = configured(context, config, verbose=verbose)
    path = Path(file)
    body = read_whole(path, "自查上报表", limit=MAX_BYTES)
    with opened_office(settings) as office:
        found = import_report(office, path.name, body, account_id=account, by=by, now=clock())
    for each in found.taken:
        say(f"{each.account.account_id} {named(each.account)}：上报{each.items}条，其中新信息{each.new_posts}条。")
    for note in found.notes:
        say(f"提示：{mask(note)}")
    count = sum(each.items for each in found.taken)
    if count:
        say(f"已导入{count}条；下次采集（xunjian collect）时会逐条打开链接核实，核实之前不计入发布条数。")
    for problem in found.left_out:
        say(inked(mask(problem), RED))
    if found.left_out:
        say(f"以上{len(found.left_out)}处没有导入；改正后再导入一次即可，已导入的不会重复。")
    return LEFT_OUT if found.left_out else 0
