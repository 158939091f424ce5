"""The rows of a list, and joining lists that are one."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass

from crawler.sources.page_dates import Day, address_day
from crawler.sources.page_tokens import Token
from crawler.sources.page_tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row, as ranges of pieces and of links (half-open); ``node`` is its element, -1 where it has none."""

    node: int
    pieces: tuple[int, int]
    links: tuple[int, int]
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of one list in the order of the page; ``containers`` are the elements that hold them.

    ``left`` counts blocks without a date among them that may be rows and were not taken for any.
    """

    containers: tuple[int, ...]
    tag: str
    rows: tuple[Row, ...]
    left: int = 0


def merged(tree: Tree, lists: list[Rows]) -> list[Rows]:
    """Join lists that are one, set in several elements side by side: cells of a row, a table for every post."""
    units: dict[tuple[int, str, str], list[Rows]] = defaultdict(list)
    for each in lists:
        unit = _unit(tree, each.containers[0])
        node = tree.nodes[unit]
        units[node.parent, node.tag, node.element.get("class") or ""].append(each)
    joined: list[Rows] = []
    for (parent, tag, _), parts in units.items():
        joined += _joined(tree, parts, tag) if parent >= 0 and len(parts) > 1 else parts
    joined.sort(key=lambda each: each.rows[0].pieces[0])
    return joined


def _unit(tree: Tree, index: int) -> int:
    """Return the outermost element that holds nothing but this one."""
    for node in tree.above(index):
        parent = tree.nodes[node.parent] if node.parent >= 0 else None
        if parent is None or _between(tree, *parent.pieces) != _between(tree, *node.pieces) or parent.tag == "body":
            return node.index
    return index


def _between(tree: Tree, first: int, end: int) -> int:
    """Return how many pieces stand in a range, headings of dates not counted."""
    return end - first - (bisect_left(tree.heads, end) - bisect_left(tree.heads, first))


def _column(tree: Tree, row: Row) -> tuple[str, ...]:
    """Return the folders of a row's first address without those of dates: the column that it belongs to."""
    address = next((tree.links[each].href for each in range(*row.links) if tree.links[each].href), "")
    folders = address.partition("?")[0].split("/")[:-1]
    return tuple(each for each in folders if not any(sign.isdigit() for sign in each))


def _joined(tree: Tree, parts: list[Rows], tag: str) -> list[Rows]:
    joined: list[list[Rows]] = [[parts[0]]]
    size = len(parts[0].rows)
    single = len(parts) >= 3 and all(len(each.rows) == 1 for each in parts)
    for each in parts[1:]:
        last = joined[-1][-1]
        chunk = len(last.rows) == size and len(each.rows) <= size
        if tag in {"tr", "td"} or single or _follows(tree, last.rows[-1], each.rows[0], chunk=chunk):
            joined[-1].append(each)
        else:
            joined.append([each])
            size = len(each.rows)
    return [
        Rows(
            containers=tuple(container for part in group for container in part.containers),
            tag=group[0].tag,
            rows=tuple(row for part in group for row in part.rows),
            left=sum(part.left for part in group),
        )
        for group in joined
    ]


def _follows(tree: Tree, one: Row, other: Row, *, chunk: bool) -> bool:
    """Say whether a row comes next in a list: of the same column, with nothing between and not newer than the last.

    A list that is cut into parts of one size (``chunk``) need not be in order.
    """
    gap = (one.pieces[1], other.pieces[0])
    if _between(tree, *gap) > 0 or not one.tokens or not other.tokens:
        return False
    if _between(tree, *gap) < gap[1] - gap[0]:
        return True
    if _column(tree, one) != _column(tree, other):
        return False
    if chunk:
        return True
    first, second = (_key(tree, row) for row in (one, other))
    return first is not None and second is not None and first >= second


def _key(tree: Tree, row: Row) -> tuple[int, int, int] | None:
    day: Day | None = row.tokens[0].found.day
    if day is None or not day.year:
        days = [address_day(tree.links[each].href) for each in range(*row.links) if tree.links[each].href]
        day = next((each for each in days if each is not None), None)
    return (day.year, day.month, day.day) if day is not None else None
