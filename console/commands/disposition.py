"""``xunjian disposition``: the four steps (四步退出流程) as people take them."""

import json
from pathlib import Path
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.help_pages import ChineseCommand, ChineseGroup
from console.show.ink import say

disposition = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(disposition, name="disposition", help="四步处置：处置建议，记录提醒、通报、约谈、关停，核实整改，撤销。")

Number = Annotated[int, typer.Argument(metavar="编号", help="处置台账的编号，见 disposition list")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出全部内容")]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="作出这项记录的人，必填")]


@disposition.command(
    "add",
    cls=ChineseCommand,
    help="记录对一个账号采取的一步：提醒、通报、约谈或关停。系统只提建议，采取哪一步由人决定。",
)
def add(
    context: typer.Context,
    account_id: Annotated[str, typer.Argument(metavar="账号编号", help="台账中的账号编号")],
    *,
    step: Annotated[str, typer.Option("--step", metavar="步骤", help="提醒、通报、约谈、关停之一，必填")] = "",
    on: Annotated[str, typer.Option("--on", metavar="日期", help="作出的日期，如 2026-11-10，必填")] = "",
    by: By = "",
    document: Annotated[str, typer.Option("--document", metavar="文号", help="如 高府办函〔2026〕12号")] = "",
    signer: Annotated[str, typer.Option("--signer", metavar="姓名", help="签发人；约谈和关停必填")] = "",
    note: Annotated[str, typer.Option("--note", metavar="说明", help="其他需要说明的情况")] = "",
    month: Annotated[
        list[str] | None,
        typer.Option("--month", metavar="年-月", help="依据的检查月份，可写多次；默认为当前处置建议所依据的月份"),
    ] = None,
    attach: Annotated[
        list[str] | None, typer.Option("--attach", metavar="文件", help="附件，可写多次；复制一份保存在佐证文件夹中")
    ] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Record a step."""
    from console.offices import opened_office
    from console.show.disposition import recorded_lines
    from schedules.disposing import Given, record_step

    settings = configured(context, config, verbose=verbose)
    given = Given(
        step=step,
        on=on,
        by=by,
        document=document,
        signer=signer,
        note=note,
        months=month or (),
        files=[Path(each) for each in attach or ()],
    )
    with opened_office(settings) as office:
        done = record_step(office, account_id, given, now=clock())
    for line in recorded_lines(done, settings.zone):
        say(line)
    return 0


@disposition.command("list", cls=ChineseCommand, help="列出处置台账，以及正在停更公告的账号；已撤销的也列出。")
def list_(
    context: typer.Context,
    *,
    account: Annotated[str | None, typer.Option("--account", metavar="账号编号", help="只列这个账号")] = None,
    step: Annotated[str | None, typer.Option("--step", metavar="步骤", help="只列这一步")] = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print the ledger."""
    from console.offices import opened_office
    from console.show.disposition import closing_lines, ledger_lines
    from console.show.disposition_records import ledger_record
    from console.show.rows import room
    from schedules.closings import closings
    from schedules.disposing import entries

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        found = entries(office, account, step)
        closing = closings(office, account, now=clock())
    if as_json:
        print(json.dumps(ledger_record(found, closing), ensure_ascii=False, indent=2))
        return 0
    for line in (*ledger_lines(found, settings.zone, room()), *closing_lines(closing)):
        say(line)
    return 0


@disposition.command(
    "proposals",
    cls=ChineseCommand,
    help="列出某月检查的处置建议：建议哪一步、依据哪几个月、为什么、此后记录了什么；默认最近检查的月份。",
)
def proposals(
    context: typer.Context,
    month: Annotated[str | None, typer.Argument(metavar="年-月", help="检查月份，如 2026-10")] = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print what is proposed."""
    from console.offices import opened_office
    from console.show.disposition import proposal_lines
    from console.show.disposition_records import proposals_record
    from console.show.rows import room
    from schedules.proposing import proposals as proposals_of

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        found = proposals_of(office, month)
    if as_json:
        print(json.dumps(proposals_record(found), ensure_ascii=False, indent=2))
        return 0
    for line in proposal_lines(found, settings.zone, room()):
        say(line)
    return 0


@disposition.command("rectified", cls=ChineseCommand, help="记录一次约谈后整改是否到位；再记录一次，以后一次为准。")
def rectified(
    context: typer.Context,
    number: Number,
    *,
    result: Annotated[str, typer.Option("--result", metavar="结果", help="到位 或 不到位，必填")] = "",
    by: By = "",
    note: Annotated[str, typer.Option("--note", metavar="说明", help="核实的情况")] = "",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Record whether an interview led to anything."""
    from console.offices import opened_office
    from console.show.disposition import rectified_lines
    from schedules.disposing import rectify

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        done = rectify(office, number, result, by=by, note=note, now=clock())
    for line in rectified_lines(done):
        say(line)
    return 0


@disposition.command("withdraw", cls=ChineseCommand, help="撤销一条记录错的处置；原记录保留备查，不再计入。")
def withdraw(
    context: typer.Context,
    number: Number,
    *,
    by: By = "",
    why: Annotated[str, typer.Option("--why", metavar="理由", help="撤销的理由，必填")] = "",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Take an entry back."""
    from console.offices import opened_office
    from console.show.disposition import withdrawn_lines
    from schedules.disposing import withdraw as withdraw_entry

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        done = withdraw_entry(office, number, by=by, why=why, now=clock())
    for line in withdrawn_lines(done, settings.zone):
        say(line)
    return 0
