"""``xunjian assess``: the annual assessment."""

from pathlib import Path
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured, folder_given
from console.help_pages import ChineseCommand
from console.show.ink import say


@app.command(cls=ChineseCommand, help="年度考核：汇总各月检查，按方案给单位和账号评分、排名，写出工作簿和表格。")
def assess(
    context: typer.Context,
    year: Annotated[str, typer.Argument(metavar="年份", help="考核年度，如 2026；当年则截至已检查的月份")],
    out: Annotated[
        str,
        typer.Option(
            "--out",
            callback=folder_given,
            metavar="文件夹",
            help="写到这个文件夹下以年份命名的文件夹，默认 assessments",
        ),
    ] = "assessments",
    scheme: Annotated[
        str | None,
        typer.Option(
            "--scheme", metavar="方案", help="考核方案的名称或文件，默认按 [assess] scheme；自带 national、hundred"
        ),
    ] = None,
    quarter: Annotated[bool, typer.Option("--quarter", help="另按季度汇总，供向上级报送")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Score the year and write the files."""
    from console.config.schemes import named_scheme
    from console.offices import opened_office
    from console.show.assess import assessment_lines
    from schedules.assessing import assess_year

    settings = configured(context, config, verbose=verbose)
    chosen = settings.scheme if scheme is None else named_scheme(scheme, Path.cwd())
    with opened_office(settings) as office:
        done = assess_year(office, year, Path(out), chosen, now=clock(), by_quarter=quarter)
    for line in assessment_lines(done):
        say(line)
    return 0
