"""``xunjian inspect``: the monthly inspection."""

from pathlib import Path
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import AsOfOption, ConfigOption, VerboseOption, clock, configured, folder_given
from console.help_pages import ChineseCommand
from console.moments import read_moment
from console.show.ink import say


@app.command(cls=ChineseCommand, help="月度全覆盖检查：判定台账中的每个账号，写出检查情况汇总表、问题清单和信息明细。")
def inspect(
    context: typer.Context,
    month: Annotated[str, typer.Argument(metavar="年-月", help="检查月份，如 2026-10")],
    out: Annotated[
        str,
        typer.Option(
            "--out",
            callback=folder_given,
            metavar="文件夹",
            help="写到这个文件夹下以月份命名的文件夹，默认 inspections",
        ),
    ] = "inspections",
    as_of: AsOfOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Judge every account for a month and write the files."""
    from console.offices import opened_office
    from console.show.inspection import inspection_lines, progress_display
    from schedules.inspect import inspect_month

    settings = configured(context, config, verbose=verbose)
    now = clock()
    moment = read_moment(as_of, settings.zone) if as_of is not None else None
    with opened_office(settings) as office, progress_display() as on_progress:
        report = inspect_month(office, month.strip(), Path(out), now=now, as_of=moment, on_progress=on_progress)
    for line in inspection_lines(report):
        say(line)
    return 0
