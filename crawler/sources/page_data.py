"""Reads lists that a page holds as data for its own script to draw: arrays of objects with a title and a date."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lxml import etree

from crawler.sources.page_dates import read_whole
from crawler.sources.page_tree import Resolver, tidy
from crawler.sources.wire import Entry

_START: Final = re.compile(r"(?:=|\(|\A)\s*(?=[{\[]\s*[\[{\"])")
_TITLES: Final = ("title", "articletitle", "doctitle", "newstitle", "headline", "subject", "bt")
_DATES: Final = (
    "publishtime", "publish_time", "publishdate", "publish_date", "pubtime", "pubdate", "docreltime", "releasetime",
    "date", "time", "showtime", "createtime", "create_time", "createdate", "updatetime",
)  # fmt: skip
_LINKS: Final = ("url", "link", "href", "docpuburl", "articleurl", "linkurl")
_LEAST: Final = 3
_MOST_STARTS: Final = 40
_MOST_VALUES: Final = 200_000
_DECODER: Final = json.JSONDecoder()


def drawn_entries(root: etree._Element, resolver: Resolver) -> tuple[Entry, ...]:
    """Return the entries of the longest list in a page's scripts, () where there is none."""
    best: tuple[Entry, ...] = ()
    for script in root.iter("script"):
        for value in _values(script.text or ""):
            for rows in _arrays(value):
                entries = tuple(entry for row in rows if (entry := _entry(row, resolver)) is not None)
                if len(entries) >= max(_LEAST, len(best) + 1) and len(entries) * 2 > len(rows):
                    best = entries
    return best


def _values(script: str) -> Iterator[object]:
    """Yield the JSON that is assigned in a script."""
    end = 0
    starts = 0
    for found in _START.finditer(script):
        if found.end() < end:
            continue
        starts += 1
        if starts > _MOST_STARTS:
            return
        try:
            value, end = _DECODER.raw_decode(script, found.end())
        except (ValueError, RecursionError):
            continue
        yield value


def _arrays(value: object) -> Iterator[list[Mapping[str, object]]]:
    """Yield the arrays of objects in a value, at any depth."""
    waiting = [value]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        own = waiting.pop()
        seen += 1
        if isinstance(own, Mapping):
            waiting.extend(own.values())
        elif isinstance(own, list):
            rows = [each for each in own if isinstance(each, Mapping)]
            if len(rows) >= _LEAST:
                yield rows
            waiting.extend(own)


def _entry(row: Mapping[str, object], resolver: Resolver) -> Entry | None:
    fields = {key.lower(): each for key, each in row.items() if isinstance(each, str | int)}
    title = tidy(_first(fields, _TITLES))
    dates = tuple(each for each in (_text(fields.get(name)) for name in _DATES) if _is_date(each))
    if len(title) < 2 or not dates:
        return None
    return Entry(title=re.sub(r"<[^<>]{0,80}>", "", title), link=resolver(_first(fields, _LINKS)), dates=dates)


def _first(fields: Mapping[str, str | int], names: Sequence[str]) -> str:
    return next((text for name in names if (text := _text(fields.get(name)))), "")


def _text(value: str | int | None) -> str:
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _is_date(text: str) -> bool:
    return read_whole(text.replace("T", " ")) is not None or re.fullmatch(r"1[0-9]{9}(?:[0-9]{3})?", text) is not None
