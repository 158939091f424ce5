"""Laying out text for a terminal where Chinese characters take two columns."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

Paint = Callable[[int, str], str]

ELLIPSIS = "…"
GAP = "  "
NARROWEST = 24
_WORD = re.compile(r"(?:[^\s\u2e80-\U0003ffff]+|\S)[，。；：、？！）》”]*\s*")  # a Western word or one character


def _unpainted(_column: int, cell: str) -> str:
    return cell


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(_width(char) for char in text)


def padded(text: str, columns: int) -> str:
    """Return the text with spaces behind it up to ``columns``."""
    return text + " " * (columns - width(text))


def shortened(text: str, columns: int) -> str:
    """Return the text as one line of at most ``columns``, its end cut off where it is longer."""
    line = " ".join(text.split())
    if width(line) <= columns:
        return line
    kept = ""
    for char in line:
        if width(kept) + _width(char) > columns - width(ELLIPSIS):
            break
        kept += char
    return kept + ELLIPSIS


def wrapped(text: str, columns: int) -> Iterator[str]:
    """Yield the lines of a text of at most ``columns`` each; Chinese breaks anywhere, other words at spaces."""
    line = ""
    for word in _WORD.findall(text):
        if line and width(line) + width(word.rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line += word.lstrip() if not line else word
    yield line.rstrip()


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, paint: Paint = _unpainted, limit: int | None = None
) -> Iterator[str]:
    """Yield the lines of a table with columns under one another.

    ``paint`` is given a column's number (from 0) and a padded cell, and returns what to print of it; the header is not
    painted. With a ``limit`` of columns the last cell of a row goes on below itself.
    """
    widths = [max(map(width, column)) for column in zip(header, *rows, strict=True)][:-1]
    margin = sum(widths) + len(GAP) * len(widths)
    room = max(limit - margin, NARROWEST) if limit is not None else None
    yield GAP.join((*map(padded, header, widths), header[-1]))
    for row in rows:
        cells = [
            paint(column, padded(cell, each)) for column, (cell, each) in enumerate(zip(row, widths, strict=False))
        ]
        first, *more = wrapped(row[-1], room) if room is not None else (row[-1],)
        yield GAP.join((*cells, paint(len(widths), first))).rstrip()
        yield from (" " * margin + line for line in more)


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Cc", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
