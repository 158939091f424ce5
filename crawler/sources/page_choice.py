"""Chooses the main list of a page among its lists, and names each so that a person can."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crawler.sources.page_entries import Told
from crawler.sources.page_links import is_details, is_navigation, is_place
from crawler.sources.page_tree import HEADINGS, Node, Tree, tidy
from crawler.sources.values import Choice

_BESIDE: Final = re.compile(
    r"热门|热点(?!新闻|聚焦|关注)|排行|(?:点击|阅读|浏览|访问)排名|相关|推荐|猜你|最新评论|最近更新|友情链接|本周|本月热|浏览记录|阅读榜|热榜|最新文章|最新发布|延伸阅读"
)
_BESIDE_NAMES: Final = re.compile(
    r"(?<![a-z])(?:hot\w*|rank\w*|related|relate|recommend\w*|commend|side(?:bar)?|aside|nav\w*|menu|foot\w*|header|bread\w*|crumbs?|friend\w*|links?"
    r"|copyright|slide\w*|swiper\w*|carousel|banner\w*|focus|lunbo|comment\w*|xiangguan|tuijian|remen|paihang)(?![a-z])",
    re.IGNORECASE,
)
_BESIDE_TAGS: Final[frozenset[str]] = frozenset({"nav", "footer", "aside", "header"})
_HEADED: Final = re.compile(r"(?<![a-z])(?:title|tit|head|hd|bt|caption|lanmu|column|tab)(?![a-z])", re.IGNORECASE)
_NAME: Final = re.compile(r"-?[A-Za-z_][\w-]*\Z")
_LONGEST_HEADING: Final = 24
_LOOK_BACK: Final = 12
_LEVELS: Final = 7
_MOST_PATHS: Final = 6
_MOST_CHOICES: Final = 40
# A list beside the main one is another column of its own kind where it has so much of the main one's rows.
_COMPARABLE: Final = 0.34


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One list; ``beside`` says that it stands at the side (热门, 相关), ``apart`` that its elements say so."""

    told: Told
    heading: str
    beside: bool
    apart: bool
    paged: bool


def name(tree: Tree, told: Sequence[Told], pager: int) -> list[Named]:
    """Name every list; ``pager`` is the element that leads to the next page, -1 where there is none."""
    named: list[Named] = []
    owners = {piece for each in told for row in each.rows.rows for piece in range(*row.pieces)}
    after = _list_before(told, tree, pager)
    peers: dict[tuple[int, str], list[int]] = defaultdict(list)
    for each in told:
        peers[_place(tree, each)].append(each.rows.containers[0])
    for each in told:
        heading = _heading(tree, each, owners, peers[_place(tree, each)])
        apart = is_apart(tree, each.rows.containers[0])
        beside = apart or bool(_BESIDE.search(heading))
        named.append(Named(told=each, heading=heading, beside=beside, apart=apart, paged=each is after))
    return named


def _place(tree: Tree, told: Told) -> tuple[int, str]:
    node = tree.nodes[told.rows.containers[0]]
    return node.parent, node.tag


def main_of(named: Sequence[Named], tree: Tree) -> int:
    """Return the place of the main list: the largest; of several of one make, or nearly as large, the first."""
    sizes = [_size(each) for each in named]
    best = max(range(len(named)), key=lambda index: (sizes[index], -index))
    make = _make(tree, named[best].told)
    for index, each in enumerate(named):
        alike = _make(tree, each.told) == make and not each.beside
        if not named[best].paged and (alike or sizes[index] >= 0.7 * sizes[best]):
            return index
    return best


def rivals(named: Sequence[Named], main: int) -> list[Named]:
    """Return the lists that are the main one's equals: choosing between them is a person's task."""
    if named[main].paged:
        return []
    least = _COMPARABLE * _size(named[main])
    return [each for index, each in enumerate(named) if index != main and not each.beside and _size(each) >= least]


def _size(named: Named) -> float:
    told = named.told
    titles = [len(each) for each in {(entry.link, entry.title): entry.title for entry in told.entries}.values()]
    size = (
        float(len(titles)) if told.dated == 0 else min(told.dated, len(titles)) + 0.2 * (len(told.entries) - told.dated)
    )
    if sum(titles) < 6 * len(titles):
        size *= 0.3
    return size * (0.15 if named.beside else 1.0) * (3.0 if named.paged else 1.0)


def _make(tree: Tree, told: Told) -> tuple[str, ...]:
    """Return how a list is made: its element's name and class, and those of the two around it."""
    found = []
    for _, node in zip(range(3), tree.above(told.rows.containers[0]), strict=False):
        found += [node.tag, node.element.get("class") or ""]
    return (*found, told.rows.tag)


def _list_before(told: Sequence[Told], tree: Tree, pager: int) -> Told | None:
    """Return the list that a pager belongs to: the last one before it, in an element that holds no other list."""
    if pager < 0:
        return None
    before = [each for each in told if each.rows.containers[-1] < pager]
    if not before:
        return None
    last = max(before, key=lambda each: each.rows.containers[-1])
    shared = next(node for node in tree.above(pager) if tree.holds(node.index, last.rows.containers[-1]))
    inside = [each for each in before if tree.holds(shared.index, each.rows.containers[0])]
    return last if inside == [last] else None


def is_apart(tree: Tree, index: int) -> bool:
    """Say whether an element stands in a menu, a footer or at the side, by its tag, class or id and those around it."""
    for _, node in zip(range(_LEVELS), tree.above(index), strict=False):
        if node.tag in {"body", "html"}:
            return False
        marks = f"{node.element.get('class') or ''} {node.element.get('id') or ''}"
        if node.tag in _BESIDE_TAGS or _BESIDE_NAMES.search(marks):
            return True
    return False


def _heading(tree: Tree, told: Told, owners: set[int], peers: Sequence[int]) -> str:
    """Return what stands above a list: the nearest heading, else the nearest short text.

    ``peers`` are the elements of lists that stand side by side with this one (tabs): their names stand above the first.
    """
    node = tree.nodes[told.rows.containers[0]]
    start = node.pieces[0] if told.rows.tag == "tr" else told.rows.rows[0].pieces[0]
    if len(peers) < 2:
        return _above(tree, start, owners, 0, tabbed=False)
    brothers = [each for each in tree.nodes[node.parent].element if each.tag == node.element.tag]
    first = tree.nodes[tree.places.get(brothers[0], peers[0])]
    return _above(tree, first.pieces[0], owners, brothers.index(node.element), tabbed=True)


def _above(tree: Tree, first: int, owners: set[int], place: int, *, tabbed: bool) -> str:
    """Return what stands above piece ``first``; of the names of tabs, the one at ``place``."""
    near = ""
    for index in range(first - 1, max(first - 1 - _LOOK_BACK, -1), -1):
        if index in owners:
            break
        text = tidy(tree.pieces[index].text)
        bare = text.strip("：:>|[]【】· ")
        if not 2 <= len(bare) <= _LONGEST_HEADING or is_navigation(bare) or is_details(bare) or is_place(bare):
            continue
        around = [node for _, node in zip(range(3), tree.above(tree.pieces[index].node), strict=False)]
        tabs = _tabs(tree, index) if tabbed else []
        if len(tabs) > 1:
            return tabs[place] if place < len(tabs) else ""
        if any(node.tag in HEADINGS or _HEADED.search(node.element.get("class") or "") for node in around):
            return bare if place == 0 else ""
        near = near or bare
    return near if place == 0 else ""


def _tabs(tree: Tree, index: int) -> list[str]:
    """Return the names that stand side by side with a piece: those of tabs."""
    for _, node in zip(range(4), tree.above(tree.pieces[index].node), strict=False):
        if node.pieces[1] - node.pieces[0] > 1:
            texts = [tidy(tree.pieces[each].text) for each in range(*node.pieces)]
            kept = [each for each in texts if not is_navigation(each) and re.search(r"\w", each)]
            return kept if all(len(each) <= 10 for each in kept) else []
    return []


def choices(tree: Tree, named: Sequence[Named], main: int) -> tuple[Choice, ...]:
    """Return the lists as a person is shown them."""
    paths = Paths(tree)
    return tuple(
        Choice(
            number=number,
            item=paths.selector(each.told),
            heading=each.heading,
            rows=len(each.told.entries),
            dated=each.told.dated,
            titles=tuple(entry.title for entry in each.told.entries[:3]),
            chosen=number - 1 == main,
        )
        for number, each in enumerate(named, start=1)
        if number <= _MOST_CHOICES or number - 1 == main
    )


class Paths:
    """Writes CSS selectors for the elements of one page: the shortest of an element's paths that finds it alone."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._ids = Counter(each.element.get("id") or "" for each in tree.nodes)
        self._classes = Counter((each.tag, _class(each)) for each in tree.nodes)

    def selector(self, told: Told) -> str:
        """Return a selector for a list's rows, "" where rows are no elements of their own."""
        tag = told.rows.tag
        if not tag:
            return ""
        containers = list(dict.fromkeys(told.rows.containers))
        if len(containers) <= _MOST_PATHS:
            return ", ".join(f"{self._path(each)} > {tag}" for each in containers)
        common = next(each for each in self._tree.above(containers[0]) if self._tree.holds(each.index, containers[-1]))
        return f"{self._path(common.index)} {tag}"

    def _path(self, index: int) -> str:
        parts: list[str] = []
        for each in self._tree.above(index):
            own, named = each.element.get("id") or "", _class(each)
            if _NAME.match(own) and self._ids[own] == 1:
                parts.insert(0, f"{each.tag}#{own}")
                break
            if named and self._classes[each.tag, named] == 1:
                parts.insert(0, f"{each.tag}.{named}")
                break
            parts.insert(0, _step(each, named))
            if each.tag == "body":
                break
        return " > ".join(parts)


def _step(node: Node, named: str) -> str:
    step = f"{node.tag}.{named}" if named else node.tag
    parent = node.element.getparent()
    brothers = [each for each in parent if each.tag == node.element.tag] if parent is not None else []
    return f"{step}:nth-of-type({brothers.index(node.element) + 1})" if len(brothers) > 1 else step


def _class(node: Node) -> str:
    return next((each for each in (node.element.get("class") or "").split() if _NAME.match(each)), "")
