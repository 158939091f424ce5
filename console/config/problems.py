"""What is wrong with a configuration, said so that an official can mend it."""

import re
import tomllib
from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from console.config.fields import OWN_ERROR, keys_of
from console.config.shape import table_at
from console.nearest import closest

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_SYNTAX = (
    ("Cannot overwrite", "同一项写了两次，请删去一处"),
    ("Cannot declare", "同一个表写了两次，请合并成一处"),
    ("Cannot redefine", "同一个表写了两次，请合并成一处"),
    ("Cannot mutate", "同一个表写了两次，请合并成一处"),
    ("Duplicate inline", "同一项写了两次，请删去一处"),
    ("Expected '='", "项名后面应为英文等号 ="),
    ("Expected ']'", "表名没有以 ] 结束"),
    ("Expected ']]'", "表名没有以 ]] 结束"),
    ("Expected newline", "一行只能写一项，值的写法也可能不对"),
    ("Unclosed array", "列表没有以 ] 结束"),
    ("Unclosed inline", "花括号没有在同一行结束"),
    ("Unterminated", "引号没有成对"),
    ("Unescaped", "文字里的反斜杠要写成两个，或改用单引号"),
    ("Illegal character '\\n'", "引号没有成对"),
    ("Illegal character", "文字里有不能使用的控制字符"),
    ("Invalid value", "等号后面的值不对，文字要用英文引号括起来，是否写作 true 或 false"),
)
SECRETS = frozenset({"url", "secret", "user", "password", "heartbeat_url"})
"""Keys whose values are never repeated: sentences go to logs."""

_EXPECTED = {
    "string_type": "应为用引号括起来的文字",
    "bool_type": "应为 true 或 false（不加引号）",
    "int_type": "应为整数（不加引号）",
    "float_type": "应为数（不加引号）",
    "finite_number": "应为一个确定的数",
    "list_type": '应为列表，如 ["…"]',
    "dict_type": "应为表",
    "model_type": "应为表",
    "too_short": "不能是空列表",
}


def syntax_problem(where: str, text: str, error: ValueError) -> str:
    """Return the sentence for text that is not TOML, with line and column."""
    message = error.args[0] if isinstance(error, tomllib.TOMLDecodeError) and error.args else ""
    found = _AT.search(str(error))
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        lines = text.rstrip("\n").split("\n")
        line, column = len(lines), len(lines[-1]) + 1
    cause = next((cause for start, cause in _SYNTAX if str(message).startswith(start)), "不符合 TOML 的写法")
    return f"{where}：第{line}行第{column}列{cause}；请检查该处的引号、等号、方括号是否为英文半角。"


def shape_problems(where: str, error: ValidationError) -> list[str]:
    """Return a sentence for everything that does not fit the shape, in the order of the tables."""
    return [f"{where}：{_problem(each)}。" for each in error.errors(include_url=False)]


def key_path(location: Sequence[str | int]) -> str:
    """Return a key as it is written in TOML: crawl.delay_seconds, lanes."a b".hosts 的第1项."""
    keys = [each for each in location if isinstance(each, str)]
    path = ".".join(each if re.fullmatch(r"[A-Za-z0-9_-]+", each) else f'"{each}"' for each in keys)
    places = "".join(f" 的第{each + 1}项" for each in location if isinstance(each, int))
    return path + places


def _problem(each: ErrorDetails) -> str:
    kind, location, context = each["type"], each["loc"], each.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(location)
    if kind == OWN_ERROR:
        cause = str(context["cause"])
        return f"{key_path(location)}{'' if cause.startswith('的') else ' '}{cause}"
    if kind == "missing":
        return f"[{key_path(location[:-1])}] 缺少 {location[-1]} 这一项，请补上"
    if kind == "model_type" and len(location) > 1 and table_at(location[:-1])[1]:
        return f'{key_path(location)} 应为表，写成 [{key_path(location[:-1])}."名称"] 后另起一行写各项'
    expected = _EXPECTED.get(kind) or _bound(kind, context)
    given = "" if location[-1] in SECRETS else f"，现为 {shown(each['input'])}"
    return f"{key_path(location)} {expected}{given}"


def _bound(kind: str, context: dict[str, object]) -> str:
    words = {"greater_than": "大于", "greater_than_equal": "不小于", "less_than": "小于", "less_than_equal": "不大于"}
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    if kind in words:
        return f"应{words[kind]} {context[bounds[kind]]:g}"
    return "的值不能用"


def _unknown(location: Sequence[str | int]) -> str:
    key, known = str(location[-1]), keys_of(table_at(location[:-1])[0])
    place = f"[{key_path(location[:-1])}] " if len(location) > 1 else ""
    return f"{place}没有 {key} 这一项，最接近的是 {closest(key, known)}；可用的有：{'、'.join(known)}"


def shown(value: object) -> str:
    """Return a value as it is written in TOML, cut short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - what fits a line
