"""Headings that hold a part of the dates below them: a year, a month, or the whole day of several rows."""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from crawler.sources.page_dates import Day, valid_day
from crawler.sources.page_links import INLINE, is_usable
from crawler.sources.page_tree import HEADINGS, Node, Tree

_SEP: Final = r"\s?[-/.年]\s?"
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "day",
        re.compile(
            rf"(?P<y>(?:19|20)\d\d){_SEP}(?P<m>\d{{1,2}})\s?[-/.月]\s?(?P<d>\d{{1,2}})\s?日?(?:\s*\S?(?:星期|周)[一二三四五六日]\S?)?"
        ),
    ),
    ("month", re.compile(rf"(?P<y>(?:19|20)\d\d){_SEP}(?P<m>\d{{1,2}})\s?月?")),
    ("year", re.compile(r"(?P<y>(?:19|20)\d\d)\s?年?")),
)
_DAY: Final = re.compile(r"(?P<d>\d{1,2})\s?[日号]?")
_HEADED: Final = re.compile(r"(?<![a-z])(?:year|month|nian|yue|date|time|tit|title)(?![a-z])", re.IGNORECASE)
_ROWS: Final[frozenset[str]] = frozenset({"li", "tr", "dd", "p", "article"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A heading and the pieces (half-open) that it stands above; ``month`` and ``day`` 0 where it says none."""

    piece: int
    end: int
    year: int
    month: int
    day: int


def heads_of(tree: Tree) -> dict[str, list[Head]]:
    """Return the headings of each kind: ``year``, ``month``, ``day``."""
    found: dict[tuple[str, str, str], list[tuple[int, re.Match[str], Node]]] = defaultdict(list)
    for index, piece in enumerate(tree.pieces):
        text = piece.text.strip() if piece.link < 0 and len(piece.text) < 40 else ""
        if not text[:4].isdigit() or len(text) < 4:
            continue
        block = _block(tree, piece.node)
        if block.links[0] != block.links[1] or block.pieces[1] - block.pieces[0] != 1 or not _stands_over(tree, block):
            continue
        for kind, pattern in _KINDS:
            if said := pattern.fullmatch(text):
                found[kind, block.tag, block.element.get("class") or ""].append((index, said, block))
                break
    heads: dict[str, list[Head]] = defaultdict(list)
    for (kind, _, _), rows in found.items():
        heads[kind] += _heads(tree, kind, rows)
    return heads


def _heads(tree: Tree, kind: str, said: list[tuple[int, re.Match[str], Node]]) -> list[Head]:
    first = said[0][2]
    if len(said) == 1 and (
        kind == "day" or (first.tag not in HEADINGS | {"dt"} and not _HEADED.search(first.element.get("class") or ""))
    ):
        return []
    around = next(node for node in tree.above(max(first.parent, 0)) if tree.holds(node.index, said[-1][2].index))
    if len(said) > 1 and not _parts(tree, around, said):
        return []
    ends = [*(index for index, _, _ in said[1:]), around.pieces[1]]
    heads = []
    for (index, match, _), end in zip(said, ends, strict=True):
        parts = match.groupdict()
        day = Head(
            piece=index, end=end, year=int(parts["y"]), month=int(parts.get("m") or 0), day=int(parts.get("d") or 0)
        )
        if day.month <= 12 and day.day <= 31:
            heads.append(day)
    return heads


def _stands_over(tree: Tree, block: Node) -> bool:
    """Say whether a block may head rows: it is a block, and stands in none of them."""
    if block.tag in INLINE or block.tag in _ROWS - {"p"}:
        return False
    return not any(node.tag in _ROWS for _, node in zip(range(4), tree.above(block.parent), strict=False))


def _parts(tree: Tree, around: Node, said: list[tuple[int, re.Match[str], Node]]) -> bool:
    """Say whether dates part the posts of a list: none stands before the first, and several below one of them."""
    if any(one[0] == other[0] for (_, one, _), (_, other, _) in pairwise(said)):
        return False
    starts = [
        tree.nodes[tree.links[each].node].pieces[0]
        for each in range(*around.links)
        if is_usable(tree, tree.links[each])
    ]
    places = [bisect_left(starts, each) for each, _, _ in said] + [len(starts)]
    return places[0] == 0 and any(end - first > 1 for first, end in pairwise(places))


def _block(tree: Tree, index: int) -> Node:
    node = tree.nodes[index]
    while node.tag in INLINE and node.parent >= 0 and tree.nodes[node.parent].pieces == node.pieces:
        node = tree.nodes[node.parent]
    return node


def days_below(tree: Tree, heads: list[Head]) -> dict[int, Day]:
    """Return the pieces that are days of the months that stand above them; a calendar has none."""
    found: dict[int, Day] = {}
    dropped = 0
    for head in heads:
        numbers = [each for each in range(head.piece + 1, head.end) if _DAY.fullmatch(tree.pieces[each].text.strip())]
        known = set(numbers)
        for each in numbers:
            match = _DAY.fullmatch(tree.pieces[each].text.strip())
            day = valid_day(head.year, head.month, int(match["d"])) if match else None
            if day is None or each - 1 in known or each + 1 in known:
                dropped += 1
            else:
                found[each] = day
    return found if len(found) > dropped else {}


def rows_below(tree: Tree, heads: list[Head]) -> dict[int, Day]:
    """Return the elements of rows that stand below headings of their days: one for each link of a post."""
    starts = [tree.nodes[each.node].pieces[0] for each in tree.links]
    found: dict[int, Day] = {}
    for head in heads:
        for index in range(bisect_left(starts, head.piece + 1), bisect_left(starts, head.end)):
            if not is_usable(tree, tree.links[index]):
                continue
            node = tree.links[index].node
            row = next(
                (each.index for _, each in zip(range(5), tree.above(node), strict=False) if each.tag in _ROWS), node
            )
            day = valid_day(head.year, head.month, head.day)
            if day is not None:
                found.setdefault(row, day)
    return found


def year_above(heads: list[Head], piece: int) -> int:
    """Return the year that stands above a piece, 0 where none does."""
    return next((each.year for each in heads if each.piece < piece < each.end), 0)
