"""``xunjian findings``: what people check, decide, enter and look at again (复核)."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from console.choices import chosen
from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.errors import UsageError
from console.help_pages import ChineseCommand, ChineseGroup
from console.show.ink import say
from monitor.findings import Severity
from monitor.rechecking import Outcome

GRADES = (Severity.VETO, Severity.BULLETIN, Severity.HINT)
RESULTS = (Outcome.RECTIFIED, Outcome.NOT_RECTIFIED)

findings = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(findings, name="findings", help="复核：列出、查看、确认、排除问题，录入人工发现的问题，登记整改情况。")

MonthOption = Annotated[
    str | None, typer.Option("--month", metavar="年-月", help="问题所在的检查月份，默认最近检查过的月份")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出全部内容")]


@findings.command(
    "list", cls=ChineseCommand, help="列出某月的问题：核实状态、时段、谁作出了什么判定；默认最近检查过的月份。"
)
def list_(
    context: typer.Context,
    month: Annotated[str | None, typer.Argument(metavar="年-月", help="检查月份，如 2026-10")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="账号编号", help="只列这个账号的")] = None,
    code: Annotated[str | None, typer.Option("--code", metavar="问题编号", help="只列这类问题，如 GX-03")] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="状态", help="只列这种状态的：待复核、已核实、未能核验、已排除、孤立"),
    ] = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print the findings of a month."""
    from console.offices import opened_office
    from console.show.finding_records import month_record
    from console.show.findings import month_lines
    from console.show.rows import room
    from schedules.finding_names import read_code
    from schedules.reviewing import State, list_findings

    settings = configured(context, config, verbose=verbose)
    wanted = None if state is None else chosen(state, State, "--state")
    heading = None if code is None else read_code(code)
    with opened_office(settings) as office:
        found = list_findings(office, month, account_id=account, code=heading.code if heading else None, state=wanted)
    if as_json:
        print(json.dumps(month_record(found), ensure_ascii=False, indent=2))
    else:
        for line in month_lines(found, settings.zone, room()):
            say(line)
    return 0


@findings.command(
    "show", cls=ChineseCommand, help="查看一个问题的全部记录：描述、依据、佐证、逐处判定、复核记录、附件、整改情况。"
)
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="问题", help="账号编号:问题编号，后面可加 :时段、:#信息 或 :人工号")],
    month: MonthOption = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print everything that is known of one finding."""
    from console.offices import opened_office
    from console.show.finding import finding_lines
    from console.show.finding_records import finding_record
    from console.show.rows import room
    from schedules.finding_in_full import finding_in_full

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        found = finding_in_full(office, name, month)
    if as_json:
        print(json.dumps(finding_record(found), ensure_ascii=False, indent=2))
    else:
        for line in finding_lines(found, settings.zone, room()):
            say(line)
    return 0


@findings.command(
    "add", cls=ChineseCommand, help="录入人工发现的问题，如 HD-01、NR-01；性质为否决或通报的须附佐证文件。"
)
def add(
    context: typer.Context,
    account_id: Annotated[str, typer.Argument(metavar="账号编号", help="台账中的账号编号")],
    code: Annotated[str, typer.Argument(metavar="问题编号", help="如 HD-01")],
    *,
    window: Annotated[str, typer.Option("--window", metavar="时段", help="一天或起止两天，2026-10-12/2026-10-18")] = "",
    text: Annotated[str, typer.Option("--text", metavar="文字", help="问题描述，必填")] = "",
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="录入人，必填")] = "",
    severity: Annotated[
        str | None, typer.Option("--severity", metavar="性质", help="否决、通报或提示，默认按问题编号")
    ] = None,
    url: Annotated[str, typer.Option("--url", metavar="网址", help="有关信息的链接")] = "",
    title: Annotated[str, typer.Option("--title", metavar="标题", help="有关信息的标题")] = "",
    evidence: Annotated[
        list[str] | None, typer.Option("--evidence", metavar="文件", help="佐证文件，可写几次；复制到佐证文件夹")
    ] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Keep a finding that a person enters."""
    from console.offices import opened_office
    from console.show.findings import added_lines
    from schedules.entering import NewFinding, add_finding

    settings = configured(context, config, verbose=verbose)
    new = NewFinding(
        account_id=account_id,
        code=code,
        window=window,
        text=text,
        by=by,
        severity=None if severity is None else chosen(severity, GRADES, "--severity"),
        url=url,
        title=title,
        files=tuple(map(Path, evidence or ())),
    )
    with opened_office(settings) as office:
        done = add_finding(office, new, now=clock())
    for line in added_lines(done, settings.zone):
        say(line)
    return 0


@findings.command("rectified", cls=ChineseCommand, help="登记人工复查一个问题是否整改（回头看）；以后的检查按此写入。")
def rectified(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="问题", help="账号编号:问题编号")],
    *,
    month: Annotated[str, typer.Option("--month", metavar="年-月", help="该问题所在的检查月份，必填")] = "",
    result: Annotated[str, typer.Option("--result", metavar="结果", help="已整改或未整改，必填")] = "",
    on: Annotated[str, typer.Option("--on", metavar="日期", help="复查的日期，如 2026-11-20，必填")] = "",
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="复查人，必填")] = "",
    note: Annotated[str, typer.Option("--note", metavar="文字", help="复查看到的情况，必填")] = "",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Keep what a person found when looking again at a finding."""
    from console.offices import opened_office
    from console.show.findings import rectified_lines
    from schedules.entering import rectified as keep_rectified

    settings = configured(context, config, verbose=verbose)
    outcome = chosen(result, RESULTS, "--result")
    day = _read_day(on)
    with opened_office(settings) as office:
        done = keep_rectified(office, name, month=month, outcome=outcome, on=day, by=by, note=note, now=clock())
    for line in rectified_lines(done):
        say(line)
    return 0


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"--on 的“{text}”不是日期；请写明复查的日期，如 2026-11-20。") from error
