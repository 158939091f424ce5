"""Reads the page of one WeChat article, of every type, and what WeChat shows in its place."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final
from urllib.parse import quote, urlsplit

from lxml import etree, html

from crawler.dates import read_date
from crawler.sources.article_page import inner_text, read_tree
from crawler.sources.keys import platform_key
from crawler.sources.plain import plain
from crawler.sources.values import Reading
from crawler.sources.wechat_notices import read_notice
from crawler.sources.wechat_script import script_values
from monitor.credits import read_credits
from monitor.values import UNSTATED, Article, Credit, CreditKind, CreditPlace, Mark, PostKind, Stated
from monitor.visits import Outcome

_HOST: Final = "mp.weixin.qq.com"
_ARTICLE: Final = re.compile(r"id=[\"'](?:js_content|activity-name|js_article|img-content)[\"']|\bmsg_title\b")
_WECHAT: Final = re.compile(r"mmbiz(?:wap)?[/._]|res\.wx\.qq\.com")
_LONGEST_TITLE: Final = 64  # letters that WeChat allows
_LONGEST_START: Final = 60
_SHORT: Final = 20
_MARKS: Final = {"1": Mark.ORIGINAL, "2": Mark.REPOST}
_KINDS: Final = {"5": PostKind.VIDEO, "6": PostKind.AUDIO, "7": PostKind.AUDIO}
_SHORT_POSTS: Final = frozenset({"8", "10"})  # pictures with a text, and text alone: a script shows them
_VIDEO: Final = re.compile(r"class=\"[^\"]*video_iframe|<mp-common-videosnap|<mpvideosnap|class=\"[^\"]*videosnap")
_AUDIO: Final = re.compile(r"<mpvoice|<qqmusic|<mp-common-mpaudio")
_SHARED: Final = re.compile(r"(?:以下)?文章来源于\s*([^，,\s][^，,]{0,40})")


def is_wechat(text: str, url: str) -> bool:
    """Say whether a page is WeChat's, by its address or by itself."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return host == _HOST or (_WECHAT.search(text) is not None and _ARTICLE.search(text) is not None)


def read_wechat_page(text: str, url: str, at: datetime, zone: tzinfo) -> Reading | None:
    """Read a WeChat article's page, found at ``url`` and seen at ``at``; None where the page is not WeChat's.

    NEW with ``article``: time (``ct``), account, title, text, the platform's mark, whom it was shared from. Else GONE,
    BLOCKED or NOT_A_FEED with WeChat's own reason. Source: SOURCES, WeChat article pages.
    """
    if not is_wechat(text, url):
        return None
    tree = read_tree(text)
    values = script_values(text)
    stated = _stated(tree, values, at, zone)
    body = _body(tree, values)
    if stated.at is None or not (body or _title(tree, values, body)):
        return read_notice(plain(_markup(tree)) if tree is not None else "")
    return Reading(outcome=Outcome.NEW, article=_article(tree, values, body, stated, url))


def _article(tree: etree._Element | None, values: Mapping[str, str], body: str, stated: Stated, url: str) -> Article:
    mark = _mark(tree, values)
    publisher = _shared_from(tree) if mark is Mark.REPOST else ""
    shared = Credit(kind=CreditKind.SOURCE, label="文章来源于", value=publisher, place=CreditPlace.HEADER)
    return Article(
        title=_title(tree, values, body),
        stated=stated,
        account=_account(tree, values),
        author=values.get("author") or values.get(".author", ""),
        publisher=publisher,
        text=body,
        credits=(*((shared,) if publisher else ()), *read_credits(body)),
        mark=mark,
        kind=_kind(tree, values, body),
        key=_key(values, url),
    )


def _mark(tree: etree._Element | None, values: Mapping[str, str]) -> Mark:
    """Return the platform's mark: of the scripts' values, where none has one of the word 原创 above the text."""
    said = values.get("copyright_stat") or values.get("_copyright_stat") or values.get(".copyright_stat", "")
    if said:
        return _MARKS.get(said, Mark.NONE)
    return Mark.ORIGINAL if _text_of(tree, "//*[@id='copyright_logo']") in {"原创", "Original"} else Mark.NONE


def _stated(tree: etree._Element | None, values: Mapping[str, str], at: datetime, zone: tzinfo) -> Stated:
    for name in (
        "ct",
        ".ori_create_time",
        "ori_create_time",
        "oriCreateTime",
        "create_time",
        ".create_time",
        "createTime",
    ):
        raw = values.get(name, "")
        stated = read_date(raw, at, zone) if raw.strip("0") else UNSTATED
        if stated.at is not None:
            return stated
    shown = read_date(_text_of(tree, "//*[@id='publish_time']"), at, zone)
    return shown if shown.at is not None and not shown.clock_bound else UNSTATED


def _account(tree: etree._Element | None, values: Mapping[str, str]) -> str:
    named = values.get("nickname") or values.get(".nick_name") or values.get("nick_name")
    return " ".join(
        (named or _text_of(tree, "//*[@id='js_name']") or _text_of(tree, "//*[@class='profile_nickname']")).split()
    )


def _key(values: Mapping[str, str], url: str) -> str:
    """Return the key that lists give the same article: of ``__biz``, ``mid`` and ``idx``, else of its address."""
    biz = values.get("biz") or values.get("appuin") or values.get(".bizuin", "")
    mid = values.get("mid") or values.get("appmsgid") or values.get(".mid", "")
    idx = values.get("idx") or values.get("itemidx") or values.get(".idx") or "1"
    if biz and mid.strip("0"):
        return platform_key(f"https://{_HOST}/s?__biz={quote(biz, safe='=')}&mid={quote(mid)}&idx={quote(idx)}")
    return platform_key(url) or platform_key(values.get("msg_link") or values.get(".link", ""))


def _title(tree: etree._Element | None, values: Mapping[str, str], body: str) -> str:
    """Return the title; a text without one (it is given whole as the title) is called by its first sentence."""
    shown = _text_of(tree, "//*[@id='activity-name']")
    meta = _og_title(tree)
    for each in (values.get("msg_title"), values.get(".title"), values.get("title"), shown, meta):
        said = (each or "").strip()
        first = said.split("\n", 1)[0].strip()
        if first:
            return first if first == said and len(first) <= _LONGEST_TITLE else _start(first)
    return _start(body.split("\n", 1)[0]) if body else ""


def _og_title(tree: etree._Element | None) -> str:
    meta = _first(tree, "//meta[@property='og:title']")
    return (meta.get("content") or "").replace("\\n", "\n") if meta is not None else ""


def _start(line: str) -> str:
    if len(line) <= _LONGEST_START:
        return line
    stops = [line.find(stop) + 1 for stop in "。！？" if 0 < line.find(stop) < _LONGEST_START]
    return line[: min(stops)] if stops else f"{line[:_LONGEST_START]}…"


def _body(tree: etree._Element | None, values: Mapping[str, str]) -> str:
    """Return the article's text: of its element, else of the data that a script makes the element of."""
    content = _first(tree, "//*[@id='js_content']")
    shown = plain(_markup(content)) if content is not None else ""
    shows = values.get("item_show_type") or values.get(".item_show_type", "")
    said = values.get(".content_noencode", "")
    if shown and not (said and shows in _SHORT_POSTS):
        return shown
    return plain(said.replace("\n", "<br>")) if said else ""


def _shared_from(tree: etree._Element | None) -> str:
    named = _text_of(tree, "//*[contains(@class,'original_primary_nickname')]") or _text_of(
        tree, "//*[@id='js_share_author']"
    )
    if named:
        return named
    tips = _SHARED.search(_text_of(tree, "//*[contains(@class,'original_primary_card_tips')]"))
    return tips[1].strip() if tips else ""


def _kind(tree: etree._Element | None, values: Mapping[str, str], body: str) -> PostKind:
    shows = values.get("item_show_type") or values.get(".item_show_type", "")
    if shows in _KINDS:
        return _KINDS[shows]
    if tree is None or len(body) > _SHORT:
        return PostKind.ARTICLE
    content = _first(tree, "//*[@id='js_content']")
    inside = _markup(content) if content is not None else ""
    if _VIDEO.search(inside):
        return PostKind.VIDEO
    return PostKind.AUDIO if _AUDIO.search(inside) else PostKind.ARTICLE


def _first(tree: etree._Element | None, path: str) -> etree._Element | None:
    found = tree.xpath(path) if tree is not None else []
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, etree._Element) else None  # noqa: SLF001 - lxml's one name for the type


def _text_of(tree: etree._Element | None, path: str) -> str:
    found = _first(tree, path)
    return inner_text(found) if found is not None else ""


def _markup(element: etree._Element) -> str:
    return str(html.tostring(element, encoding="unicode", with_tail=False))
