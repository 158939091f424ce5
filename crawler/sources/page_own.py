"""Chooses a row's own link among its links: by what it is called, where it stands, and by the other rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crawler.sources.page_links import TITLED, is_details, is_usable, name_of
from crawler.sources.page_tree import HEADINGS, Node, Tree

# An address that stands in so many rows is a column's or an office's; links of one make in so many are the posts'.
_REPEATED: Final = 3
_LONG: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What the rows of one list have in common: addresses that stand in many of them, the make of their own links."""

    repeated: frozenset[str] = frozenset()
    make: tuple[str, ...] = ()


NO_HABIT: Final = Habit()


def habit_of(tree: Tree, rows: Sequence[Sequence[int]]) -> Habit:
    """Return what rows (their links) have in common, so that a short title is not mistaken for its neighbour's."""
    usable = [[each for each in links if is_usable(tree, tree.links[each])] for links in rows]
    counts = Counter(href for links in usable for href in {tree.links[each].href for each in links} if href)
    repeated = frozenset(href for href, count in counts.items() if count >= _REPEATED)
    habit = Habit(repeated=repeated)
    makes = Counter(_make(tree, pick(tree, links, habit)) for links in usable if links)
    make, count = next(iter(makes.most_common(1)), ((), 0))
    return Habit(repeated=repeated, make=make) if count >= _REPEATED and count * 2 > len(rows) else habit


def _make(tree: Tree, link: int) -> tuple[str, ...]:
    node = tree.nodes[tree.links[link].node]
    around = [each.tag for _, each in zip(range(2), tree.above(node.parent), strict=False)]
    return (node.element.get("class") or "", *around)


def pick(tree: Tree, usable: Sequence[int], habit: Habit) -> int:
    """Return the row's own link among those that can be it."""
    if len(usable) == 1:
        return usable[0]
    return max(usable, key=lambda index: (_worth(tree, index, usable, habit), -index))


def _worth(tree: Tree, index: int, usable: Sequence[int], habit: Habit) -> float:
    link = tree.links[index]
    node = tree.nodes[link.node]
    name = name_of(tree, link)
    if is_details(name):
        return -5.0
    worth = min(len(name), 16) / 8
    if any(each.tag in HEADINGS for each in _near(tree, node)):
        worth += 3
    elif any(TITLED.search(each.element.get("class") or "") for each in _near(tree, node)):
        worth += 2
    worth -= 2 * bool(re.fullmatch(r"[\[【(（].{1,12}[\]】)）]", name)) + (len(name) > _LONG)
    worth -= 0.7 * (not tree.text(node)) + 0.5 * (not link.href) + 4 * (link.href in habit.repeated)
    worth += 4 * (bool(habit.make) and _make(tree, index) == habit.make)
    first = next((each for each in usable if tree.links[each].href == link.href and tree.text_of(each)), index)
    return worth + 0.6 * (index == first) + 0.4 * (index == usable[0])


def _near(tree: Tree, node: Node) -> list[Node]:
    """Return a link, the two elements around it and those in it."""
    around = [each for _, each in zip(range(3), tree.above(node.index), strict=False)]
    return [*around, *tree.nodes[node.index + 1 : min(node.end + 1, node.index + 6)]]
