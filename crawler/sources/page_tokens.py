"""The dates of a page, each with the element that it stands in."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from crawler.sources.page_dates import Found, read_edge, read_split, read_whole
from crawler.sources.page_tree import Tree

_LITERAL: Final = re.compile(r"['\"]\s*((?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?)\s*['\"]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A date on the page: the element that holds all of it, and the pieces that it takes (half-open)."""

    node: int
    pieces: tuple[int, int]
    found: Found
    strong: bool


def tokens_of(tree: Tree) -> list[Token]:
    """Return the dates that stand on the page, in its order."""
    found: list[Token] = []
    index = 0
    while index < len(tree.pieces):
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
