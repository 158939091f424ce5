"""Reads list pages: repeated blocks with a link and a date, found by themselves or as the office has said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from crawler.sources.page_choice import Named, choices, main_of, name
from crawler.sources.page_data import drawn_entries
from crawler.sources.page_doubts import doubt, of_page
from crawler.sources.page_entries import Told, tell, unnumbered
from crawler.sources.page_joins import Rows
from crawler.sources.page_near import lead_of
from crawler.sources.page_next import next_page, refreshes_to
from crawler.sources.page_rows import addressed_lists, dated_lists
from crawler.sources.page_said import LeftOut, doubt_of, left_out, own_of, own_row, warnings_of
from crawler.sources.page_selectors import Own, SelectorFailure, check_selector, parts_of, rows_of, told
from crawler.sources.page_tokens import DatesOf, tokens_of
from crawler.sources.page_tree import Resolver, Tree, parse, scan, tidy
from crawler.sources.page_what import is_article, what
from crawler.sources.values import Choice
from crawler.sources.wire import Entry, Wire
from monitor.visits import Selectors

__all__ = ["ListPage", "check_selector", "read_list"]

# So many links whose addresses hold a day make a list; fewer may be a slide show or a picture beside an article.
_LEAST_ADDRESSED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What a page lists; without ``wire`` no list was found, and ``reason`` (a Chinese clause) says why."""

    wire: Wire | None = None
    choices: tuple[Choice, ...] = ()
    refresh_url: str = ""
    reason: str = ""


def read_list(text: str, url: str, selectors: Selectors) -> ListPage:
    """Read the list of a decoded page found at ``url``. Never raises on bad pages or selectors.

    Dates are raw, the best first: as they stand in the row, with the year that the link's address or ``title`` gives
    where the row leaves it out; the day of the address comes last. A list whose dates stand in addresses alone, or
    that is one of several and was not chosen by ``selectors``, proves nothing (``Wire.unproving``).
    """
    root = parse(text)
    if root is None:
        return ListPage(reason="返回内容不是网页")
    resolver = Resolver(root, url)
    tree = scan(root, resolver)
    seen = sum(len(tidy(piece.text)) for piece in tree.pieces)
    refresh = refreshes_to(root, resolver, url, seen)
    try:
        if selectors.item.strip():
            return _as_said(tree, resolver, url, selectors, refresh)
        return _by_itself(tree, resolver, url, selectors, refresh)
    except SelectorFailure as failure:
        return ListPage(refresh_url=refresh, reason=str(failure))


def _as_said(tree: Tree, resolver: Resolver, url: str, selectors: Selectors, refresh: str) -> ListPage:
    parts = parts_of(selectors)
    elements = rows_of(tree.root, parts, selectors)
    dates = DatesOf(tree)
    own = own_of(tree, elements, dates)
    said = told(elements, parts, selectors, lambda row: own.get(row, Own(entry=Entry())), dates, resolver)
    entries = unnumbered(said.entries) if parts.title is None else said.entries
    left = left_out(tree, elements, dates)
    only = Choice(
        number=1,
        item=selectors.item,
        rows=len(entries),
        dated=sum(bool(each.dates) for each in entries),
        titles=tuple(each.title for each in entries[:3]),
        chosen=True,
    )
    title = _page_title(tree)
    wire = Wire(
        title=title,
        entries=entries,
        next_page=next_page(tree, resolver, url)[0],
        unproving=doubt_of(said.missed, said.addressed, left) or of_page(tree, _pieces_of(tree, elements), title),
        warnings=warnings_of(len(elements), left),
    )
    return ListPage(wire=wire, choices=(only,), refresh_url=refresh)


def _pieces_of(tree: Tree, elements: Sequence[etree._Element]) -> set[int]:
    places = [tree.places[each] for each in elements if each in tree.places]
    return {piece for each in places for piece in range(*tree.nodes[each].pieces)}


def _by_itself(tree: Tree, resolver: Resolver, url: str, selectors: Selectors, refresh: str) -> ListPage:
    there, pager = next_page(tree, resolver, url)
    tokens = tokens_of(tree)
    named = [each for each in name(tree, _lists(tree, dated_lists(tree, tokens)), pager) if not _is_menu(each)]
    article = is_article(tree, named)
    if not named and not article:
        addressed = [each for each in _lists(tree, addressed_lists(tree)) if len(each.entries) >= _LEAST_ADDRESSED]
        named = [each for each in name(tree, addressed, pager) if not each.beside]
        article = is_article(tree, named)
    if not article and all(each.told.dated < _LEAST_ADDRESSED for each in named):
        drawn = drawn_entries(tree.root, resolver)
        if drawn:
            unproving = "列表由网页脚本绘出，现按脚本中的数据读取，页面实际显示的可能不同"
            wire = Wire(title=_page_title(tree), entries=drawn, unproving=unproving)
            return ListPage(wire=wire, choices=(_drawn_choice(drawn),), refresh_url=refresh)
    if not named or (article and not selectors.choice):
        return ListPage(refresh_url=refresh, reason=what(tree, article=article))
    main = selectors.choice - 1 if selectors.choice else main_of(named, tree)
    if not 0 <= main < len(named):
        reason = f"choice为{selectors.choice}，但页面只有{len(named)}个列表"
        return ListPage(choices=choices(tree, named, -1), refresh_url=refresh, reason=reason)
    chosen = named[main].told
    entries, missing = _with_parts(tree, resolver, chosen, selectors)
    lead = lead_of(named, main, tree)
    if lead is not None and not any(each.strip() for each in (selectors.title, selectors.link, selectors.date)):
        entries = (*lead.told.entries, *entries)
    wire = Wire(
        title=_page_title(tree),
        entries=entries,
        next_page=there,
        unproving=missing
        or doubt(tree, tokens, named, main, chosen=bool(selectors.choice), title=_page_title(tree), turned=bool(there)),
    )
    return ListPage(wire=wire, choices=choices(tree, named, main), refresh_url=refresh)


def _drawn_choice(entries: Sequence[Entry]) -> Choice:
    titles = tuple(each.title for each in entries[:3])
    return Choice(number=1, item="", rows=len(entries), dated=len(entries), titles=titles, chosen=True)


def _is_menu(named: Named) -> bool:
    """Say whether a list is a few links in a menu or a footer that happen to stand beside a date."""
    return named.apart and len(named.told.entries) < _LEAST_ADDRESSED


def _lists(tree: Tree, found: Sequence[Rows]) -> list[Told]:
    told_lists = [tell(tree, each) for each in found]
    return [each for each in told_lists if each.entries]


def _with_parts(tree: Tree, resolver: Resolver, chosen: Told, selectors: Selectors) -> tuple[tuple[Entry, ...], str]:
    """Apply the selectors for title, link and date to the rows of a list found without ``item``; say what they miss."""
    if not any(each.strip() for each in (selectors.title, selectors.link, selectors.date)):
        return chosen.entries, ""
    parts = parts_of(selectors)
    if any(row.node < 0 for row in chosen.rows.rows):
        message = "页面列表的各行不是单独的元素，设置title、link或date时须同时设置item"
        raise SelectorFailure(message)
    rows = [tree.nodes[row.node].element for row in chosen.rows.rows]
    read = zip(chosen.rows.rows, chosen.entries, strict=True)
    own = dict(zip(rows, (own_row(tree, row, entry) for row, entry in read), strict=True))
    said = told(rows, parts, selectors, lambda row: own[row], DatesOf(tree), resolver)
    return said.entries, doubt_of(said.missed, 0, LeftOut())


def _page_title(tree: Tree) -> str:
    return tidy(tree.root.findtext(".//title") or "")
