"""Reads the values that a WeChat page's scripts hold, in every form in which the page writes them."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final

_NAMES: Final = (
    *("biz", "mid", "idx", "sn", "ct", "msg_title", "nickname", "user_name", "item_show_type", "real_item_show_type"),
    *(
        "copyright_stat",
        "_copyright_stat",
        "create_time",
        "ori_create_time",
        "title",
        "nick_name",
        "author",
        "appuin",
        "msg_link",
    ),
    *(
        "source_username",
        "content_noencode",
        "oriCreateTime",
        "createTime",
        "bizuin",
        "link",
        "desc",
        "is_user_title",
        "appmsgid",
        "itemidx",
    ),
)
_TEXT: Final = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
_CALL: Final = rf"(?:JsDecode|htmlDecode)\(\s*{_TEXT}\s*\)"
_VALUE: Final = rf"(?:{_CALL}|\(?\s*xml \? getXmlValue\({_TEXT}\) : {_TEXT}\s*\)?|{_TEXT}|\d+)"
_CHAIN: Final = rf"{_VALUE}(?:\s*\|\|\s*{_VALUE})*"
_SET: Final = re.compile(
    rf"(?:\bvar\s+|\bwindow\.|(?<![\w.$])(?:d|_g)\.)(?P<name>{'|'.join(_NAMES)})\s*=\s*(?:window\.\w+\s*=\s*)?(?P<value>{_CHAIN})"
)
_KEYED: Final = re.compile(rf"(?<=[\s,{{])(?P<name>{'|'.join(_NAMES)})\s*:\s*(?P<value>{_CHAIN})")
_LITERAL: Final = re.compile(rf"getXmlValue\({_TEXT}\)|(?P<text>{_TEXT})|(?P<number>\d+)")
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_CONTROL: Final = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": "", "v": " ", "0": ""}
_DATA: Final = re.compile(r"window\.cgiData(?:New)?\s*=\s*\{")
_MOST_DATA: Final = 1_500_000


def script_values(text: str) -> Mapping[str, str]:
    """Return the values that the page's scripts set by name; a first non-empty one stays.

    Where the page carries ``cgiDataNew``, its fields are under their names with a point in front (``.title``).
    """
    values: dict[str, str] = {}
    for name, value in _set(text):
        if value and not values.get(name):
            values[name] = value
    for data in _DATA.finditer(text):
        for found in _KEYED.finditer(text, data.start(), data.start() + _MOST_DATA):
            name = f".{found['name']}"
            if not values.get(name):
                values[name] = first_text(found["value"])
    return values


def _set(text: str) -> Iterator[tuple[str, str]]:
    for found in _SET.finditer(text):
        yield found["name"], first_text(found["value"])


def first_text(expression: str) -> str:
    """Return the first non-empty literal of ``"" || "x" || JsDecode('y')``, its escapes read."""
    for found in _LITERAL.finditer(expression):
        said = read_literal(found["text"][1:-1]) if found["text"] else found["number"] or ""
        if said.strip():
            return said.strip()
    return ""


def read_literal(text: str) -> str:
    r"""Return what a literal says: \x26 is an ampersand, which may begin an entity, which may stand for another."""
    said = _ESCAPE.sub(_character, text)
    for _ in range(2):
        if "&" not in said:
            break
        said = unescape(said)
    return said.replace("\xa0", " ")


def _character(found: re.Match[str]) -> str:
    short, long, other = found.groups()
    if code := short or long:
        return chr(int(code, 16))
    return _CONTROL.get(other, other)
