"""What is wrong with a command line, in one Chinese sentence."""

import re
from typing import Any

from typer import TyperException

from console.nearest import hint

_UNKNOWN_COMMAND = re.compile(r"No such command '(.*?)'\.?(?: Did you mean .*)?$", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra argument\(?s?\)? \((.*)\)$", re.DOTALL)
_LACKS_VALUE = re.compile(r"Option '(.*)' requires (?:an argument|\d+ arguments)\.$")
_TAKES_NONE = re.compile(r"Option '(.*)' does not take a value\.$")


def usage_sentence(error: TyperException) -> str:
    """Return the sentence for a command line that the parser refused."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "xunjian"
    return f"{_cause(error, context)}；运行 {path} --help 查看用法。"


def _cause(error: TyperException, context: Any) -> str:
    message = error.message
    option = getattr(error, "option_name", None)
    if message.startswith("No such option"):
        known = [name for each in context.command.get_params(context) for name in each.opts] if context else []
        return f"没有“{option}”这个选项{hint(str(option), known)}"
    if found := _LACKS_VALUE.match(message):
        return f"选项 {found[1]} 后面缺少它的值"
    if found := _TAKES_NONE.match(message):
        return f"选项 {found[1]} 后面不带值"
    if found := _EXTRA.match(message):
        return f"多出了参数“{found[1]}”"
    if message == "Missing command.":
        return f"缺少命令，可用的有：{_commands(context)}"
    if found := _UNKNOWN_COMMAND.match(message):
        return f"没有“{found[1]}”这个命令{hint(found[1], context.command.commands)}，可用的有：{_commands(context)}"
    parameter: Any = getattr(error, "param", None)
    if parameter is None:
        return f"命令的写法不对（{message}）"
    name = parameter.metavar if parameter.param_type_name == "argument" else "、".join(parameter.opts)
    return f"“{name}”的值不能用（{message}）" if message else f"缺少参数 {name}"


def _commands(context: Any) -> str:
    return "、".join(context.command.commands)
