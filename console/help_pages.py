"""Help pages in Chinese: what ``--help`` prints."""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from shutil import get_terminal_size
from typing import Any

from typer.core import TyperCommand, TyperGroup

from console.widths import padded, width, wrapped

HELP_OPTION = "显示这页说明"
WIDEST = 100


class ChineseCommand(TyperCommand):
    """A command whose help page is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        formatter.write(_page(self, ctx, ()))


class ChineseGroup(TyperGroup):
    """A group of commands whose help page is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        commands = [(name, _text(command.help).partition("\n")[0]) for name, command in self.commands.items()]
        formatter.write(_page(self, ctx, commands))


def _page(command: Any, ctx: Any, commands: Sequence[tuple[str, str]]) -> str:
    shown = [each for each in command.get_params(ctx) if not getattr(each, "hidden", False)]
    arguments = [each for each in shown if each.param_type_name == "argument"]
    options = [each for each in shown if each.param_type_name == "option"]
    pieces = [ctx.command_path, *map(_usage_of, arguments), "命令 …" if commands else "", "[选项]"]
    columns = min(get_terminal_size().columns, WIDEST)
    lines = [f"用法：{' '.join(filter(None, pieces))}", ""]
    lines += [line for text in _text(command.help).split("\n") for line in wrapped(text, columns)]
    lines += _section("参数", [(each.metavar, each.help or "") for each in arguments], columns)
    lines += _section("命令", commands, columns)
    lines += _section("选项", [(_names(each), _help_of(each)) for each in options], columns)
    return "\n".join(lines) + "\n"


def _usage_of(argument: Any) -> str:
    name = f"{argument.metavar} …" if argument.nargs < 0 else argument.metavar
    return str(name) if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    names = "、".join(sorted(option.opts, key=len))
    return f"{names} {option.metavar}" if option.metavar else names


def _help_of(option: Any) -> str:
    return HELP_OPTION if "--help" in option.opts else option.help or ""


def _text(text: str | None) -> str:
    return inspect.cleandoc(text or "")


def _section(title: str, rows: Iterable[tuple[str, str]], columns: int) -> Iterator[str]:
    entries = list(rows)
    if not entries:
        return
    first = max(width(name) for name, _ in entries)
    yield ""
    yield f"{title}："
    for name, text in entries:
        margin = padded(f"  {name}", first + 4)
        for line in wrapped(text, max(columns - first - 4, 24)):
            yield f"{margin}{line}"
            margin = " " * (first + 4)
