"""Makes entries of the rows of a list."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from crawler.sources.page_dates import Day, completed, is_other
from crawler.sources.page_joins import Row, Rows
from crawler.sources.page_links import is_navigation
from crawler.sources.page_own import NO_HABIT, Habit, habit_of
from crawler.sources.page_plain import lone_of, unlinked
from crawler.sources.page_titles import Titled, address_of, choose
from crawler.sources.page_tokens import Token, script_date
from crawler.sources.page_tree import Tree, tidy
from crawler.sources.wire import Entry

_NUMBER: Final = re.compile(r"\A(?P<number>\d{1,3})\s*(?:[.．、]\s*|\s+)(?=\S)")
_HEADS: Final = tuple(
    re.compile(each) for each in (r"发布|公开|公示|发文[日时]", r"回复|答复|办结", r"时间|日期", r"更新")
)
_DAY_NAME: Final = re.compile(r"\S{0,6}(?:日期|时间)")
_LOOK_BACK: Final = 12
_SHORTEST_UNDATED: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One list and what it tells; ``addressed`` counts entries whose only date stands in their address.

    ``lost`` counts rows that look like posts and could not be read, ``other`` those whose only day is not that of their
    publication.
    """

    rows: Rows
    entries: tuple[Entry, ...]
    dated: int
    addressed: int = 0
    lost: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How the rows of a list are made: the cell of their day (-1 unknown), which of their days it is, their links."""

    column: int = -1
    place: int = -1
    habit: Habit = NO_HABIT


def order_of(tree: Tree, rows: Rows) -> Order:
    """Return how the rows of a list are made."""
    column = column_of(tree, rows)
    place = -1 if column >= 0 else _place_of(tree, rows)
    return Order(column=column, place=place, habit=habit_of(tree, [range(*each.links) for each in rows.rows]))


def _place_of(tree: Tree, rows: Rows) -> int:
    """Return which of a row's days the names above the list (生成日期 公开日期) call its publication, -1 for none."""
    counts = Counter(len(each.tokens) for each in rows.rows if each.tokens)
    count = max(counts, key=lambda each: counts[each], default=0)
    if count < 2:
        return -1
    first = rows.rows[0].pieces[0]
    texts = [tidy(tree.pieces[each].text) for each in range(max(first - _LOOK_BACK, 0), first)]
    names = [each for each in texts if _DAY_NAME.fullmatch(each)]
    if len(names) != count:
        return -1
    return next((number for wanted in _HEADS for number, each in enumerate(names) if wanted.search(each)), -1)


def tell(tree: Tree, rows: Rows) -> Told:
    """Return the entries of a list; rows without a title are left out."""
    rows = _own_days(rows)
    order = order_of(tree, rows)
    entries: list[Entry] = []
    kept: list[Row] = []
    addressed = lost = 0
    for row in rows.rows:
        entry = entry_of(tree, row, order)
        shown = bool(row.tokens) and row.tokens[0].found.rank >= 0
        if entry is None:
            lost += any(each.strong for each in row.tokens) and shown
            continue
        if not entry.dates and (len(entry.title) < _SHORTEST_UNDATED or not entry.link):
            lost += bool(entry.link)
            continue
        addressed += bool(entry.dates) and not shown
        kept.append(row)
        entries.append(entry)
    told = Rows(containers=rows.containers, tag=rows.tag, rows=tuple(kept), left=rows.left)
    dated = sum(bool(each.tokens) and each.tokens[0].found.rank >= 0 for each in kept)
    return Told(
        rows=told, entries=unnumbered(entries), dated=dated, addressed=addressed, lost=lost, other=_others(tree, told)
    )


def _own_days(rows: Rows) -> Rows:
    """Take the days of other things (施行日期, a day in a title) from rows of a list that shows days of publication."""
    dated = [row for row in rows.rows if row.tokens]
    stated = [row for row in dated if _is_stated(row)]
    if not len(dated) > len(stated) > len(dated) / 2:
        return rows
    bare = {row.pieces for row in dated} - {row.pieces for row in stated}
    return replace(rows, rows=tuple(replace(row, tokens=()) if row.pieces in bare else row for row in rows.rows))


def _is_stated(row: Row) -> bool:
    return any(each.found.rank != 0 for each in row.tokens)


def _others(tree: Tree, rows: Rows) -> int:
    """Return how many rows show a day that its label, or the one head above the list, calls that of something else."""
    dated = [row for row in rows.rows if row.tokens and row.tokens[0].found.rank >= 0]
    if not dated:
        return 0
    first = rows.rows[0].pieces[0]
    texts = [tidy(tree.pieces[each].text) for each in range(max(first - _LOOK_BACK, 0), first)]
    names = [each for each in texts if _DAY_NAME.fullmatch(each)]
    if len(names) == 1 and is_other(names[0]) and all(len(row.tokens) == 1 for row in dated):
        return len(dated)
    return sum(all(each.strong and each.found.rank == 0 for each in row.tokens) for row in dated)


def entry_of(tree: Tree, row: Row, order: Order) -> Entry | None:
    """Return the entry of one row, None without a title; ``order`` is how the rows of its list are made."""
    titled = choose(tree, range(*row.links), row.pieces, order.habit)
    if titled is None and any(each.strong and each.found.rank >= 0 for each in row.tokens):
        titled = unlinked(tree, row.pieces)
        if titled is None and (lone := lone_of(tree, range(*row.links))) is not None:
            return Entry(link=lone.href, title=lone.title, dates=_dates(tree, row, lone, order), pinned=lone.pinned)
    if titled is None or is_navigation(titled.title):
        return None
    dates = _dates(tree, row, titled, order)
    return Entry(link=titled.href, title=titled.title, dates=dates, pinned=titled.pinned)


def _dates(tree: Tree, row: Row, titled: Titled, order: Order) -> tuple[str, ...]:
    """Return a row's dates, the best first; a year that the row leaves out is taken from its address or attribute."""
    ordered = sorted(row.tokens, key=lambda each: (-_worth(tree, row, each, order), each.pieces))
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


def _worth(tree: Tree, row: Row, token: Token, order: Order) -> float:
    worth = token.found.rank + 2.5 * token.strong
    if order.place >= 0:
        strong = [each for each in row.tokens if each.strong]
        return worth + 5 * (order.place < len(strong) and strong[order.place] is token)
    return worth + 5 if order.column >= 0 and _cell(tree, row, token) == order.column else worth


def _same(full: Day | None, day: Day) -> Day | None:
    return full if full is not None and (full.month, full.day) == (day.month, day.day) else None


def _written(day: Day, clock: str) -> str:
    return f"{day.year}-{day.month:02}-{day.day:02}{f' {clock}' if clock else ''}"


def column_of(tree: Tree, rows: Rows) -> int:
    """Return the cell in which a table's rows hold their day of publication by its head, -1 where no head says so."""
    if rows.tag != "tr" or all(len(each.tokens) < 2 for each in rows.rows):
        return -1
    first = next(each.node for each in rows.rows if each.tokens)
    table = next((each.index for each in tree.above(rows.containers[0]) if each.tag == "table"), rows.containers[0])
    above = [each for each in range(table + 1, first) if tree.nodes[each].tag == "tr"]
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
