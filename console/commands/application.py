"""The command line application: its name, its own options, the group that the commands join."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from console.commands.options import ConfigOption, Given, VerboseOption
from console.help_pages import ChineseGroup

UNINSTALLED = "0"
ORDER = (  # as an office meets them
    *("init", "accounts", "sources", "collect", "report", "posts"),
    *("check", "inspect", "findings", "inspections", "evidence", "disposition", "assess", "daemon"),
    *("status", "notify", "backup", "restore", "demo"),
)


class OrderedGroup(ChineseGroup):
    """The commands in the order in which an office meets them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: self.commands[name] for name in sorted(self.commands, key=ORDER.index)}


app = typer.Typer(
    name="xunjian",
    cls=OrderedGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _print_version(value: bool) -> None:
    if value:
        try:
            print(f"xunjian {version('xunjian')}")
        except PackageNotFoundError:
            print(f"xunjian {UNINSTALLED}")
        raise typer.Exit


@app.callback(
    help="巡检：采集政务新媒体账号的信息，证明看到了什么，每月作一次全覆盖检查。\n"
    "第一次使用：xunjian init，填好 accounts.csv，再依次运行 accounts import、collect、inspect。"
)
def start(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="显示版本号")
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Keep the options that stand before the command's name."""
    context.obj = Given(config=Path(config) if config is not None else None, verbose=verbose)
