"""Scores the reader of list pages against pages that were read by hand (``list_pages.json``)."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from crawler.encoding import decode
from crawler.sources.page import ListPage, read_list
from monitor.visits import NO_SELECTORS

LABELS = Path(__file__).with_name("list_pages.json")
Item = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """``right`` items have the right title and day; ``wrong`` ones were read and are none, ``missed`` were not read.

    ``next_right`` of ``next_all`` pages with a list lead to the right next page, or to none where there is none.
    """

    pages: int
    right: int
    wrong: tuple[tuple[str, Item], ...]
    missed: tuple[tuple[str, Item], ...]
    next_right: int
    next_all: int

    @property
    def precision(self) -> float:
        """The share of what was read that is right."""
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of what the pages show that was read."""
        return self.right / (self.right + len(self.missed))

    @property
    def next_pages(self) -> float:
        """The share of lists whose next page is right."""
        return self.next_right / self.next_all


def score(folder: Path) -> Score:
    """Read every labelled page under ``folder`` and compare; items are compared by title and day, links are not."""
    labels: dict[str, dict[str, list[list[str]]]] = json.loads(LABELS.read_text(encoding="utf-8"))
    right = next_right = next_all = 0
    wrong: list[tuple[str, Item]] = []
    missed: list[tuple[str, Item]] = []
    for name, label in labels.items():
        read = read_list(decode((folder / name).read_bytes()).text, f"http://site.example/{name}", NO_SELECTORS)
        expected = Counter(_item(title, day) for title, day, _ in label["items"])
        found = Counter(_found(read, short=any(len(day) == 4 for _, day in expected)))
        right += (expected & found).total()
        missed += [(name, each) for each in (expected - found).elements()]
        # A label may hold a page's further lists (also), or only the start of a long one (more).
        also = {_item(title, day) for title, day, _ in label.get("also", [])}
        more = bool(label.get("more"))
        wrong += [(name, each) for each in (found - expected).elements() if each not in also and not more]
        # A next page that is loaded as data is none that a visitor without scripts can turn to.
        leads = str(label["next"])
        if read.wire is not None and not leads.endswith(".json"):
            next_all += 1
            there = read.wire.next_page
            next_right += there.endswith(leads) if leads else not there
    return Score(
        pages=len(labels),
        right=right,
        wrong=tuple(wrong),
        missed=tuple(missed),
        next_right=next_right,
        next_all=next_all,
    )


def _found(read: ListPage, *, short: bool) -> list[Item]:
    """Return what was read; a list whose dates stand in addresses alone shows none, and labels hold none of it."""
    if read.wire is None or "链接地址" in read.wire.unproving:
        return []
    items = [_item(each.title, each.dates[0] if each.dates else "") for each in read.wire.entries]
    return [(title, day[-4:]) for title, day in items] if short else items


def _item(title: str, date: str) -> Item:
    digits = re.findall(r"\d+", date)
    day = digits[:3] if digits and len(digits[0]) == 4 else digits[:2]
    return "".join(title.split()), "".join(each.zfill(2) for each in day)
