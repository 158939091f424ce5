"""Reads the page of a public WeChat album, where the page itself came and not the answer that it asks for."""

from typing import Final

from lxml import etree, html

from crawler.encoding import clean
from crawler.sources.plain import plain_line
from crawler.sources.wechat_lists import ALBUM
from crawler.sources.wire import Entry, Wire

_MOST: Final = 10_000
_ROW: Final = "js_album_item"


def read_album_page(text: str) -> Wire | None:
    """Read the articles that an album's page lists, None where it lists none. Like every album it proves no silence."""
    if _ROW not in text:
        return None
    try:
        tree = html.document_fromstring(clean(text))
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    rows = [each for each in tree.iter("li") if _ROW in (each.get("class") or "").split()][:_MOST]
    if not rows:
        return None
    entries = tuple(_entry(each) for each in rows if each.get("data-link") or each.get("data-title"))
    holes = len(rows) - len(entries)
    return Wire(
        title=_line(_first(tree, "id", "js_tag_name")),
        entries=entries,
        damaged=holes > 0,
        warnings=(f"专辑中有{holes}篇文章无法读出",) if holes else (),
        account=_line(_first(tree, "class", "album__author-name")),
        unproving=ALBUM,
    )


def _entry(row: etree._Element) -> Entry:
    time = _line(_first(row, "class", "js_article_create_time"))
    return Entry(
        link=(row.get("data-link") or "").strip(),
        title=plain_line(row.get("data-title") or "", is_markup=False),
        dates=(time,) if time else (),
    )


def _first(inside: etree._Element, name: str, word: str) -> etree._Element | None:
    """Return the first element one of whose words in the attribute ``name`` is ``word``."""
    return next((each for each in inside.iter() if word in (each.get(name) or "").split()), None)


def _line(element: etree._Element | None) -> str:
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""
