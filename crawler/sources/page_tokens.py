"""The dates of a page, each with the element that it stands in."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from crawler.sources.page_dates import Day, Found, read_edge, read_whole
from crawler.sources.page_heads import days_below, heads_of, rows_below, year_above
from crawler.sources.page_splits import read_split, slashed_pair
from crawler.sources.page_tree import Tree

_LITERAL: Final = re.compile(r"['\"]\s*((?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?)\s*['\"]")

_HELD: Final = (
    "datetime",
    "data-time",
    "data-date",
    "data-datetime",
    "data-pubtime",
    "data-pubdate",
    "data-publish",
    "data-publishtime",
)
_LEAST_PAIRS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A date on the page: the element that holds all of it, and the pieces that it takes (half-open)."""

    node: int
    pieces: tuple[int, int]
    found: Found
    strong: bool


def tokens_of(tree: Tree) -> list[Token]:
    """Return the dates that stand on the page, in its order; those in attributes where an element shows none."""
    tree.slashed = _slashed_order(tree)
    found = _under_heads(tree)
    hidden = _hidden(tree, found)
    return sorted((*found, *hidden), key=lambda each: (each.pieces, each.node)) if hidden else found


def _slashed_order(tree: Tree) -> str:
    """Return which of two numbers is the day, by those that can be no month."""
    pairs = [pair for index in range(len(tree.pieces)) if (pair := slashed_pair(tree, index)) is not None]
    first, second = (sum(pair[place] > 12 for pair in pairs) for place in (0, 1))
    if len(pairs) < _LEAST_PAIRS or bool(first) == bool(second):
        return ""
    return "d m" if first else "m d"


def _hidden(tree: Tree, shown: list[Token]) -> list[Token]:
    """Return the dates that only attributes state (``<time datetime>``, ``data-time``)."""
    starts = [each.pieces[0] for each in shown]
    found: list[Token] = []
    for node in tree.nodes:
        if bisect_left(starts, node.pieces[0]) != bisect_left(starts, node.pieces[1]):
            continue
        for name in _HELD if node.element.attrib else ():
            raw = (node.element.get(name) or "").strip()
            date = read_whole(raw.replace("T", " ")[:19]) if raw else None
            if date is not None and date.day is not None and date.day.year:
                token = Token(node=node.index, pieces=(node.pieces[0], node.pieces[0]), found=date, strong=True)
                found.append(token)
                break
    return found


def _under_heads(tree: Tree) -> list[Token]:
    """Return the dates that are shown, made whole by the headings that hold the rest of them."""
    heads = heads_of(tree)
    days = days_below(tree, heads["month"])
    tree.heads = [each.piece for each in heads["month"]] if days else []
    found = _shown(tree, days)
    if heads["year"]:
        found = [_with_year(each, year_above(heads["year"], each.pieces[0])) for each in found]
        tree.heads += [each.piece for each in heads["year"]]
    if heads["day"]:
        own = {each.piece for each in heads["day"]}
        first, end = heads["day"][0].piece, max(each.end for each in heads["day"])
        if not any(first <= each.pieces[0] < end and each.pieces[0] not in own for each in found):
            found = [each for each in found if each.pieces[0] not in own]
            found += [_of_row(tree, node, day) for node, day in rows_below(tree, heads["day"]).items()]
            found.sort(key=lambda each: each.pieces)
            tree.heads += own
    tree.heads.sort()
    return found


def _of_row(tree: Tree, node: int, day: Day) -> Token:
    start = tree.nodes[node].pieces[0]
    return Token(node=node, pieces=(start, start), found=_of_day(day), strong=True)


def _of_day(day: Day) -> Found:
    return Found(raw=f"{day.year}-{day.month:02}-{day.day:02}", day=day, rank=2, span=(0, 0))


def _with_year(token: Token, year: int) -> Token:
    day = token.found.day
    if not year or day is None or day.year:
        return token
    whole = replace(day, year=year)
    clock = f" {token.found.clock}" if token.found.clock else ""
    return replace(token, found=replace(token.found, day=whole, raw=f"{_of_day(whole).raw}{clock}"))


def _shown(tree: Tree, days: Mapping[int, Day]) -> list[Token]:
    found: list[Token] = []
    index = 0
    heads = set(tree.heads)
    while index < len(tree.pieces):
        if index in days:
            found.append(
                Token(node=tree.pieces[index].node, pieces=(index, index + 1), found=_of_day(days[index]), strong=True)
            )
        if index in days or index in heads:
            index += 1
            continue
        split = read_split(tree, index)
        if split is not None:
            date, taken = split
            node = _around(tree, tree.pieces[index].node, tree.pieces[index + taken - 1].node)
            found.append(Token(node=node, pieces=(index, index + taken), found=date, strong=True))
            index += taken
            continue
        piece = tree.pieces[index]
        whole = read_whole(piece.text)
        edge = read_edge(piece.text) if whole is None and len(piece.text) < 400 else None
        if whole is not None:
            date = _fuller(tree, piece.node, whole)
            found.append(Token(node=piece.node, pieces=(index, index + 1), found=date, strong=True))
        elif edge is not None:
            found.append(Token(node=piece.node, pieces=(index, index + 1), found=edge, strong=False))
        index += 1
    return found


def _fuller(tree: Tree, node: int, found: Found) -> Found:
    """Return the date that an element's attributes state more fully than it shows (``title``, ``datetime``)."""
    element = tree.nodes[node].element
    for name in ("datetime", "title"):
        stated = read_whole((element.get(name) or "").replace("T", " ")[:40])
        if stated is None or stated.day is None or not stated.day.year:
            continue
        same = found.day is None or (found.day.month, found.day.day) == (stated.day.month, stated.day.day)
        if same and (found.day is None or not found.day.year or (stated.clock and not found.clock)):
            return replace(stated, rank=found.rank)
    return found


def _around(tree: Tree, one: int, other: int) -> int:
    return next(each.index for each in tree.above(one) if each.index <= other <= each.end)


class DatesOf:
    """The dates of a page by the element that they stand in."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._tokens = tokens_of(tree)
        self._starts = [each.pieces[0] for each in self._tokens]

    def within(self, element: etree._Element) -> list[Token]:
        """Return the dates in an element, in the order of the page."""
        index = self._tree.places.get(element, -1)
        if index < 0:
            return []
        first, end = self._tree.nodes[index].pieces
        return self._tokens[bisect_left(self._starts, first) : bisect_left(self._starts, end)]


def script_date(tree: Tree, row: int) -> str:
    """Return the one date that a script in a row writes, "" where there is none or more than one."""
    if row < 0:
        return ""
    scripts = tree.nodes[row].element.iter("script")
    dates = {found for each in scripts for found in _LITERAL.findall((each.text or "")[:600])}
    return dates.pop() if len(dates) == 1 else ""
