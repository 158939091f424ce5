"""``xunjian collect`` and ``xunjian check``: looking now."""

import json
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import AsOfOption, ConfigOption, VerboseOption, clock, configured
from console.help_pages import ChineseCommand
from console.moments import read_moment
from console.show.ink import say
from monitor.findings import Result
from monitor.wording import named

INCOMPLETE = 3
INTERRUPTED = 130
STATUS = {Result.FAILED: 1, Result.REVIEW: INCOMPLETE, Result.UNVERIFIABLE: INCOMPLETE}


@app.command(cls=ChineseCommand, help="立即采集：不指明账号时采集台账中所有在用的账号。")
def collect(
    context: typer.Context,
    account_ids: Annotated[list[str] | None, typer.Argument(metavar="账号编号", help="只采集这些账号")] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Visit the sources of the accounts; 0 where every visit succeeded, 3 where some did not."""
    from console.offices import opened_office
    from console.show.visits import closing_lines, failures, visit_display
    from schedules.collect import collect as collect_sources
    from storage.accounts import all_accounts

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        with office.database.read() as session:
            accounts = {each.account_id: each for each in all_accounts(session)}
        with visit_display(accounts, office.zone) as on_visit:
            report = collect_sources(office, account_ids or [], clock=clock, on_visit=on_visit)
    for account_id in report.without_source:
        say(f"没有采集地址，未采集：{account_id} {named(accounts[account_id])}")
    for line in closing_lines(report.visits, report.new_posts, report.revised_posts, accounts):
        say(line)
    if report.interrupted:
        say(f"已中断：以上{len(report.visits)}次采集都已保存，其余的没有采集；再运行一次即可补上。")
        return INTERRUPTED
    return INCOMPLETE if failures(report.visits) else 0


@app.command(cls=ChineseCommand, help="抽查一个账号：立即采集，按全部规则判定到此刻，给出结论、佐证和下一个期限。")
def check(
    context: typer.Context,
    account_id: Annotated[str, typer.Argument(metavar="账号编号", help="台账中的账号编号")],
    no_collect: Annotated[bool, typer.Option("--no-collect", help="不采集，只用已有的数据")] = False,
    as_of: AsOfOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Judge one account now; 0 where it passes, 1 where it fails, 3 where it cannot be told yet."""
    from console.offices import opened_office
    from console.show.check import check_lines, check_record
    from schedules.check import spot_check

    settings = configured(context, config, verbose=verbose)
    moment = read_moment(as_of, settings.zone) if as_of is not None else None
    with opened_office(settings) as office:
        found = spot_check(office, account_id, now=clock(), as_of=moment, collect_first=not no_collect, clock=clock)
    if found.interrupted:
        raise KeyboardInterrupt
    if as_json:
        print(json.dumps(check_record(found, settings.name), ensure_ascii=False, indent=2))
    else:
        for line in check_lines(found, settings.zone):
            say(line)
    return STATUS.get(found.judged.judgement.result, 0)
