"""Kinds of source: which there are, which one an address is of, and which address is really asked."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from crawler.sources.fields import asking, without

KINDS: Final[tuple[str, ...]] = (
    *("feed", "page", "wechat_article", "wechat_album", "wechat_list"),
    *("weibo", "bilibili", "report"),
)
"""The kinds that can be read; one that an address does not tell is seen from its first answer."""

SEES: Final[Mapping[str, tuple[str, ...]]] = {"wechat_list": ("群发",)}
"""The kinds of post that a kind of source can show at all, where that is not every one."""

_CURE: Final = "请登记该账号的订阅源（RSS）地址，或者由单位按月自查上报（report）"
_UNSUPPORTED: Final[Mapping[str, str]] = {
    "wechat": (
        "微信公众号没有统一的公开列表，请写明是 wechat_article（文章）、wechat_album（专辑）、"
        "wechat_list（推送列表）还是 feed（订阅源）"
    ),
    "channels": f"微信视频号没有不登录就能查看的公开列表，{_CURE}",
    "toutiao": f"今日头条的账号主页由脚本生成，要带签名才能取得列表，没有可靠的公开列表可读，{_CURE}",
    "douyin": f"抖音的账号主页要通过验证并带签名才能取得列表，没有可靠的公开列表可读，{_CURE}",
    "kuaishou": f"快手的账号主页要登录或通过验证才能取得列表，没有可靠的公开列表可读，{_CURE}",
    "xiaohongshu": f"小红书的账号主页要登录才能取得列表，没有可靠的公开列表可读，{_CURE}",
    "baijiahao": f"百家号的账号主页由脚本生成并要求通过验证，没有可靠的公开列表可读，{_CURE}",
}
PLANNED: Final[tuple[str, ...]] = tuple(_UNSUPPORTED)
"""Names of kinds that people write and that cannot be read, honestly: ``unsupported`` says why."""

_WEIBO_HOSTS: Final[frozenset[str]] = frozenset({"m.weibo.cn", "weibo.cn", "weibo.com", "www.weibo.com"})
_WEIBO_ACCOUNT: Final = re.compile(
    r"/(?:(?:u|profile)/(?P<uid>\d{1,12})|(?:p/(?:100505|100206|100306|100406|107603))?(?P<bare>[1-9]\d{4,11}))"
    r"(?:/(?:home|profile)?)?"
)
_WEIBO_STATUS: Final = re.compile(r"/(?:status|detail|statuses|u?/?\d{5,12})/(?P<id>\d{16,20}|[A-Za-z0-9]{9,11})/?")
_WEIBO_PATHS: Final = re.compile(r"/(?:api/container/getIndex|statuses/(?:show|extend)|ajax/.*|p/.*)")
_CONTAINER: Final = "https://m.weibo.cn/api/container/getIndex?type=uid&value={uid}&containerid=107603{uid}"
_STATUS: Final = "https://m.weibo.cn/statuses/show?id={id}"
_SPACE: Final = re.compile(r"/(?:space/)?(?P<uid>[1-9]\d{0,18})(?:/.*)?")
_SPACE_HOSTS: Final[frozenset[str]] = frozenset({"space.bilibili.com", "m.bilibili.com"})
_DYNAMICS: Final = "https://api.bilibili.com/x/polymer/web-dynamic/v1/feed/space?host_mid={uid}"
_BARRED: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"(?:.+\.)?toutiao\.com"), "toutiao"),
    (re.compile(r"(?:.+\.)?(?:douyin|iesdouyin)\.com"), "douyin"),
    (re.compile(r"(?:.+\.)?(?:kuaishou|chenzhongtech|gifshow)\.com"), "kuaishou"),
    (re.compile(r"(?:.+\.)?(?:xiaohongshu|xhslink)\.com"), "xiaohongshu"),
    (re.compile(r"(?:author|baijiahao)\.baidu\.com|mbd\.baidu\.com"), "baijiahao"),
    (re.compile(r"channels\.weixin\.qq\.com"), "channels"),
)


def unsupported(kind: str) -> str:
    """Return in Chinese why sources of ``kind`` cannot be read, "" where they can or the name means nothing."""
    return _UNSUPPORTED.get(kind, "")


def kind_of(url: str) -> str:
    """Return the kind that an address tells by itself, "" where its first answer must be seen.

    A report is never told by its address: a spreadsheet on a site may be anything.
    """
    parts = _split(url)
    if parts is None:
        return ""
    host, path = _host(parts), parts.path
    if host == "mp.weixin.qq.com":
        return _wechat_kind(path)
    if host in _WEIBO_HOSTS:
        return "weibo" if _WEIBO_ACCOUNT.fullmatch(path) or _WEIBO_PATHS.fullmatch(path) else ""
    if host in _SPACE_HOSTS and _SPACE.fullmatch(path):
        return "bilibili"
    is_dynamics = host == "api.bilibili.com" and "/feed/space" in path
    return "bilibili" if is_dynamics else ""


def asked_url(url: str, kind: str) -> str:
    """Return the address that is really asked for a source of ``kind`` ("" : of the kind that the address tells).

    The page of an account becomes the interface that the page itself asks; an address that needs no change, or of which
    no other can be made, stays as it is. One that was copied from a later page of the list is asked from its newest on:
    the list would begin below what is to be seen, and prove that there is none of it.
    """
    kind, parts = kind or kind_of(url), _split(url)
    if parts is None:
        return url
    if kind == "weibo" and _host(parts) in _WEIBO_HOSTS:
        return _asked_weibo(url, parts)
    if kind == "bilibili" and _host(parts) in _SPACE_HOSTS and (found := _SPACE.fullmatch(parts.path)):
        return _DYNAMICS.format(uid=found["uid"])
    if kind == "bilibili" and _host(parts) == "api.bilibili.com":
        return without(url, "offset")
    if kind == "wechat_album" and parts.path == "/mp/appmsgalbum":
        return asking(without(url, "begin_msgid", "begin_itemidx"), action="getalbum", f="json", count="20")
    if kind == "wechat_list" and parts.path == "/mp/profile_ext" and _parameter(parts, "action") == "getmsg":
        return asking(url, f="json", **({"offset": "0"} if _parameter(parts, "offset") else {}))
    return url


def asked_post(url: str) -> str:
    """Return the address that is really asked for the page of one post."""
    parts = _split(url)
    found = _WEIBO_STATUS.fullmatch(parts.path) if parts is not None and _host(parts) in _WEIBO_HOSTS else None
    return _STATUS.format(id=found["id"]) if found else url


def cause(url: str, kind: str) -> str:
    """Return in Chinese why an address cannot be read and what to register in its place, "" where nothing is known."""
    if kind and kind not in KINDS:
        return unsupported(kind)
    parts = _split(url)
    if parts is None:
        return ""
    host = _host(parts)
    barred = next((name for pattern, name in _BARRED if pattern.fullmatch(host)), "")
    if barred and kind in {"", "page"}:
        return unsupported(barred)
    if host in _WEIBO_HOSTS and kind in {"", "weibo", "page"}:
        return _weibo_cause(url, parts)
    if host == "mp.weixin.qq.com" and kind in {"", "page"} and not kind_of(url):
        return "不是文章、专辑或推送列表的地址，请登记文章的永久链接（https://mp.weixin.qq.com/s/…）或专辑的链接"
    if kind == "bilibili" and host.endswith("bilibili.com") and not kind_of(url):
        return "不是账号空间的地址，请登记 https://space.bilibili.com/ 加账号的数字编号（UID）"
    return ""


def _asked_weibo(url: str, parts: SplitResult) -> str:
    if found := _WEIBO_ACCOUNT.fullmatch(parts.path):
        return _CONTAINER.format(uid=found["uid"] or found["bare"])
    container = re.fullmatch(r"(?:107603|100505)([1-9]\d{4,11})", _parameter(parts, "containerid"))
    if container and parts.path.startswith("/p/"):
        return _CONTAINER.format(uid=container[1])
    if parts.path == "/ajax/statuses/mymblog":
        return asking(without(url, "since_id"), page="1") if _parameter(parts, "page") else without(url, "since_id")
    if parts.path == "/api/container/getIndex":
        return without(url, "since_id", "page")
    return asked_post(url)


def _weibo_cause(url: str, parts: SplitResult) -> str:
    if asked_url(url, "weibo") != url and not _WEIBO_STATUS.fullmatch(parts.path):
        return ""
    if _WEIBO_PATHS.fullmatch(parts.path) and not parts.path.startswith("/p/"):
        return ""
    if _WEIBO_STATUS.fullmatch(parts.path):
        return "是一条微博，不是账号的列表，请登记 https://weibo.com/u/ 加账号的数字编号（UID）"
    name = unquote(parts.path).strip("/") or "首页"
    where = "请打开账号主页，从地址栏或“关于”中查到数字编号（UID），登记为 https://weibo.com/u/数字编号"
    return f"中的“{name[:40]}”是自定义名称或其他页面，不能由它得出账号的数字编号，{where}"


def _wechat_kind(path: str) -> str:
    if path == "/s" or path.startswith("/s/"):
        return "wechat_article"
    return {"/mp/appmsgalbum": "wechat_album", "/mp/profile_ext": "wechat_list"}.get(path, "")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        return parts if parts.hostname and parts.scheme in {"http", "https"} else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().rstrip(".")


def _parameter(parts: SplitResult, name: str) -> str:
    try:
        return parse_qs(parts.query).get(name, [""])[0]
    except ValueError:
        return ""
