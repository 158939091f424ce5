"""Chooses a row's own link among its links, and its whole title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crawler.sources.page_dates import Day, Found, address_day, named_day, read_edge, read_whole
from crawler.sources.page_links import (
    TITLED,
    attribute_of,
    attributes_of,
    is_details,
    is_usable,
    picture_of,
)
from crawler.sources.page_own import NO_HABIT, Habit, pick
from crawler.sources.page_splits import read_split
from crawler.sources.page_tree import BLOCKS, HEADINGS, Node, Tree, tidy

_CUT: Final = re.compile(r"\s*(?:…+|\.{2,}|．{2,}|。{2,}|・{3,}|···+)\s*[)）\]】]?\s*\Z")
_PINNED: Final = re.compile(r"[\[【(（]?\s*(?:置\s?顶|固顶)\s*[\]】)）]?[:：|｜丨]?")
_BULLETS: Final = re.compile(r"\A(?:[\s·•・●○◆◇■□▪▫★☆►▶▸▷➤→»›>◎※*|｜]|[-—–](?=[^-—–]))+")
_PICTURE: Final = re.compile(r"\A[\[【〔(（]\s*(?:图|组图|图文|图片|多图|多?图集)\s*[\]】〕)）]\s*")
_MARKED: Final = re.compile(
    r"(?<![a-z])(?:tags?|label|badge|icon|flag|mark|sort|type|new|hot|num|no|xh|index|order|zd|top)(?![a-z])",
    re.IGNORECASE,
)
_LONGEST_MARK: Final = 6
_FACTS: Final = re.compile(r"\s*(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\s*[|｜]")
_LONG: Final = 90
_LONGEST: Final = 1_000
_DATED_END: Final = re.compile(
    r"\s*[\[【(（]\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[^\]】)）]{0,12}[\]】)）]\s*\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """A row's link and title; ``day`` is a day that stands behind the title in its attribute, raw in ``dated``."""

    title: str
    href: str
    pinned: bool
    day: Day | None = None
    link: int = -1


def choose(tree: Tree, links: Sequence[int], pieces: tuple[int, int], habit: Habit = NO_HABIT) -> Titled | None:
    """Choose the row's own link among ``links`` and read its whole title, None where there is none.

    A link in a heading is it, or the first one that is called neither 详情 nor a column's name; a row that has only
    a 详情 link takes its title from its heading.
    """
    usable = [index for index in links if is_usable(tree, tree.links[index])]
    if not usable:
        return None
    best = pick(tree, usable, habit)
    link = tree.links[best]
    title, day = _title(tree, best, usable)
    if is_details(title) or len(title) < 2:
        title = _headed(tree, pieces)
    pinned = any(_PINNED.fullmatch(tree.pieces[index].text.strip()) for index in range(*pieces)) or bool(
        _PINNED.match(_BULLETS.sub("", title))
    )
    title = bare(title)
    return Titled(title=title, href=link.href, pinned=pinned, day=day, link=best) if len(title) >= 2 else None


def _title(tree: Tree, index: int, usable: Sequence[int]) -> tuple[str, Day | None]:
    """Return the whole title of a link, and the day that its attribute ends with."""
    link = tree.links[index]
    node = tree.nodes[link.node]
    shown = _shown(tree, node)
    stem = _CUT.sub("", shown)
    others = [attribute_of(each) for each in (*_inner(tree, node), *_outer(tree, node))]
    if shown:
        others += attributes_of(node)
    else:
        others.append(attribute_of(node))
    twins = [tree.nodes[tree.links[each].node] for each in usable if _twins(tree, each, index)]
    others += [text for each in twins for text in (_shown(tree, each), attribute_of(each), picture_of(each))]
    day: Day | None = named_day(node.element.get("title") or "")
    whole = shown
    for other in others:
        said, own = _undated(other)
        if not said or not _continues(said, stem, cut=stem != shown):
            continue
        day = day or own
        if _better(said, whole):
            whole = said
    return whole or picture_of(node), day


def _twins(tree: Tree, one: int, other: int) -> bool:
    href = tree.links[one].href
    return one != other and bool(href) and href == tree.links[other].href


def _better(said: str, whole: str) -> bool:
    if not whole:
        return True
    said_cut, whole_cut = bool(_CUT.search(said)), bool(_CUT.search(whole))
    return (not said_cut and whole_cut) if said_cut != whole_cut else len(said) > len(whole)


def _continues(said: str, stem: str, *, cut: bool) -> bool:
    """Say whether ``said`` is the whole of ``stem``: it begins with it, or says something where nothing is shown."""
    if not stem:
        return len(said) >= 4
    own, start = _letters(bare(said)), _letters(bare(stem))
    if not own or not start:
        return False
    # A broken tag of a cut title (《<>) leaves a few letters too many.
    return own.startswith(start) or ((cut or len(own) > len(start)) and len(start) > 10 and own.startswith(start[:-4]))


def _letters(text: str) -> str:
    return "".join(each for each in text if each.isalnum())


def _undated(said: str) -> tuple[str, Day | None]:
    found = _DATED_END.search(said)
    if found is None:
        return said, None
    date: Found | None = read_whole(found[0])
    return (said[: found.start()], date.day) if date is not None and date.day else (said, None)


def _inner(tree: Tree, node: Node) -> list[Node]:
    return [
        each for each in tree.nodes[node.index + 1 : min(node.end + 1, node.index + 6)] if each.element.get("title")
    ]


def _outer(tree: Tree, node: Node) -> list[Node]:
    return [each for _, each in zip(range(3), tree.above(node.parent), strict=False) if each.element.get("title")]


def _shown(tree: Tree, node: Node) -> str:
    """Return what a link shows of a title: its heading, else its first block, without a date."""
    inner = tree.nodes[node.index + 1 : node.end + 1]
    headed = [each for each in inner if each.tag in HEADINGS or TITLED.search(each.element.get("class") or "")]
    for each in headed:
        text = _without_dates(tree, each)
        if len(text) >= 4 or (len(text) >= 2 and text.isalpha()):
            return text
    blocks = [each for each in inner if each.tag in BLOCKS and each.tag != "br"]
    if len(blocks) > 1 or (blocks and len(tree.text(node)) > _LONG):
        for each in blocks:
            text = _without_dates(tree, each)
            named = len(text) >= 4 or (len(text) >= 2 and text in {attribute_of(node), picture_of(node)})
            if named and not _holds_block(tree, each):
                return text
    return _without_dates(tree, node)


def _holds_block(tree: Tree, node: Node) -> bool:
    return any(each.tag in BLOCKS and each.tag != "br" for each in tree.nodes[node.index + 1 : node.end + 1])


def _without_dates(tree: Tree, node: Node) -> str:
    kept = _undated_pieces(tree, node)
    if len(kept) == 1 or len(kept) == node.pieces[1] - node.pieces[0]:
        text = tree.joined(kept)[:_LONGEST]
        edge = read_edge(text) if len(kept) <= 2 else None
        if edge is not None:
            rest = tidy(text[: edge.span[0]] + " " + text[edge.span[1] :])
            return rest if len(rest) >= 2 else text
        return text
    return tree.joined(kept)[:_LONGEST]


def _undated_pieces(tree: Tree, node: Node) -> list[int]:
    """Return the pieces of an element that are no dates, parts of dates or marks (视频, a number) beside a title."""
    kept = kept_of(tree, *node.pieces)
    marks = [each for each in kept if tree.pieces[each].node != node.index and _is_mark(tree, each)]
    return [each for each in kept if each not in marks] if len(marks) < len(kept) else kept


def _is_mark(tree: Tree, index: int) -> bool:
    piece = tree.pieces[index]
    named = tree.nodes[piece.node].element.get("class") or ""
    return len(piece.text.strip()) <= _LONGEST_MARK and _MARKED.search(named) is not None


def kept_of(tree: Tree, index: int, end: int) -> list[int]:
    """Return the pieces that are no dates, nor parts of one that is set in several elements."""
    kept: list[int] = []
    while index < end:
        split = read_split(tree, index) if end - index > 1 else None
        if split is not None and index + split[1] <= end:
            index += split[1]
            continue
        text = tree.pieces[index].text
        if read_whole(text) is None and not (kept and _FACTS.match(text)):
            kept.append(index)
        index += 1
    return kept


def _headed(tree: Tree, pieces: tuple[int, int]) -> str:
    """Return the heading of a row, else its first text of some length outside of links."""
    for index in range(*pieces):
        around = [each for _, each in zip(range(3), tree.above(tree.pieces[index].node), strict=False)]
        if any(each.tag in HEADINGS or TITLED.search(each.element.get("class") or "") for each in around):
            return tidy(tree.pieces[index].text)
    texts = [tidy(tree.pieces[index].text) for index in range(*pieces) if tree.pieces[index].link < 0]
    return next((each for each in texts if 4 <= len(each) <= _LONG and read_whole(each) is None), "")


def bare(title: str) -> str:
    """Return a title without what is set before it: bullets, 置顶, 【图】."""
    before = None
    while before != title:
        before = title
        title = _BULLETS.sub("", title)
        title = _PICTURE.sub("", title)
        if (found := _PINNED.match(title)) and (found[0] != "置顶" or title[2:3] in {" ", ""}):
            title = title[found.end() :].lstrip() or title
            if title == before:
                break
    return title.strip()


def address_of(titled: Titled) -> Day | None:
    """Return the day that stands in a row's own address."""
    return address_day(titled.href) if titled.href else None
