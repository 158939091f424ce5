"""Reads the page of one article: title, time of publication, source line, text and credits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

from crawler.sources.article_gone import read_notice, what_else
from crawler.sources.article_head import Head, read_head
from crawler.sources.article_labels import DATE
from crawler.sources.article_meta import Meta, read_meta
from crawler.sources.article_page import Line, Page, read_lines, read_tree
from crawler.sources.article_text import FOREIGN, find_text, is_prose
from crawler.sources.article_title import Title, find_title
from crawler.sources.article_toutiao import read_toutiao_page
from crawler.sources.values import Reading
from crawler.sources.wechat_page import is_wechat, read_wechat_page
from monitor.credits import read_credits
from monitor.values import Article, Credit, CreditPlace, PostKind
from monitor.visits import Outcome

_ENOUGH: Final = 120  # letters of prose that make an article without a date
_LITTLE: Final = 40  # of one with a date and a title
_LINKS: Final = 8  # lines that are links, of a page that lists others
_ROWS: Final = 5  # rows of link and date that an article may show beside its text
_ROW: Final = 2  # of one whose title no markup names
_SHORTEST: Final = 4  # letters of a title in a list


def read_article(text: str, url: str, at: datetime, zone: tzinfo) -> Reading:
    """Read the page of one article, found at ``url`` and seen at ``at`` (aware); dates without a zone are in ``zone``.

    NEW with ``article`` where it is one; GONE only where a short page says that this very page is deleted or was never
    there; BLOCKED for walls; NOT_A_FEED, with its reason, for lists, home pages and what only scripts would show.
    """
    if is_wechat(text, url):
        wechat = read_wechat_page(text, url, at, zone)
        if wechat is not None:
            return wechat
    if toutiao := read_toutiao_page(text, at, zone):
        return Reading(outcome=Outcome.NEW, article=toutiao)
    tree = read_tree(text)
    if tree is None:
        return Reading(outcome=Outcome.NOT_A_FEED, reason="返回内容不是网页，不是文章页面。")
    page = read_lines(tree)
    meta = read_meta(tree)
    title = find_title(page, meta)
    head = read_head(page.lines, title.line, meta, url, at, zone)
    body = find_text(page.lines, head.last + 1)
    if notice := read_notice(page, text, url, dated=head.labelled or bool(meta.dates)):
        return notice
    if not _is_article(page, title, head, body, meta):
        return what_else(page, body)
    return Reading(outcome=Outcome.NEW, article=_article(title.text, head, body, meta))


def _is_article(page: Page, title: Title, head: Head, body: Sequence[Line], meta: Meta) -> bool:
    """Say whether what was found is one article, and no list of several with their summaries."""
    sentences = sum(map(is_prose, body))
    rows = _lists(body if sentences and title.sure else page.lines)
    most = max(_ROWS, sentences) if title.sure else _ROW
    if not title.text or rows > (most if body else 0):
        return False
    shown = title.line >= 0
    if (head.labelled and shown) or (meta.dates and shown):
        return True
    links = sum(line.is_link for line in body)
    if links >= _LINKS and links * 2 > len(body):
        return False
    prose = sum(len(line.text) - line.linked for line in body if is_prose(line))
    if head.stated.at is not None:
        return prose >= (_LITTLE if shown or meta.dates else _ENOUGH) and (shown or not links)
    return shown and prose >= (_ENOUGH if head.credits else 3 * _ENOUGH)


def _lists(lines: Sequence[Line]) -> int:
    """Count the rows of a list: a link and a date, in one line or in two that follow one another."""
    rows = 0
    for above, line in pairwise(lines):
        if not DATE.search(line.raw):
            continue
        rest = len(DATE.sub("", line.raw).strip(" []()【】（）"))
        rows += (line.linked >= _SHORTEST and rest <= line.linked + _SHORTEST) or (rest <= _SHORTEST and above.is_link)
    return rows


def _foreign(line: Line) -> tuple[Credit, ...]:
    """Return the credit that a line of an English text is (Source: AgroPages.com)."""
    found = FOREIGN.fullmatch(line.text)
    return read_credits(f"来源：{found['value']}")[:1] if found else ()


def _article(title: str, head: Head, body: Sequence[Line], meta: Meta) -> Article:
    text = "\n".join(line.text for line in body)
    said = (*read_credits(text), *(credit for line in body for credit in _foreign(line)))
    found = tuple(replace(credit, place=CreditPlace.TEXT) for credit in said)
    return Article(
        title=title,
        stated=head.stated,
        author=head.author,
        publisher=head.source,
        text=text,
        credits=tuple(dict.fromkeys((*head.credits, *found))),
        kind=PostKind.VIDEO if meta.type.lower().startswith("video") else PostKind.ARTICLE,
    )
