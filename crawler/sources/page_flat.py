"""Rows that are no elements of their own: links and dates side by side in one."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from crawler.sources.page_joins import Row, Rows
from crawler.sources.page_tokens import Token
from crawler.sources.page_tree import Tree

_MOST_PIECES: Final = 14
_LONGEST: Final = 400


def usable_in(sums: Sequence[int], links: tuple[int, int]) -> int:
    """Return how many of a range of links can be a post's own; ``sums`` counts them from the first on."""
    return sums[links[1]] - sums[links[0]]


def is_flat(tree: Tree, index: int, own: Sequence[Token], sums: Sequence[int]) -> bool:
    """Say whether an element holds several rows side by side: there is a link of one's own between its dates."""
    node = tree.nodes[index]
    if len(own) < 2 or usable_in(sums, node.links) < 2:
        return False
    gaps = [_between(tree, one.pieces[1], other.pieces[0]) for one, other in pairwise(own)]
    parted = sum(usable_in(sums, gap) > 0 for gap in gaps)
    return parted == len(gaps) if len(own) < 4 else parted >= 0.8 * len(gaps)


def _between(tree: Tree, first: int, last: int) -> tuple[int, int]:
    """Return the links whose text stands in pieces ``first`` to ``last`` (half-open)."""
    inside = [tree.pieces[each].link for each in range(first, last) if tree.pieces[each].link >= 0]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def flat_rows(tree: Tree, index: int, own: Sequence[Token], sums: Sequence[int]) -> Rows:
    """Return the rows of an element that holds dates and links in turns, whichever comes first."""
    node = tree.nodes[index]
    gaps = [_between(tree, one.pieces[1], other.pieces[0]) for one, other in pairwise(own)]
    count = sorted(usable_in(sums, gap) for gap in gaps)[len(gaps) // 2]
    lead = _between(tree, node.pieces[0], own[0].pieces[0])
    rows = []
    if usable_in(sums, lead):
        lead = _last(lead, sums, count)
        for token, links in zip(own, (lead, *gaps), strict=True):
            start = tree.nodes[tree.links[links[0]].node].pieces[0] if links[1] else token.pieces[0]
            rows.append(Row(node=-1, pieces=(start, token.pieces[1]), links=links, tokens=(token,)))
    else:
        tail = _first(_between(tree, own[-1].pieces[1], node.pieces[1]), sums, count)
        for token, links in zip(own, (*gaps, tail), strict=True):
            end = tree.nodes[tree.links[links[1] - 1].node].pieces[1] if links[1] else token.pieces[1]
            rows.append(Row(node=-1, pieces=(token.pieces[0], end), links=links, tokens=(token,)))
    short = [row for row in rows if usable_in(sums, row.links) and _is_short(tree, row)]
    paths = [_path(tree, index, row) for row in short]
    common = next(iter(Counter(paths).most_common(1)), ((), 0))[0]
    kept = tuple(row for row, path in zip(short, paths, strict=True) if path == common)
    least = 3 if node.tag in {"body", "html"} else 2
    return Rows(containers=(index,), tag="", rows=kept if len(kept) >= max(least, 0.6 * len(own)) else ())


def _path(tree: Tree, index: int, row: Row) -> tuple[str, ...]:
    """Return the elements between a row's last link and the one that holds all rows: alike in one list."""
    path: list[str] = []
    for node in tree.above(tree.links[row.links[1] - 1].node):
        if node.index == index:
            break
        path.append(node.tag)
    return tuple(path)


def _is_short(tree: Tree, row: Row) -> bool:
    """Say whether a row is one: an article's text is not what stands between a link and its date."""
    first, end = row.pieces
    return end - first <= _MOST_PIECES and sum(len(tree.pieces[each].text) for each in range(first, end)) <= _LONGEST


def _last(links: tuple[int, int], sums: Sequence[int], count: int) -> tuple[int, int]:
    start = bisect_left(sums, sums[links[1]] - count, links[0], links[1])
    return max(start, links[0]), links[1]


def _first(links: tuple[int, int], sums: Sequence[int], count: int) -> tuple[int, int]:
    return links[0], max(bisect_left(sums, sums[links[0]] + count, links[0], links[1]), links[0])
