"""``xunjian backup`` and ``xunjian restore``: a copy of the database, made while it is in use, and its way back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.errors import UsageError
from console.help_pages import ChineseCommand
from console.show.ink import say

YES = ("y", "yes", "是")
DEFAULT_FOLDER = "backups"


@app.command(cls=ChineseCommand, help="备份数据库，守护程序运行时也可以；写成一个文件，写好并检查过才有正式的文件名。")
def backup(
    context: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(metavar="文件", help="写到哪里，默认是备份文件夹中以时间命名的文件；不会覆盖已有的文件"),
    ] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Write a backup."""
    from storage.backup import back_up, backup_name

    settings = configured(context, config, verbose=verbose)
    folder = settings.daemon.backups or settings.file.parent / DEFAULT_FOLDER
    server = not settings.database_url.startswith("sqlite")
    target = folder / backup_name(clock(), server=server) if file is None else Path(file)
    if file is not None and not target.absolute().parent.is_dir():
        raise UsageError(f"备份：{target}：所在文件夹不存在；请先建立该文件夹，或核对移动硬盘是否已接好。")
    made = back_up(settings.database_url, target)
    say(f"已备份到 {made.file}，{made.bytes / 2**20:.1f} MB，用时 {made.seconds:.1f} 秒。")
    return 0


@app.command(cls=ChineseCommand, help="用备份换下现在的数据库；先检查备份，现在的数据库另存一份。须先停止守护程序。")
def restore(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="文件", help="由 xunjian backup 或守护程序写出的备份")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接恢复")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Put a backup back."""
    from storage.backup import check_backup
    from storage.restoring import restore as put_back

    settings = configured(context, config, verbose=verbose)
    if not yes:
        check_backup(Path(file))
        if not _agreed(file):
            say("没有恢复，数据库未作改动。")
            return 0
    done = put_back(settings.database_url, Path(file), now=clock().astimezone(settings.zone))
    say(f"已用 {file} 恢复数据库（结构版本 {done.version}）。")
    if done.kept is not None:
        say(f"原来的数据库保存在 {done.kept}。")
    return 0


def _agreed(file: str) -> bool:
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise UsageError("恢复会换下现在的数据库，而这里不能询问；确定要恢复，请加 --yes。")
    print(f"将用 {file} 换下现在的数据库（原来的另存一份）。确定吗？输入 y 继续：", end="", flush=True)
    return sys.stdin.readline().strip().lower() in YES
