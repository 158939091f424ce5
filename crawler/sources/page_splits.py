"""Reads dates that are set in several elements: the day above year and month, day and month with a slash between."""

import re
from typing import Final

from crawler.sources.page_dates import Day, Found, valid_day
from crawler.sources.page_tree import Tree

_PARTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("ym", re.compile(r"((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})月?\s?[-/.]?")),
    ("md", re.compile(r"[-/.]?\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?")),
    ("y", re.compile(r"((?:19|20)\d\d)\s?[年/.-]?")),
    ("mo", re.compile(r"(\d{1,2})\s?月")),
    ("d", re.compile(r"[-/.]?\s?(\d{1,2})\s?[日号/.-]?")),
)
_SPLITS: Final[dict[tuple[str, ...], str]] = {
    ("d", "ym"): "d y m",
    ("ym", "d"): "y m d",
    ("y", "md"): "y m d",
    ("md", "y"): "m d y",
    ("d", "mo", "y"): "d m y",
    ("mo", "d", "y"): "m d y",
    ("y", "mo", "d"): "y m d",
    ("d", "y", "mo"): "d y m",
    ("y", "d", "d"): "y m d",
    ("d", "mo"): "d m",
    ("mo", "d"): "m d",
}
_SIGNS: Final = re.compile(r"[\s/|.,·-]*")
_PAIR: Final = re.compile(r"(\d{1,2})\s?/\s?(\d{1,2})")
_SLASHED_YEAR: Final = re.compile(r"/\s?(?P<y>(?:19|20)\d\d)")


def read_split(tree: Tree, first: int) -> tuple[Found, int] | None:
    """Return the date that begins with piece ``first`` and is written in several elements, and how many it takes."""
    if tree.slashed and (pair := _slashed(tree, first)) is not None:
        return pair
    kinds: list[str] = []
    values: list[tuple[str, ...]] = []
    shown: list[str] = []
    for index in range(first, min(first + 5, len(tree.pieces))):
        text = tree.pieces[index].text.strip()
        part = _part(text) if len(text) <= 10 else None
        if part is None:
            if shown and _SIGNS.fullmatch(text):
                continue
            break
        kinds.append(part[0])
        values.append(part[1])
        shown.append(text)
        order = _SPLITS.get(tuple(kinds))
        taken = index - first + 1
        longer = _more(tree, index + 1, kinds)
        if order and not longer:
            day = _assembled(order, [each for value in values for each in value])
            if day is not None and _close(tree, first, index):
                raw = f"{day.year}-{day.month:02}-{day.day:02}" if day.year else f"{day.month:02}-{day.day:02}"
                return Found(raw=raw, day=day, rank=1, span=(0, 0)), taken
            return None
    return None


def _slashed(tree: Tree, first: int) -> tuple[Found, int] | None:
    """Return day and month that a slash parts (19/11, /2026 behind it), in the order that the whole page shows."""
    pair = slashed_pair(tree, first)
    if pair is None:
        return None
    one, two, taken = pair
    month, number = (one, two) if tree.slashed == "m d" else (two, one)
    year = 0
    if first + taken < len(tree.pieces) and (found := _SLASHED_YEAR.fullmatch(_run(tree, first + taken))):
        year, taken = int(found["y"]), taken + (1 if found[0] == tree.pieces[first + taken].text.strip() else 2)
    day = valid_day(year, month, number)
    if day is None:
        return None
    raw = f"{year}-{month:02}-{number:02}" if year else f"{month:02}-{number:02}"
    return Found(raw=raw, day=day, rank=1, span=(0, 0)), taken


def slashed_pair(tree: Tree, first: int) -> tuple[int, int, int] | None:
    """Return two numbers that a slash parts over several elements from piece ``first``, and how many they take."""
    one = tree.pieces[first].text.strip()
    if len(one) > 3 or not one.rstrip("/").isdigit() or first + 1 >= len(tree.pieces):
        return None
    for taken in (2, 3):
        last = first + taken - 1
        if (
            last < len(tree.pieces)
            and (found := _PAIR.fullmatch("".join(tree.pieces[each].text.strip() for each in range(first, last + 1))))
            and _close(tree, first, last)
        ):
            return int(found[1]), int(found[2]), taken
    return None


def _run(tree: Tree, first: int) -> str:
    own = tree.pieces[first].text.strip()
    return own + tree.pieces[first + 1].text.strip() if own == "/" and first + 1 < len(tree.pieces) else own


def _more(tree: Tree, index: int, kinds: list[str]) -> bool:
    """Say whether the next piece makes a longer date of what has been read."""
    if index >= len(tree.pieces):
        return False
    part = _part(tree.pieces[index].text.strip())
    return part is not None and (*kinds, part[0]) in _SPLITS and _close(tree, index - 1, index)


def _part(text: str) -> tuple[str, tuple[str, ...]] | None:
    for kind, pattern in _PARTS:
        if found := pattern.fullmatch(text):
            return kind, found.groups()
    return None


def _close(tree: Tree, first: int, last: int) -> bool:
    """Say whether pieces stand side by side: in one element, or in ones that share a near one."""
    start, end = tree.pieces[first].node, tree.pieces[last].node
    for steps, node in enumerate(tree.above(start)):
        if node.index <= end <= node.end:
            return node.pieces[1] - node.pieces[0] <= 12 or steps == 0
        if steps >= 2:
            return False
    return False


def _assembled(order: str, values: list[str]) -> Day | None:
    named = dict(zip(order.split(), values, strict=True))
    return valid_day(int(named.get("y", 0)), int(named["m"]), int(named["d"]))
