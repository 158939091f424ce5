"""What a page offers to whoever wants to follow its site: feeds, list pages, accounts on platforms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urldefrag, urlsplit

from lxml import etree, html

from crawler.encoding import decode
from crawler.sources.keys import absolute, is_web, normal_link, platform_key
from crawler.sources.kinds import kind_of
from crawler.sources.pages import read_page
from crawler.sources.values import Answer

MOST_LISTS: Final = 20
"""So many pages of a site are proposed for a look: a home page links to hundreds."""

MOST_FEEDS: Final = 10

_MOST_ACCOUNTS: Final = 20
_MOST_POSTS: Final = 2  # single posts by which an account on a platform can be found out
_LONGEST_LABEL: Final = 40
_LONGEST_NAME: Final = 14  # of a column; what is longer is a headline

PLATFORMS: Final[tuple[tuple[str, str, str], ...]] = (
    ("weibo.com", "weibo", "新浪微博"),
    ("weibo.cn", "weibo", "新浪微博"),
    ("mp.weixin.qq.com", "wechat", "微信公众号"),
    ("channels.weixin.qq.com", "channels", "微信视频号"),
    ("toutiao.com", "toutiao", "今日头条"),
    ("douyin.com", "douyin", "抖音"),
    ("kuaishou.com", "kuaishou", "快手"),
    ("xiaohongshu.com", "xiaohongshu", "小红书"),
    ("space.bilibili.com", "bilibili", "哔哩哔哩"),
    ("baijiahao.baidu.com", "baijiahao", "百家号"),
)
"""Host, kind and 平台 of the platforms on which units have accounts; hosts below these count as well."""

_NOT_ACCOUNTS: Final = re.compile(r"/(?:share|intent|login|signup|search|tag|hashtag|about)\b|^/?$", re.IGNORECASE)
_SHARING: Final = ("service.", "passport.", "open.", "s.", "login.", "api.")
_FILES: Final = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|zip|rar|7z|jpe?g|png|gif|bmp|svg|ico|mp[34]|wmv|avi|apk|exe|css|js)$",
    re.IGNORECASE,
)
_FEED_PATH: Final = re.compile(
    r"(?:^|[/._-])(?:rss\d?|atom|feed|feeds|rdf)(?:[/._-]|$)|\.(?:xml|rss|atom)$", re.IGNORECASE
)
_NO_FEED: Final = re.compile(r"sitemap|opensearch|comments?[/_-]feed|/comments/", re.IGNORECASE)
_ARTICLE: Final = re.compile(
    r"t20\d{6}_\d|/20\d\d[-/_]?(?:0\d|1[0-2])(?:[-/_]?[0-3]\d)?[/_]|/art/20\d\d/|content_\d{4,}|/\d{7,}\.s?html?$",
    re.IGNORECASE,
)
_LIST_PATH: Final = re.compile(
    r"/$|/(?:index|list|default)[\w-]*\.\w+$|/(?:col|list|channel|column|node)\w*[/_-]?\d", re.IGNORECASE
)
_NEWS: Final = re.compile(
    r"要闻|动态|新闻|公告|公示|通知|通告|信息|政策|文件|头条|快讯|资讯|公开|发布|解读|会议|活动|民生|专栏|简报|播报|报道|人事|招考|采购"
)
_MORE: Final = re.compile(r"^(?:更多|查看更多|more|[>»›]+|更多内容|更多信息|\+)[\s>»›+.…]*$", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"登录|注册|搜索|检索|english|繁体|简体|无障碍|适老|关怀|手机版|客户端|联系我们|网站地图|站点地图|关于我们|网站声明|隐私|帮助|邮箱|信箱"
    r"|首页|设为|收藏|返回|下载|投诉|举报|咨询|留言|版权|备案|打印|分享",
    re.IGNORECASE,
)
_MENU: Final = re.compile(r"nav|menu|column|channel|title|tit\b|hd\b|head|more|tab", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One address that a page links to; ``label`` is what the link says, "" where it says nothing.

    ``kind`` is ``feed``, ``page``, or the name of a platform; ``platform`` is its 平台, "" for feeds and pages.
    """

    kind: str
    url: str
    label: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What a page offers: feeds that it names or links to, pages of its site that may be lists, accounts elsewhere.

    ``lists`` are best first and not yet looked at; nothing says that they are lists before they are read.
    """

    feeds: tuple[Offer, ...] = ()
    lists: tuple[Offer, ...] = ()
    accounts: tuple[Offer, ...] = ()


def offers_of(answer: Answer) -> Offers:
    """Find what the page that an answer holds offers; nothing where it is no HTML."""
    text = decode(answer.body, answer.content_type).text
    try:
        tree = html.document_fromstring(text)
    except (etree.LxmlError, ValueError, AssertionError):
        return Offers()
    links = [each for each in _links(tree, answer.url) if normal_link(each.url) != normal_link(answer.url)]
    named = [Offer(kind="feed", url=url) for url in read_page(answer, text).feed_urls]
    linked = [_offer("feed", each) for each in links if _is_feed(each, answer.url)]
    feeds = _once([*named, *linked])[:MOST_FEEDS]
    taken = {normal_link(each.url) for each in feeds}
    scored = [(score, each) for each in links if (score := _score(each, answer.url)) > 0]
    scored.sort(key=lambda found: -found[0])
    lists = _once(_offer("page", each) for _, each in scored if normal_link(each.url) not in taken)
    return Offers(feeds=feeds, lists=lists[:MOST_LISTS], accounts=_accounts(links))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    url: str
    label: str
    more: bool  # it only says 更多: the label is that of what stands beside it
    menu: bool  # it stands in a menu or a heading
    parts: SplitResult


def _links(tree: etree._Element, page: str) -> Iterator[_Link]:
    own = tree.find(".//base")
    base = absolute(own.get("href") or "", page) if own is not None else ""
    for element in tree.iter("a", "area"):
        url = urldefrag(absolute(element.get("href") or "", base or page))[0]
        if not is_web(url):
            continue
        said = _said(element)
        more = _MORE.match(said) is not None
        label = _beside(element) if more else said
        yield _Link(url=url, label=label[:_LONGEST_LABEL], more=more, menu=_in_menu(element), parts=urlsplit(url))


def _said(element: etree._Element) -> str:
    text = " ".join("".join(map(str, element.itertext())).split())
    if text:
        return text
    images = [each.get("alt") or each.get("title") or "" for each in element.iter("img")]
    return " ".join((element.get("title") or next(filter(None, images), "")).split())


def _beside(element: etree._Element) -> str:
    """Return the heading that a link of the words 更多 belongs to: the short text that stands with it or above it."""
    named = element.get("title") or ""
    if named and not _MORE.match(named):
        return " ".join(named.split())
    around = element.getparent()
    for _ in range(3):
        if around is None:
            return ""
        pieces = [" ".join(str(each).split()) for each in around.itertext()]
        found = [each for each in pieces if each and not _MORE.match(each) and re.search(r"\w\w", each)]
        if found:
            return found[0] if len(found[0]) <= _LONGEST_NAME else ""
        around = around.getparent()
    return ""


def _in_menu(element: etree._Element) -> bool:
    around: etree._Element | None = element
    for _ in range(5):
        if around is None:
            return False
        if around.tag in {"nav", "h1", "h2", "h3", "h4", "dt"} or _MENU.search(
            f"{around.get('class') or ''} {around.get('id') or ''}"
        ):
            return True
        around = around.getparent()
    return False


def _is_feed(link: _Link, page: str) -> bool:
    path = link.parts.path
    return _same_site(link.url, page) and bool(_FEED_PATH.search(path)) and not _NO_FEED.search(path)


def _score(link: _Link, page: str) -> int:
    """Say how likely a link leads to a list of the site's posts; 0 where it does not."""
    path = link.parts.path
    leads_away = not _same_site(link.url, page) or _FILES.search(path) or path in {"", "/"}
    if leads_away or _is_feed(link, page) or _ARTICLE.search(f"{path}?{link.parts.query}"):
        return 0
    if _ELSEWHERE.search(link.label) or (len(link.label) > _LONGEST_NAME and not link.more):
        return 0
    points = 3 * bool(_NEWS.search(link.label)) + 3 * link.more + bool(_LIST_PATH.search(path)) + link.menu
    return points if link.label or link.more else 0


def _accounts(links: list[_Link]) -> tuple[Offer, ...]:
    accounts: list[Offer] = []
    singles: dict[str, list[Offer]] = {}
    for link in links:
        host = (link.parts.hostname or "").lower()
        known = next((each for each in PLATFORMS if host == each[0] or host.endswith(f".{each[0]}")), None)
        if known is None or host.startswith(_SHARING) or _NOT_ACCOUNTS.search(link.parts.path):
            continue
        offer = Offer(kind=kind_of(link.url) or known[1], url=link.url, label=link.label, platform=known[2])
        if platform_key(link.url):
            singles.setdefault(known[1], []).append(offer)
        else:
            accounts.append(offer)
    some = (offer for offers in singles.values() for offer in _once(offers)[:_MOST_POSTS])
    return _once([*accounts, *some])[:_MOST_ACCOUNTS]


def _offer(kind: str, link: _Link) -> Offer:
    return Offer(kind=kind, url=link.url, label=link.label)


def _once(offers: "Iterator[Offer] | list[Offer]") -> tuple[Offer, ...]:
    """Return offers without those whose address stood before; a later label stands in for a missing one."""
    found: dict[str, Offer] = {}
    for each in offers:
        known = found.setdefault(normal_link(each.url), each)
        if each.label and not known.label:
            found[normal_link(each.url)] = each
    return tuple(found.values())


def _same_site(url: str, page: str) -> bool:
    """Say whether two addresses are of one site: of one host and port, or one host below the other."""
    one, other = (_site(each) for each in (url, page))
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def _site(url: str) -> str:
    return normal_link(url).partition("/")[0].removeprefix("www.")
