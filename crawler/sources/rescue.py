"""Takes a torn document apart, so that a damaged entry does not take the others with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_PIECES: Final = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|<(?P<end>/?)(?:[A-Za-z_][\w.-]{0,30}:)?(?P<entry>item|entry)(?=[\s>/])[^<>]*>?",
    re.DOTALL | re.IGNORECASE,
)
_ROOT_TAG: Final = re.compile(r"<(?P<name>[\w:.-]{1,64})[^<>]*>")
_MOST_ENTRIES: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """A document in pieces, each a document of its own: ``header`` before the first entry, and one per whole entry."""

    header: str
    entries: tuple[str, ...]


def tear(text: str) -> Torn:
    """Take ``text`` apart at its entries. An entry that breaks off is left out: half a link would be another post's."""
    starts_and_ends = [found for found in _PIECES.finditer(text) if found["entry"]]
    first = starts_and_ends[0].start() if starts_and_ends else len(text)
    root = _ROOT_TAG.match(text)
    before, after = (root[0], f"</{root['name']}>") if root and not root[0].endswith("/>") else ("<rss>", "</rss>")
    pieces = [f"{before}{piece}{after}" for piece in _entries(text, starts_and_ends)]
    return Torn(header=text[:first], entries=tuple(pieces[:_MOST_ENTRIES]))


def _entries(text: str, tags: list[re.Match[str]]) -> Iterator[str]:
    start: int | None = None
    for tag in tags:
        if tag["end"]:
            if start is not None:
                yield text[start : tag.end()]
            start = None
        elif tag[0].endswith("/>"):
            yield tag[0]
        else:
            if start is not None:  # its end tag is missing, and the next entry begins
                yield text[start : tag.start()]
            start = tag.start()
