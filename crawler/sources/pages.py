"""Says what a body is that is no feed: a block page, a farewell, an empty success, or a page that names its feeds."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree, html

from crawler.encoding import is_wide
from crawler.sources.keys import absolute, is_web, normal_link
from crawler.sources.plain import plain
from crawler.sources.values import Answer, Reading
from monitor.visits import Outcome

_HEAD: Final = 300_000
_MOST_FEEDS: Final = 10
# A page this short says one thing; in a longer one the same word may stand in a news item or in a login box.
_NOTICE: Final = 600

_BLOCKED: Final = re.compile(
    r"环境异常|去验证|访问验证|安全验证|人机验证|滑动验证|验证码|拖动滑块|完成验证|访客系统"
    r"|访问过于频繁|操作频繁|请求过于频繁|访问受限|禁止访问|拒绝访问|被拦截|访问行为异常"
    r"|请先登录|登录后查看|扫码登录|请在微信客户端打开|captcha|visitor system|access denied|just a moment"
    r"|attention required|checking your browser|are you (?:a )?(?:robot|human)|request blocked|403 forbidden"
    r"|web application firewall",
    re.IGNORECASE,
)
# Scripts of gates that set a cookie and load the page again; a reader without a browser never gets past them.
_GATES: Final = re.compile(
    r"acw_sc__v\d|__jsl_clearance|_waf_|waf_captcha|aliyun_waf|cf-chl|challenge-platform|passport\.weibo\.com/visitor|tcaptcha|geetest"
    r"|yunsuo_session|safedog|/_guard/|probe\.js\?|verify\.baidu\.com|wappoc_appmsgcaptcha",
    re.IGNORECASE,
)
_GONE: Final = re.compile(
    r"(?:账号|帐号|公众号|用户|该号)(?:已|已经|已被)?(?:自主)?(?:注销|封禁|被封停?|停用|永久封禁|不存在)"
    r"|(?:账号|帐号)已被(?:屏蔽|封停|冻结)|已自主注销|该公众号已(?:迁移|冻结)"
)
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x1f\x8b", "压缩文件"),
    (b"PK\x03\x04", "压缩文件"),
    (b"%PDF", "PDF文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"\xd0\xcf\x11\xe0", "Office文件"),
)
# What only WordPress, Typecho and Blogger call the feed of what readers say; a column may be called 评论 as well.
_COMMENTS: Final = re.compile(r"[/=]comments(?=[-/?&]|\Z)", re.IGNORECASE)
_COMMENTS_TITLE: Final = re.compile(r"评论\s*feed|comments\s+feed", re.IGNORECASE)
_FORMAT: Final = re.compile(r"(?<![^\W_])(?:rss2?|atom|rdf|json|xml)(?![^\W_])", re.IGNORECASE)
_FEED_TYPES: Final[frozenset[str]] = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)


def read_binary(body: bytes) -> Reading | None:
    """Say that a body is a file and no text, None where it may be text."""
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return Reading(outcome=Outcome.NOT_A_FEED, reason=f"返回内容是{name}，不是信息列表。")
    head = body[:4096]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if controls * 10 > len(head) and not is_wide(head):
        return Reading(outcome=Outcome.NOT_A_FEED, reason="返回内容是二进制数据，不是信息列表。")
    return None


def read_page(answer: Answer, text: str) -> Reading:
    """Read a page that is no feed; ``feed_urls`` are the lists that it names: one feed of each, none of comments."""
    head = text[:_HEAD]
    tree = _tree(head)
    title = " ".join((tree.findtext(".//title") or "").split()) if tree is not None else ""
    seen = plain(head)
    notice = f"{title}\n{seen}" if len(seen) <= _NOTICE else title
    feeds = _feeds(tree, answer.url)
    if found := _GONE.search(notice):
        return Reading(outcome=Outcome.GONE, reason=f"来源提示“{found[0]}”，账号已不可访问。")
    if found := _BLOCKED.search(notice):
        return Reading(
            outcome=Outcome.BLOCKED,
            reason=f"返回的是验证或登录页面（“{found[0]}”），未能取得信息列表。",
            feed_urls=feeds,
        )
    if len(seen) <= _NOTICE and not feeds and (found := _GATES.search(head)):
        reason = f"返回的是防护系统的验证脚本（{found[0]}），未能取得信息列表。"
        return Reading(outcome=Outcome.BLOCKED, reason=reason)
    return Reading(outcome=Outcome.NOT_A_FEED, reason=_what(head, seen, title, feeds), feed_urls=feeds)


def _what(head: str, seen: str, title: str, feeds: tuple[str, ...]) -> str:
    if feeds:
        return f"返回的是网页，不是信息列表；网页中列有{len(feeds)}个订阅地址。"
    if not re.search(r"<[A-Za-z!?]", head):
        return "返回内容是纯文本，不是信息列表。"
    if not seen:
        return "返回的网页没有正文（可能由脚本生成），不是信息列表。"
    return f"返回的是网页“{title[:40]}”，不是信息列表。" if title else "返回的是网页或其他文档，不是信息列表。"


def _tree(text: str) -> etree._Element | None:
    try:
        return html.document_fromstring(text) if text.strip() else None
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _feeds(tree: etree._Element | None, url: str) -> tuple[str, ...]:
    if tree is None:
        return ()
    own = tree.find(".//base")
    base = absolute(own.get("href") or "", url) if own is not None else ""
    lists: dict[str, str] = {}
    for address in _alternates(tree, base or url):
        lists.setdefault(_list_of(address), address)
    return tuple(lists.values())[:_MOST_FEEDS]


def _list_of(address: str) -> str:
    """Return a feed's address without its format: /feed/ and /feed/atom/, or rss.xml and atom.xml, are one list."""
    return re.sub(r"(?<=feed)/~$", "", _FORMAT.sub("~", normal_link(address)).rstrip("/"))


def _alternates(tree: etree._Element, base: str) -> Iterator[str]:
    for link in tree.iter("link"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if kind in _FEED_TYPES and "alternate" in (link.get("rel") or "").lower().split():
            address = absolute(link.get("href") or "", base)
            comments = _COMMENTS.search(address) or _COMMENTS_TITLE.search(link.get("title") or "")
            if is_web(address) and not comments:
                yield address


_CODES: Final = ("ret", "code", "errcode", "errno", "status", "error_code", "err_code")
_COUNTS: Final = ("msg_count", "item_count", "total_count", "total", "count", "app_msg_cnt")


def read_answer(said: object) -> Reading:
    """Read a JSON answer that is no feed: a refusal, a success that holds nothing, or something else."""
    if isinstance(said, Mapping):
        if said.get("ok") in {-100, "-100"} or _is_refusal(said):
            return Reading(
                outcome=Outcome.BLOCKED, reason="接口拒绝访问（要求登录、验证或限制频率），未能取得信息列表。"
            )
        if found := _GONE.search(_message(said)):
            return Reading(outcome=Outcome.GONE, reason=f"来源提示“{found[0]}”，账号已不可访问。")
        if _succeeds(said) and _holds_nothing(said):
            return Reading(outcome=Outcome.EMPTY, reason="接口返回成功，但没有任何信息。")
    elif said == []:
        return Reading(outcome=Outcome.EMPTY, reason="接口返回成功，但没有任何信息。")
    return Reading(outcome=Outcome.NOT_A_FEED, reason="返回的是JSON数据，但不是信息列表。")


def _message(said: Mapping[str, object]) -> str:
    inner = said.get("base_resp")
    fields = [said, inner] if isinstance(inner, Mapping) else [said]
    names = ("errmsg", "err_msg", "msg", "message", "error", "error_msg", "description", "title")
    return "\n".join(str(each[name]) for each in fields for name in names if isinstance(each.get(name), str))


def _is_refusal(said: Mapping[str, object]) -> bool:
    wanted = r"invalid session|freq control|not login|need login|unauthorized|forbidden|too many|rate limit|登录已过期"
    message = _message(said)
    return bool(_BLOCKED.search(message) or re.search(wanted, message, re.IGNORECASE))


def _succeeds(said: Mapping[str, object]) -> bool:
    codes = [said[name] for name in _CODES if name in said]
    if codes:
        return all(code in {0, "0", 200, "200", "ok", "success"} for code in codes if isinstance(code, int | str))
    return said.get("ok", 1) == 1 and not _message(said)


def _holds_nothing(said: Mapping[str, object]) -> bool:
    counts = [said[name] for name in _COUNTS if name in said]
    lists = [each for each in said.values() if isinstance(each, list)]
    inner = [each for each in said.values() if isinstance(each, Mapping)]
    if any(lists) or any(count not in {0, "0"} for count in counts if isinstance(count, int | str)):
        return False
    return bool(counts or lists) or any(not each or _holds_nothing(each) for each in inner) or "data" in said
