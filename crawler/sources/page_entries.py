"""Makes entries of the rows of a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from crawler.sources.page_dates import Day, completed
from crawler.sources.page_joins import Row, Rows
from crawler.sources.page_links import is_navigation
from crawler.sources.page_titles import Titled, address_of, choose
from crawler.sources.page_tokens import Token, script_date
from crawler.sources.page_tree import Tree
from crawler.sources.wire import Entry

_NUMBER: Final = re.compile(r"\A(?P<number>\d{1,3})\s*(?:[.．、]\s*|\s+)(?=\S)")
_HEADS: Final = (re.compile(r"发布|公开|发文"), re.compile(r"时间|日期"), re.compile(r"更新"))
_SHORTEST_UNDATED: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One list and what it tells; ``addressed`` counts entries whose only date stands in their address."""

    rows: Rows
    entries: tuple[Entry, ...]
    dated: int
    addressed: int = 0


def tell(tree: Tree, rows: Rows) -> Told:
    """Return the entries of a list; rows without a title are left out."""
    column = column_of(tree, rows)
    entries: list[Entry] = []
    kept: list[Row] = []
    addressed = 0
    for row in rows.rows:
        entry = entry_of(tree, row, column)
        if entry is None:
            continue
        shown = bool(row.tokens) and row.tokens[0].found.rank >= 0
        if not entry.dates and (len(entry.title) < _SHORTEST_UNDATED or not entry.link):
            continue
        addressed += bool(entry.dates) and not shown
        kept.append(row)
        entries.append(entry)
    told = Rows(containers=rows.containers, tag=rows.tag, rows=tuple(kept))
    dated = sum(bool(each.tokens) and each.tokens[0].found.rank >= 0 for each in kept)
    return Told(rows=told, entries=unnumbered(entries), dated=dated, addressed=addressed)


def entry_of(tree: Tree, row: Row, column: int) -> Entry | None:
    """Return the entry of one row, None without a title; ``column`` is the cell of its day (``column_of``)."""
    titled = choose(tree, range(*row.links), row.pieces)
    if titled is None or is_navigation(titled.title):
        return None
    dates = _dates(tree, row, titled, column)
    return Entry(link=titled.href, title=titled.title, dates=dates, pinned=titled.pinned)


def _dates(tree: Tree, row: Row, titled: Titled, column: int) -> tuple[str, ...]:
    """Return a row's dates, the best first; a year that the row leaves out is taken from its address or attribute."""
    ordered = sorted(row.tokens, key=lambda each: (-_worth(tree, row, each, column), each.pieces))
    raws: list[str] = []
    for token in ordered:
        day = token.found.day
        if day is not None and not day.year:
            whole = _same(titled.day, day) or (completed(day, titled.href) if titled.href else None)
            if whole is not None:
                raws.append(_written(whole, token.found.clock))
        raws.append(token.found.raw)
    if not raws and (written := script_date(tree, row.node)):
        raws.append(written)
    fallbacks = (titled.day, address_of(titled))
    raws.extend(_written(each, "") for each in fallbacks if each is not None and each.year)
    return tuple(dict.fromkeys(raws))


def _worth(tree: Tree, row: Row, token: Token, column: int) -> float:
    worth = token.found.rank + 2.5 * token.strong
    return worth + 5 if column >= 0 and _cell(tree, row, token) == column else worth


def _same(full: Day | None, day: Day) -> Day | None:
    return full if full is not None and (full.month, full.day) == (day.month, day.day) else None


def _written(day: Day, clock: str) -> str:
    return f"{day.year}-{day.month:02}-{day.day:02}{f' {clock}' if clock else ''}"


def column_of(tree: Tree, rows: Rows) -> int:
    """Return the cell in which a table's rows hold their day of publication by its head, -1 where no head says so."""
    if rows.tag != "tr" or all(len(each.tokens) < 2 for each in rows.rows):
        return -1
    first = next(each.node for each in rows.rows if each.tokens)
    above = [each for each in range(rows.containers[0] + 1, first) if tree.nodes[each].tag == "tr"]
    if not above:
        return -1
    cells = [tree.text(tree.nodes[each]) for each in _cells(tree, above[-1])]
    for wanted in _HEADS:
        for number, text in enumerate(cells):
            if wanted.search(text):
                return number
    return -1


def _cells(tree: Tree, row: int) -> list[int]:
    end = tree.nodes[row].end + 1
    return [each for each in range(row + 1, end) if tree.nodes[each].tag in {"td", "th"}]


def _cell(tree: Tree, row: Row, token: Token) -> int:
    cells = _cells(tree, row.node) if row.node >= 0 else []
    return next((number for number, each in enumerate(cells) if tree.holds(each, token.node)), -1)


def unnumbered(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Take away the numbers of a numbered list: those that every title begins with, one after the other."""
    found = [_NUMBER.match(each.title) for each in entries]
    numbers = [int(each["number"]) for each in found if each is not None]
    if len(numbers) < max(len(entries), 3) or any(two - one != 1 for one, two in pairwise(numbers)):
        return tuple(entries)
    return tuple(
        replace(entry, title=entry.title[number.end() :]) if number else entry
        for entry, number in zip(entries, found, strict=True)
    )
