"""Pure readers: the bytes that a source answered with, into items. One file per wire shape.

The readers of pages are imported when the first page comes: a child that reads feeds starts in two thirds of the time.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.encoding import Decoded, decode
from crawler.sources.bilibili import read_bilibili
from crawler.sources.feed import read_xml
from crawler.sources.jsonfeed import parse_json, read_json, salvage_json
from crawler.sources.kinds import KINDS
from crawler.sources.listing import make_listing
from crawler.sources.mend import feed_document
from crawler.sources.pages import read_answer, read_binary, read_page
from crawler.sources.report import read_report
from crawler.sources.values import Answer, Choice, Reading
from crawler.sources.wechat_album_page import read_album_page
from crawler.sources.wechat_lists import read_album, read_history, read_push_lines, read_pushes
from crawler.sources.weibo import read_status, read_weibo
from crawler.sources.wire import Entry, Wire
from monitor.values import Article, CreditPlace
from monitor.visits import NO_SELECTORS, Outcome, Selectors

__all__ = ["ARTICLE", "KINDS", "REPORT", "Answer", "Choice", "Reading", "read"]

ARTICLE: Final = "article"
"""What ``read`` is told where the body is the own page of one post, and not a source."""

REPORT: Final = "report"
"""The kind of a self-report, which states posts and shows none."""
_JSON: Final = ("feed", "weibo", "wechat_list", "wechat_album", "bilibili")
_HTML: Final = ("wechat_list", "wechat_album", "wechat_article", "page")


def read(answer: Answer, kind: str, at: datetime, zone: str, selectors: Selectors = NO_SELECTORS) -> Reading:
    """Read what a source answered at ``at`` (aware); ``kind`` is one of ``KINDS``, ARTICLE or "", ``zone`` IANA.

    Without a kind the first reader that recognises the body reads it. Never raises on bad data and fetches nothing:
    what cannot be read is the outcome, with its reason in Chinese.
    """
    if kind and kind not in {*KINDS, ARTICLE}:
        reason = f"暂不支持采集类型“{kind}”，可用的类型为{'、'.join(KINDS)}。"
        return Reading(outcome=Outcome.NOT_A_FEED, reason=reason)
    if not answer.body.strip():
        return Reading(outcome=Outcome.EMPTY, reason="返回内容为空。")
    where = _zone(zone)
    if kind == REPORT:
        said = read_report(answer.body, answer.content_type)
        return said if isinstance(said, Reading) else _reading(said, answer.url, at, where, REPORT)
    if binary := read_binary(answer.body):
        return binary
    decoded = decode(answer.body, answer.content_type)
    if kind == ARTICLE:
        return _article(decoded.text, answer.url, at, where)
    return _Body(answer, decoded, at, where, selectors).read(kind)


class _Body:
    """One decoded body, and the readers that may recognise it."""

    def __init__(self, answer: Answer, decoded: Decoded, at: datetime, zone: tzinfo, selectors: Selectors) -> None:
        self.url, self.text = answer.url, decoded.text
        self.answer, self.decoded, self.at, self.zone, self.selectors = answer, decoded, at, zone, selectors

    def read(self, kind: str) -> Reading:
        """Read it as ``kind``, or as whatever recognises it where that is ""."""
        if self.text.lstrip()[:1] in {"{", "["}:
            return self.read_json(kind)
        document = feed_document(self.text) if kind in {"", "feed"} else None
        if document is not None:
            return self.made(read_xml(document), "feed")
        for each in (kind,) if kind else _HTML:
            found = self.read_html(each)
            if found is not None:
                return found
        return read_page(self.answer, self.text)

    def read_json(self, kind: str) -> Reading:
        """Read a JSON answer; one that is torn or of no known shape says what it is."""
        said = parse_json(self.text)
        if said is None:
            pushes = read_push_lines(self.text) if kind in {"", "wechat_list"} else None
            if pushes is not None:
                return self.made(pushes, "wechat_list")
            torn = Reading(outcome=Outcome.NOT_A_FEED, reason="返回的JSON数据残缺或有误，没有一条信息可以读出。")
            wire = salvage_json(self.text) if kind in {"", "feed"} else None
            return torn if wire is None else self.made(wire, "feed")
        for each in (kind,) if kind else _JSON:
            found = self.json_wire(each, said)
            if found is not None:
                return replace(found, kind=each) if isinstance(found, Reading) else self.made(found, each)
        return read_answer(said)

    def json_wire(self, kind: str, said: object) -> Wire | Reading | None:
        """Return what the reader of one kind makes of a JSON answer, None where it is not of that kind."""
        match kind:
            case "feed":
                return read_json(said)
            case "weibo":
                return read_weibo(said, self.url)
            case "wechat_list":
                return read_pushes(said, self.url)
            case "wechat_album":
                return read_album(said, self.url)
            case "bilibili":
                return read_bilibili(said, self.url)
            case _:
                return None

    def read_html(self, kind: str) -> Reading | None:
        """Return what the reader of one kind makes of a page, None where it is not of that kind."""
        match kind:
            case "wechat_album":
                album = read_album_page(self.text)
                return None if album is None else self.made(album, kind)
            case "wechat_article":
                from crawler.sources.wechat_page import read_wechat_page

                found = read_wechat_page(self.text, self.url, self.at, self.zone)
                return None if found is None else self.single(found, kind)
            case "wechat_list":
                history = read_history(self.text)
                return None if history is None else self.made(history, kind)
            case "page":
                return self.read_list()
            case _:
                return None

    def read_list(self) -> Reading | None:
        """Read a list page; what a page without a list is, ``read_page`` says better."""
        from crawler.sources.page import read_list

        said = read_page(self.answer, self.text)
        if said.outcome is not Outcome.NOT_A_FEED:
            return said
        found = read_list(self.text, self.url, self.selectors)
        if found.wire is None:
            reason = "：".join(each.removesuffix("。") for each in (said.reason, found.reason) if each) + "。"
            reading = Reading(outcome=Outcome.NOT_A_FEED, reason=reason, kind="page")
        else:
            reading = self.made(self.doubted(found.wire), "page")
        return replace(reading, choices=found.choices, refresh_url=found.refresh_url, feed_urls=said.feed_urls)

    def doubted(self, wire: Wire) -> Wire:
        """Return a list that proves nothing where its page reads as an article: what stands beside that is not all."""
        if wire.unproving or self.selectors != NO_SELECTORS:
            return wire
        from crawler.sources.article import read_article

        if read_article(self.text, self.url, self.at, self.zone).outcome is not Outcome.NEW:
            return wire
        return replace(wire, unproving="页面像是一篇文章，旁边的列表未必是全部信息")

    def single(self, found: Reading, kind: str) -> Reading:
        """Return the page of one post as a list of one, which proves that it was published and no silence."""
        if found.article is None:
            return replace(found, kind=kind)
        wire = replace(_wire_of(found.article, self.url), unproving="这是单篇文章的地址，不是信息列表")
        return replace(self.made(wire, kind), article=found.article)

    def made(self, wire: Wire, kind: str) -> Reading:
        """Return a document as a reading, with what was odd about its encoding."""
        warnings = (*_encoding_warnings(self.decoded), *wire.warnings)
        return _reading(replace(wire, warnings=warnings), self.url, self.at, self.zone, kind)


def _article(text: str, url: str, at: datetime, zone: tzinfo) -> Reading:
    from crawler.sources.article import read_article

    said = parse_json(text) if text.lstrip()[:1] in {"{", "["} else None
    status = read_status(text if said is None else said, url, at, zone)
    return status if status is not None else read_article(text, url, at, zone)


def _wire_of(article: Article, url: str) -> Wire:
    entry = Entry(
        key=article.key,
        link=url,
        title=article.title,
        text=article.text,
        dates=(article.stated.raw,) if article.stated.raw else (),
        author=article.author,
        publisher=article.publisher if article.mark.value else "",
        kind=article.kind,
        credits=tuple(each for each in article.credits if each.place is CreditPlace.HEADER),
        mark=article.mark,
    )
    return Wire(title=article.account, account=article.account, entries=(entry,))


def _reading(wire: Wire, url: str, at: datetime, zone: tzinfo, kind: str) -> Reading:
    listing = make_listing(wire, url, at, zone)
    count = len(listing.items)
    if not listing.damaged:
        outcome = Outcome.NEW if count else Outcome.EMPTY
        return Reading(outcome=outcome, listing=listing, reason="" if count else "信息列表中没有任何信息。", kind=kind)
    if not count:
        cause = f"（{listing.warnings[0]}）" if listing.warnings else ""
        reason = f"信息列表残缺，没有一条信息可以读出{cause}。"
        return Reading(outcome=Outcome.NOT_A_FEED, listing=listing, reason=reason, kind=kind)
    reason = f"信息列表残缺，只读出{count}条信息。"
    return Reading(outcome=Outcome.PARTIAL, listing=listing, reason=reason, kind=kind)


def _encoding_warnings(decoded: Decoded) -> Iterator[str]:
    if decoded.misdeclared:
        yield f"编码声明为{decoded.declared}，实际为{decoded.encoding.upper()}"
    if decoded.broken:
        yield f"有{decoded.broken}处字符无法解码"
    if decoded.controls:
        yield f"去除了{decoded.controls}个控制字符"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
