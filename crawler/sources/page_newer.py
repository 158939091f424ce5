"""What stands outside the list that was chosen and is newer: other lists, headlines, lone boxes, what is hidden."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from lxml import etree

from crawler.sources.page_choice import Named, is_apart
from crawler.sources.page_data import drawn_entries
from crawler.sources.page_dates import Day, address_day, read_whole
from crawler.sources.page_joins import Rows
from crawler.sources.page_links import is_usable, name_of
from crawler.sources.page_near import column_of, own_column
from crawler.sources.page_tokens import Token
from crawler.sources.page_tree import HEADINGS, Link, Resolver, Tree, tidy

# Days without a year are compared within half a year: beyond it nobody can say which is the later one.
_HALF_YEAR: Final = 183
_CLOCK: Final = re.compile(
    r"今天|今日|现在|星期|周[一二三四五六日天]|农历|更新|版权|访问|统计|截[止至]|有效期|天气|°|℃"
)
_FULL: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_LEVELS: Final = 5
_SHORTEST: Final = 6
_LONGEST: Final = 200
_MOST_PIECES: Final = 40
_MOST_KEPT: Final = 400_000
_LEAD: Final = re.compile(
    r"(?<![a-z])(?:slide\w*|swiper\w*|carousel|banner|focus|lunbo|headline|toutiao|topnews|lead|first|hot_?news)(?![a-z])",
    re.IGNORECASE,
)
_Marks: TypeAlias = tuple[int, int, int]


def newest_of(tokens: Iterator[Token] | Sequence[Token]) -> tuple[_Marks | None, bool]:
    """Return the newest day of dates, and whether its year is written; days without a year count where none has one."""
    days = [each.found.day for each in tokens if each.found.day is not None and each.found.rank >= 0]
    full = [_marks(each) for each in days if each.year]
    if full:
        return max(full), True
    bare = [_marks(each) for each in days]
    return (bare[0] if bare else None), False


def is_newer(one: _Marks | None, other: _Marks | None) -> bool:
    """Say whether a day is later than another; of two without a year the one within half a year after it is."""
    if one is None or other is None or bool(one[0]) != bool(other[0]):
        return False
    if one[0]:
        return one > other
    ahead = ((one[1] - other[1]) * 30 + one[2] - other[2]) % 360
    return 0 < ahead < _HALF_YEAR


def newer_lists(named: Sequence[Named], main: int) -> list[Named]:
    """Return the other lists of the page whose newest day is later than the chosen one's."""
    own = newest_in(named[main].told.rows)
    return [
        each
        for index, each in enumerate(named)
        if index != main and not holds(each, named[main]) and is_newer(newest_in(each.told.rows), own)
    ]


def holds(outer: Named, inner: Named) -> bool:
    """Say whether a list stands in one row of another: the parts of a page that each show a date somewhere."""
    first = inner.told.rows.rows[0].pieces[0]
    return any(row.pieces[0] <= first < row.pieces[1] for row in outer.told.rows.rows)


def newest_in(rows: Rows) -> _Marks | None:
    """Return the newest day of a list's rows."""
    return newest_of([token for row in rows.rows for token in row.tokens])[0]


def newer_texts(tree: Tree, tokens: Sequence[Token], rows: Sequence[Rows], newest: _Marks | None) -> int:
    """Return how many dates beside titles stand outside of lists and are later than ``newest``."""
    owned = {piece for each in rows for row in each.rows for piece in range(*row.pieces)}
    places = {row.node for each in rows for row in each.rows if row.node >= 0}
    count = 0
    for token in tokens:
        day = token.found.day
        if day is None or token.pieces[0] in owned or token.node in places or not is_newer(_marks(day), newest):
            continue
        if token.found.rank >= 0 and _is_posts(tree, token, owned):
            count += 1
    return count


def undated_leads(tree: Tree, lists: Sequence[Named], main: int) -> int:
    """Return how many posts of the column stand above it without a date, or have a later day in their address."""
    rows = lists[main].told.rows.rows
    known = {entry.link for each in lists for entry in each.told.entries}
    column, newest = own_column(lists[main]), newest_in(lists[main].told.rows)
    if not column:
        return 0
    first = rows[0].links[0]
    found = {
        link.href
        for link in tree.links
        if link.href not in known
        and column_of(link.href) == column
        and is_usable(tree, link)
        and len(name_of(tree, link)) >= _SHORTEST
        and ((link.index < first and _is_lead(tree, link.node)) or _is_addressed(tree, link, newest))
    }
    return len(found)


def _is_addressed(tree: Tree, link: Link, newest: _Marks | None) -> bool:
    """Say whether a link's address holds a day later than ``newest``, and it stands in no menu."""
    day = address_day(link.href)
    return day is not None and is_newer(_marks(day), newest) and not is_apart(tree, link.node)


def _is_lead(tree: Tree, index: int) -> bool:
    around = [node for _, node in zip(range(_LEVELS), tree.above(index), strict=False)]
    return any(
        node.tag in {"h1", "h2", "h3", "h4"}
        or _LEAD.search(f"{node.element.get('class') or ''} {node.element.get('id') or ''}")
        for node in around
    )


def kept_newer(tree: Tree, newest: _Marks | None) -> bool:
    """Say whether parts of the page that are shown by a script alone hold rows with a later day."""
    if newest is None or not newest[0]:
        return False
    for entry in drawn_entries(tree.root, Resolver(tree.root, "")):
        found = read_whole(entry.dates[0].replace("T", " "))
        if found is not None and found.day is not None and is_newer(_marks(found.day), newest):
            return True
    for element in tree.root.iter("template", "textarea", "noscript"):
        text = str(etree.tostring(element, encoding="unicode", with_tail=False))[:_MOST_KEPT]
        days = [(int(year), int(month), int(day)) for year, month, day in _FULL.findall(text)]
        if any(each > newest for each in days) and re.search(r"(?:<|&lt;)a\s", text):
            return True
    return False


def _is_posts(tree: Tree, token: Token, owned: set[int]) -> bool:
    """Say whether a date outside of lists stands beside a title: a link or a heading, and is no clock of the page."""
    if is_apart(tree, token.node) or _CLOCK.search(tidy(tree.joined(range(*token.pieces)))):
        return False
    for _, node in zip(range(_LEVELS), tree.above(token.node), strict=False):
        if node.tag in {"body", "html"} or any(each in owned for each in (node.pieces[0], node.pieces[1] - 1)):
            return False
        if node.pieces[1] - node.pieces[0] > _MOST_PIECES:
            return False
        plain = [each for each in range(*node.pieces) if tree.pieces[each].link < 0]
        if _CLOCK.search(tree.joined(plain)[:_LONGEST]):
            return False
        links = (tree.links[each] for each in range(*node.links))
        if any(is_usable(tree, each) and len(name_of(tree, each)) >= _SHORTEST for each in links):
            return True
        inner = tree.nodes[node.index : node.end + 1]
        if any(each.tag in HEADINGS and len(tree.text(each)) >= _SHORTEST for each in inner):
            return True
    return False


def _marks(day: Day) -> _Marks:
    return day.year, day.month, day.day
