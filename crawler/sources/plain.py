"""Turns markup into plain text with its line breaks."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from lxml import etree, html

from crawler.encoding import clean

_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"}
    | {"nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
_CELLS: Final[frozenset[str]] = frozenset({"td", "th"})
_UNSEEN: Final[frozenset[str]] = frozenset(
    {"head", "iframe", "noscript", "object", "script", "style", "svg", "template", "title"}
)
_LONGEST: Final = 1_000_000
_MARKUP: Final = re.compile(r"<[A-Za-z/!?]|&[#A-Za-z]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff]")
# A name in angle brackets that is no tag of HTML (《…》 typed as <…>) is text, not markup.
_TAG: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,14}(?:\s[^<>]{0,2000})?/?>")


def plain(markup: str) -> str:
    """Return the text that a reader of ``markup`` (HTML or plain text) sees, one line per line or block.

    Blocks and ``<br>`` break lines, scripts and styles are left out, runs of spaces are one space, empty lines go.
    """
    markup = markup[:_LONGEST]
    if not _MARKUP.search(markup):
        return _tidy(markup)
    if "<" not in markup:
        return _tidy(clean(unescape(markup)))
    tree = html.document_fromstring(f"<div>{clean(markup)}</div>", parser=html.HTMLParser(remove_comments=True))
    return _tidy("".join(_pieces(tree)))


def plain_line(markup: str, *, is_markup: bool) -> str:
    """Return a title as one line of plain text; text that is not markup keeps its angle brackets."""
    if is_markup or _TAG.search(markup):
        return " ".join(plain(markup).split())
    return " ".join(_INVISIBLE.sub("", unescape(markup)).split())


def _pieces(tree: etree._Element) -> Iterator[str]:
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = str(element.tag)
        if event == "start":
            hidden += tag in _UNSEEN
            if not hidden:
                yield "\n" if tag in _BLOCKS and tag not in _CELLS else ""
                yield _text(element.text, tag)
            continue
        hidden -= tag in _UNSEEN
        if not hidden:
            yield " " if tag in _CELLS else "\n" if tag in _BLOCKS else ""
            yield _text(element.tail, tag)


def _text(text: str | None, tag: str) -> str:
    """Return a text node; its own line breaks are spaces to whoever reads the page, except in ``<pre>``."""
    return (text or "") if tag == "pre" else (text or "").replace("\n", " ")


def _tidy(text: str) -> str:
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "\n".join(line for line in (each.strip() for each in text.split("\n")) if line)
