"""``xunjian init`` and ``xunjian demo``: the ways to begin."""

from pathlib import Path
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, folder_given, settle
from console.help_pages import ChineseCommand
from console.locating import DEFAULT
from console.show.ink import say


@app.command(cls=ChineseCommand, help="写出带说明的配置文件 xunjian.toml 和台账模板 accounts.csv；已有的文件不动。")
def init(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="文件夹", help="写到哪里，默认当前文件夹")] = ".",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Write what a new office starts from."""
    from console.starting import REGISTRY, write_start

    settle(context, config, verbose=verbose)
    named = config or context.obj.config
    target = Path(folder)
    for path, written in write_start(Path(named) if named else target / DEFAULT, target / REGISTRY):
        say(f"已写出 {path}" if written else f"已有 {path}，没有改动")
    say(f"下一步：用 Excel 填好 {target / REGISTRY}，再运行 xunjian accounts import {target / REGISTRY}")
    return 0


@app.command(cls=ChineseCommand, help="在本机用自带的示例县走完全过程：采集、检查上月、写出结果；不联网，不用配置。")
def demo(
    context: typer.Context,
    out: Annotated[str, typer.Option("--out", callback=folder_given, metavar="文件夹", help="结果写到哪里")] = "demo",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Run the whole main job on the sample county; a configuration is neither needed nor read."""
    settle(context, config, verbose=verbose)
    from console.demo import run_demo

    return run_demo(Path(out))
