"""What stands right beside the main list: its first post in larger type, rows that were not joined to it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from crawler.sources.page_choice import Named
from crawler.sources.page_tree import Tree

_LEAST_ALIKE: Final = 3
_FIGURES: Final = re.compile(r"\d+")


def lead_of(named: Sequence[Named], main: int, tree: Tree) -> Named | None:
    """Return the single row that stands right above the main list: its first post, set in larger type."""
    first = named[main].told.rows.rows[0].pieces[0]
    around = max(tree.nodes[named[main].told.rows.containers[0]].parent, 0)
    above = [each for each in named if _end(each) == first and tree.holds(around, each.told.rows.containers[0])]
    column = own_column(named[main])
    return next(
        (each for each in above if len(each.told.entries) == 1 and not each.beside and _is_of(each, column)), None
    )


def _is_of(named: Named, column: str) -> bool:
    return not column or column_of(named.told.entries[0].link) == column


def own_column(named: Named) -> str:
    """Return what most of a list's addresses have in common (``column_of``), "" where too few are alike."""
    columns = Counter(column_of(entry.link) for entry in named.told.entries if entry.link)
    column, count = next(iter(columns.most_common(1)), ("", 0))
    return column if count >= _LEAST_ALIKE and count * 2 > len(named.told.entries) else ""


def column_of(address: str) -> str:
    """Return an address without what differs from post to post: its last part's name and all figures."""
    path, _, asked = address.partition("?")
    folder, _, last = path.rpartition("/")
    return _FIGURES.sub("", f"{folder}/{last.rpartition('.')[2]}?{asked}")


def adjoining(named: Sequence[Named], main: int, tree: Tree) -> int:
    """Return how many dated rows of other lists stand right before or behind the main one, with nothing between."""
    own, lead = named[main], lead_of(named, main, tree)
    first, end = own.told.rows.rows[0].pieces[0], _end(own)
    near = [
        each
        for each in named
        if each is not own
        and each is not lead
        and not each.apart
        and (_end(each) == first or each.told.rows.rows[0].pieces[0] == end)
    ]
    return sum(each.told.dated for each in near)


def _end(named: Named) -> int:
    return named.told.rows.rows[-1].pieces[1]
