"""Reads a list as the office has said: rows, titles, links and dates by CSS or XPath."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from crawler.sources.page_tokens import DatesOf
from crawler.sources.page_tree import Resolver, tidy
from crawler.sources.wire import Entry
from monitor.visits import Selectors

_UNSHOWN: Final = "descendant-or-self::text()[not(ancestor::script) and not(ancestor::style)]"
_TEXTS: Final = etree.XPath(_UNSHOWN)
_Own: TypeAlias = "etree._Element | str"  # noqa: SLF001 - lxml has no other name for it


class SelectorFailure(Exception):  # noqa: N818
    """A selector that finds nothing or cannot be read; the message is a Chinese clause that names the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A configuration's selectors, ready to be used; None for those that are not set."""

    item: etree.XPath | None
    title: etree.XPath | None
    link: etree.XPath | None
    date: etree.XPath | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A row as the reader itself reads it; ``dated`` that it shows a date, ``linked`` a link that can be a post's."""

    entry: Entry
    dated: bool = False
    linked: bool = False

    @property
    def is_post(self) -> bool:
        """Say whether the row looks like a post, and not like a head or a line between rows."""
        return self.linked or (self.dated and bool(self.entry.title))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What rows tell by selectors.

    ``missed`` counts the posts that a selector did not find (by its key), ``addressed`` those whose only date stands in
    their address.
    """

    entries: tuple[Entry, ...]
    missed: Mapping[str, int]
    addressed: int


def check_selector(text: str) -> str:
    """Return why ``text`` is no selector (a Chinese clause), "" where it is one."""
    try:
        _compiled(text, within=False)
    except SelectorFailure as failure:
        return str(failure)
    return ""


def parts_of(selectors: Selectors) -> Parts:
    """Return the selectors ready to be used; raises SelectorFailure for one that cannot be read."""
    return Parts(
        item=_named("item", selectors.item, within=False),
        title=_named("title", selectors.title, within=True),
        link=_named("link", selectors.link, within=True),
        date=_named("date", selectors.date, within=True),
    )


def _named(key: str, text: str, *, within: bool) -> etree.XPath | None:
    if not text.strip():
        return None
    try:
        return _compiled(text, within=within)
    except SelectorFailure as failure:
        raise SelectorFailure(f"{key}的选择器“{text[:80]}”{failure}") from None


def _compiled(text: str, *, within: bool) -> etree.XPath:
    own = text.strip()
    try:
        if own.startswith(("/", "(", "./", "@")):
            return etree.XPath(f".{own}" if within and own.startswith("/") else own)
        prefix = "descendant-or-self::" if within else "descendant::"
        return etree.XPath(HTMLTranslator().css_to_xpath(own, prefix=prefix))
    except (SelectorError, etree.XPathError, ValueError, UnicodeError) as error:
        cause = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise SelectorFailure(f"不是有效的CSS或XPath选择器（{cause}）") from None


def rows_of(root: etree._Element, parts: Parts, selectors: Selectors) -> list[etree._Element]:
    """Return the elements that ``item`` finds; raises SelectorFailure where there is none."""
    assert parts.item is not None
    rows = [each for each in _found(root, parts.item, "item", selectors.item) if etree.iselement(each)]
    if not rows:
        raise SelectorFailure(f"item的选择器“{selectors.item[:80]}”在页面中没有找到任何一行")
    return rows


def _found(element: etree._Element, wanted: etree.XPath, key: str, text: str) -> list[_Own]:
    try:
        said = wanted(element)
    except etree.XPathError as error:
        raise SelectorFailure(f"{key}的选择器“{text[:80]}”无法执行（{str(error)[:80]}）") from None
    if isinstance(said, str):
        return [said] if said.strip() else []
    return [each for each in said if isinstance(each, str) or etree.iselement(each)] if isinstance(said, list) else []


Reader: TypeAlias = Callable[["etree._Element"], Own]  # noqa: SLF001 - as above


def told(
    rows: list[etree._Element], parts: Parts, selectors: Selectors, read: Reader, dates: DatesOf, resolver: Resolver
) -> Said:
    """Return what rows tell; what no selector is set for is read as the reader itself would.

    A row that a selector misses is kept as far as it can be read, and counted. Raises SelectorFailure for a selector
    that finds nothing in any row.
    """
    entries: list[Entry] = []
    hits = Counter[str]()
    missed = dict.fromkeys(("title", "link", "date", "item"), 0)
    addressed = 0
    for row in rows:
        own = read(row)
        entry, found = _by_parts(row, parts, selectors, own, dates, resolver)
        hits.update(key for key, there in found.items() if there)
        for key, there in found.items():
            missed[key] += not there and own.is_post and (key != "link" or bool(own.entry.link))
        addressed += parts.date is None and bool(entry.dates) and not own.dated
        if entry.title:
            entries.append(entry)
        elif parts.title is None:
            missed["item"] += own.dated
    for key in ("title", "link", "date"):
        text: str = getattr(selectors, key)
        if text.strip() and not hits[key]:
            raise SelectorFailure(f"{key}的选择器“{text[:80]}”在item找到的{len(rows)}行中都没有找到内容")
    if not entries:
        raise SelectorFailure(f"item的选择器“{selectors.item[:80]}”找到的{len(rows)}行中都没有标题")
    return Said(entries=tuple(entries), missed=missed, addressed=addressed)


def _by_parts(
    row: etree._Element, parts: Parts, selectors: Selectors, own: Own, dates: DatesOf, resolver: Resolver
) -> tuple[Entry, Mapping[str, bool]]:
    """Return the entry of one row and, by its key, whether each selector that is set found something in it."""
    title, link, raws = own.entry.title, own.entry.link, own.entry.dates
    found: dict[str, bool] = {}
    if parts.title is not None:
        said = _text(_found(row, parts.title, "title", selectors.title))
        found["title"], title = bool(said), said or title
    if parts.link is not None:
        there, found["link"] = _href(_found(row, parts.link, "link", selectors.link), resolver)
        link = there if found["link"] else link
    if parts.date is not None:
        date = _date(_found(row, parts.date, "date", selectors.date), dates)
        found["date"], raws = bool(date), (date,) if date else ()
    return Entry(title=title, link=link, dates=raws, pinned=own.entry.pinned), found


def _text(found: list[_Own]) -> str:
    """Return the text of what was found: of the first element, its ``title`` where it holds more."""
    for each in found:
        if isinstance(each, str):
            if tidy(each):
                return tidy(each)
            continue
        text = shown(each)
        whole = tidy(each.get("title") or "")
        stem = text.rstrip("….． ")
        if whole and len(whole) > len(stem) and whole.startswith(stem[:10]):
            return whole
        if text:
            return text
    return ""


def shown(element: etree._Element) -> str:
    """Return what an element shows: all of its texts but those of scripts."""
    texts = _TEXTS(element)
    return tidy(" ".join(str(each) for each in texts)) if isinstance(texts, list) else ""


def _date(found: list[_Own], dates: DatesOf) -> str:
    """Return the date as it stands; of an element that holds more, the date in it."""
    texts = [tidy(each) if isinstance(each, str) else _dated(each, dates) for each in found]
    return next((each for each in texts if each), "")


def _dated(element: etree._Element, dates: DatesOf) -> str:
    tokens = dates.within(element)
    return tokens[0].found.raw if tokens else element.get("datetime") or shown(element)


def _href(found: list[_Own], resolver: Resolver) -> tuple[str, bool]:
    for each in found:
        if isinstance(each, str):
            href = each
        else:
            own = each if each.get("href") is not None else next(each.iter("a"), None)
            href = (own.get("href") or "") if own is not None else ""
        if resolver(href):
            return resolver(href), True
        if href:
            return "", True
    return "", False
