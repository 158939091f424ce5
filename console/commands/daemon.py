"""``xunjian daemon``: what the office really runs, all year."""

import signal
from dataclasses import replace

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured_to_send
from console.help_pages import ChineseCommand


@app.command(
    cls=ChineseCommand,
    help="常年运行：自动采集、临期提醒、每月检查、备份；直到收到停止的信号（Ctrl-C、systemctl stop）。\n"
    "收到 SIGHUP 时检查并重新加载配置和台账；同一数据库只能有一个。运行情况用 xunjian status 查看。",
)
def daemon(
    context: typer.Context,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Run until told to stop; 0 then, 2 where another one runs on the same database."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to be loaded again it must not end us
    from console.logs import set_up_daemon_logs
    from console.offices import opened_office
    from console.reloading import Reloading, first_import
    from schedules.daemon import run_daemon
    from storage.instance import running

    settings = configured_to_send(context, config, verbose=verbose)
    settings = replace(settings, file=settings.file.absolute())
    set_up_daemon_logs(settings.logs)
    with opened_office(settings) as office:
        state = running(office.database)
        if state is None or not state.alive:  # the one that runs imports its own
            first_import(office, clock())
        return run_daemon(office, reload=Reloading(settings, office, clock), clock=clock)
