"""``xunjian findings confirm``, ``regrade``, ``dismiss`` and ``withdraw``: what people decide on findings."""

from typing import Annotated

import typer

from console.choices import chosen
from console.commands.findings import GRADES, MonthOption, findings
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.help_pages import ChineseCommand
from console.show.ink import say
from monitor.decisions import Reason

Names = Annotated[
    list[str],
    typer.Argument(
        metavar="问题", help="账号编号:问题编号，后面可加 :时段、:#信息 或 :人工号；见 findings list 和 show"
    ),
]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="作出判定的人，必填")]
Replace = Annotated[bool, typer.Option("--replace", help="改变他人已经作出的判定；原判定留在记录里")]


@findings.command(
    "confirm", cls=ChineseCommand, help="确认问题；写账号编号:问题编号即确认其中所有待复核的，可同时调整问题性质。"
)
def confirm(
    context: typer.Context,
    names: Names,
    *,
    by: By = "",
    severity: Annotated[str | None, typer.Option("--severity", metavar="性质", help="定为否决、通报或提示")] = None,
    note: Annotated[str, typer.Option("--note", metavar="文字", help="说明")] = "",
    replace: Replace = False,
    month: MonthOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Keep that a person confirmed findings."""
    from console.offices import opened_office
    from console.show.findings import decided_lines
    from schedules.deciding import confirm as confirm_findings

    settings = configured(context, config, verbose=verbose)
    grade = None if severity is None else chosen(severity, GRADES, "--severity")
    with opened_office(settings) as office:
        done = confirm_findings(
            office,
            names,
            month=month,
            by=by,
            severity=grade,
            note=note,
            replace_others=replace,
            now=clock(),
        )
    for line in decided_lines(done, settings.zone):
        say(line)
    return 0


@findings.command("regrade", cls=ChineseCommand, help="确认问题并调整其性质，须写明理由。")
def regrade(
    context: typer.Context,
    names: Names,
    *,
    severity: Annotated[str, typer.Option("--severity", metavar="性质", help="定为否决、通报或提示，必填")] = "",
    by: By = "",
    note: Annotated[str, typer.Option("--note", metavar="文字", help="调整的理由，必填")] = "",
    replace: Replace = False,
    month: MonthOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Keep that a person confirmed findings at another severity."""
    from console.offices import opened_office
    from console.show.findings import decided_lines
    from schedules.deciding import regrade as regrade_findings

    settings = configured(context, config, verbose=verbose)
    grade = chosen(severity, GRADES, "--severity")
    with opened_office(settings) as office:
        done = regrade_findings(
            office, names, month=month, by=by, severity=grade, note=note, replace_others=replace, now=clock()
        )
    for line in decided_lines(done, settings.zone):
        say(line)
    return 0


@findings.command(
    "dismiss", cls=ChineseCommand, help="排除问题或未能核验的时段，须写明原因和具体情况；以后的检查一律按此判定。"
)
def dismiss(
    context: typer.Context,
    names: Names,
    *,
    by: By = "",
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help=f"必填，为{'、'.join(Reason)}之一")] = "",
    note: Annotated[str, typer.Option("--note", metavar="文字", help="具体情况，必填")] = "",
    replace: Replace = False,
    month: MonthOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Keep that a person dismissed findings."""
    from console.offices import opened_office
    from console.show.findings import decided_lines
    from schedules.deciding import dismiss as dismiss_findings

    settings = configured(context, config, verbose=verbose)
    why = chosen(reason, Reason, "--reason")
    with opened_office(settings) as office:
        done = dismiss_findings(
            office, names, month=month, by=by, reason=why, note=note, replace_others=replace, now=clock()
        )
    for line in decided_lines(done, settings.zone):
        say(line)
    return 0


@findings.command("withdraw", cls=ChineseCommand, help="撤回复核意见或人工录入的问题；不再生效，但留在记录里。")
def withdraw(
    context: typer.Context,
    names: Names,
    *,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="撤回的人，必填")] = "",
    why: Annotated[str, typer.Option("--why", metavar="理由", help="撤回的理由；撤回他人的意见时必须写明")] = "",
    month: MonthOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Take decisions and entered findings back."""
    from console.offices import opened_office
    from console.show.findings import withdrawn_lines
    from schedules.withdrawing import withdraw as withdraw_findings

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        done = withdraw_findings(office, names, month=month, by=by, why=why, now=clock())
    for line in withdrawn_lines(done):
        say(line)
    return 0
