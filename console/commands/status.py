"""``xunjian status``: how everything stands, also while the daemon runs."""

import json
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.help_pages import ChineseCommand
from console.show.ink import say

NEEDS_A_PERSON = 3


@app.command(
    cls=ChineseCommand,
    help="运行情况：守护程序是否在运行、各项工作、采集通道、有困难的来源、本月采集完整率、积压、消息和磁盘。",
)
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出全部内容")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print how things stand; 0 where all is well, 3 where a person has to see to something."""
    from console.offices import opened_office
    from console.show.status import status_lines, status_record
    from reports.masked import masked_record
    from schedules.alarms import alarms_of
    from schedules.status import status_of
    from storage.database import is_made

    settings = configured(context, config, verbose=verbose)
    if not is_made(settings.database_url):
        say("还没有数据库；请先运行 xunjian accounts import accounts.csv 导入台账，再运行 xunjian daemon。")
        return NEEDS_A_PERSON
    with opened_office(settings) as office:
        found = status_of(office, clock())
    alarms = alarms_of(found, settings.daemon, settings.zone)
    if as_json:
        print(json.dumps(masked_record(status_record(found, alarms)), ensure_ascii=False, indent=2))
    else:
        for line in status_lines(found, alarms, settings.zone, settings.name):
            say(line)
    return NEEDS_A_PERSON if alarms else 0
