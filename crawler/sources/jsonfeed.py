"""Reads JSON Feed 1.0 and 1.1."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from crawler.encoding import clean
from crawler.sources.plain import plain, plain_line
from crawler.sources.wire import Entry, Wire, kind_of, longer, named_author
from monitor.values import PostKind

_ITEMS: Final = re.compile(r"\"items\"\s*:\s*\[")
_DECODER: Final = json.JSONDecoder()
_MOST_ITEMS: Final = 10_000
_FEED: Final = "jsonfeed.org/version"


def parse_json(text: str) -> object:
    """Return what a JSON text says, None where it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read_json(said: object) -> Wire | None:
    """Read a JSON Feed, None where ``said`` is something else."""
    if not isinstance(said, dict) or not isinstance(said.get("items"), list):
        return None
    items = said["items"][:_MOST_ITEMS]
    if _FEED not in _str(said, "version") and not any(isinstance(each, dict) and _is_item(each) for each in items):
        return None
    entries = tuple(_entry(each, _authors(said)) for each in items if isinstance(each, dict))
    damaged = len(entries) < len(said["items"])
    return Wire(
        title=_line(said, "title"),
        home=_str(said, "home_page_url"),
        entries=entries,
        damaged=damaged,
        next_page=_str(said, "next_url"),
    )


def salvage_json(text: str) -> Wire | None:
    """Read the whole items at the start of a JSON Feed that breaks off, None where there are none."""
    found = _ITEMS.search(text)
    if found is None or _FEED not in text[: found.start()].replace("\\/", "/"):
        return None
    head = parse_json(text[: found.end()] + "]}")
    entries = tuple(_entry(each, _authors(head)) for each in islice(_whole_items(text, found.end()), _MOST_ITEMS))
    if not isinstance(head, dict):
        return Wire(entries=entries, damaged=True)
    return Wire(title=_line(head, "title"), home=_str(head, "home_page_url"), entries=entries, damaged=True)


def _whole_items(text: str, at: int) -> Iterator[Mapping[str, object]]:
    gap = re.compile(r"[\s,]*")
    while True:
        skipped = gap.match(text, at)
        try:
            item, at = _DECODER.raw_decode(text, skipped.end() if skipped else at)
        except (ValueError, RecursionError):
            return
        if isinstance(item, dict):
            yield item


def _is_item(item: Mapping[str, object]) -> bool:
    return bool({"content_html", "content_text", "date_published"} & item.keys())


def _entry(item: Mapping[str, object], authors: str) -> Entry:
    html, text, summary = _str(item, "content_html"), _str(item, "content_text"), _str(item, "summary")
    return Entry(
        guid=_str(item, "id"),
        link=_str(item, "url") or _str(item, "external_url"),
        title=_line(item, "title"),
        text=longer((plain(html), plain(text), plain(summary))),
        dates=tuple(filter(None, (_str(item, "date_published"), _str(item, "date_modified")))),
        author=_authors(item) or authors,
        kind=_kind(item),
    )


def _str(fields: object, name: str) -> str:
    """Return a field as text; ids and dates are sometimes numbers."""
    value = fields.get(name) if isinstance(fields, dict) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if abs(value) < 1e18 and value == int(value) else str(value)
    return clean(value).strip() if isinstance(value, str) else ""  # "\\ud800" is allowed in JSON and is no character


def _line(fields: object, name: str) -> str:
    return plain_line(_str(fields, name), is_markup=False)


def _authors(fields: object) -> str:
    """Return the authors' names: a list in 1.1, one object in 1.0."""
    if not isinstance(fields, dict):
        return ""
    listed = fields.get("authors")
    authors = listed if isinstance(listed, list) else [fields.get("author")]
    return "、".join(filter(None, (named_author(_str(each, "name")) for each in authors)))


def _kind(item: Mapping[str, object]) -> PostKind:
    attachments = item.get("attachments")
    return kind_of([_str(each, "mime_type") for each in (attachments if isinstance(attachments, list) else ())])
