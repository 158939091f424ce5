"""What stands right beside the main list: its first post in larger type, rows that were not joined to it."""

from collections.abc import Sequence

from crawler.sources.page_choice import Named
from crawler.sources.page_tree import Tree


def lead_of(named: Sequence[Named], main: int, tree: Tree) -> Named | None:
    """Return the single row that stands right above the main list: its first post, set in larger type."""
    first = named[main].told.rows.rows[0].pieces[0]
    around = max(tree.nodes[named[main].told.rows.containers[0]].parent, 0)
    above = [each for each in named if _end(each) == first and tree.holds(around, each.told.rows.containers[0])]
    return next((each for each in above if len(each.told.entries) == 1 and not each.beside), None)


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
