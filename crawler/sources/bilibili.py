"""Reads what api.bilibili.com answers for the dynamics of one account's space."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from crawler.sources.fields import asked, asking, list_of, object_of, said_yes, text_of
from crawler.sources.plain import plain, plain_line
from crawler.sources.values import Reading
from crawler.sources.wire import Entry, Wire, longer
from monitor.values import Mark, PostKind
from monitor.visits import Outcome

_MOST: Final = 10_000
_NUMBER: Final = re.compile(r"\d{6,20}")
_SPACE: Final = re.compile(r"/x/(?:polymer/web-dynamic|space)/|/dynamic_svr/")
_BLOCKED: Final[Mapping[str, str]] = {
    "-101": "要求登录",
    "-111": "校验失败",
    "-352": "风控校验失败",
    "-401": "要求验证",
    "-403": "访问权限不足",
    "-412": "请求被拦截",
    "-509": "请求过于频繁",
    "-799": "请求过于频繁",
}
_GONE: Final = re.compile(r"用户不存在|(?:账号|帐号)(?:已|已被)?(?:注销|封禁|停用)")
_VIDEOS: Final = ("archive", "ugc_season", "pgc", "live_rcmd", "live", "courses")
_TITLED: Final = (*_VIDEOS, "opus", "article", "common", "music", "medialist")

_Fields = Mapping[str, object]


def read_bilibili(said: object, url: str = "") -> Wire | Reading | None:
    """Read the dynamics of a space that was asked at ``url``, None where ``said`` is something else.

    A dynamic that cannot be looked into damages the list; those of other accounts are left out.
    """
    if not isinstance(said, Mapping) or text_of(said, "code") == "":
        return None
    data = object_of(said, "data")
    items = list_of(data, "items")
    if text_of(said, "code") == "0" and items and any("modules" in each for each in items if isinstance(each, Mapping)):
        return _wire(data, items, url)
    return _refused(said, data, url)


def _wire(data: _Fields, items: Sequence[object], url: str) -> Wire:
    owner = asked(url, "host_mid") or _most_common(items)
    entries: list[Entry] = []
    counted: Counter[str] = Counter()
    account = ""
    for item in items[:_MOST]:
        what = _what(item, owner)
        counted[what] += 1
        if what == "own" and isinstance(item, Mapping):
            account = account or _name(item)
            entries.append(_entry(item))
    counted["hole"] += max(len(items) - _MOST, 0)
    offset = text_of(data, "offset")
    further = said_yes(data, "has_more") and offset not in {"", asked(url, "offset")}
    return Wire(
        entries=tuple(entries),
        damaged=counted["hole"] > 0,
        warnings=tuple(_warnings(counted)),
        account=account,
        next_page=asking(url, offset=offset) if further else "",
    )


def _warnings(counted: Mapping[str, int]) -> Iterator[str]:
    if holes := counted["hole"]:
        yield f"列表中有{holes}条动态无法读出，本次采集不能证明没有更新"
    if others := counted["other"]:
        yield f"列表中有{others}条其他账号的动态，未计入"


def _what(item: object, owner: str) -> str:
    """Say what an item of the list is: a dynamic of its owner, another's, or a hole."""
    if not isinstance(item, Mapping) or not _NUMBER.fullmatch(text_of(item, "id_str")):
        return "hole"
    author = object_of(item, "modules", "module_author")
    if not author or item.get("visible") is False:
        return "hole"
    return "own" if text_of(author, "mid") in {"", owner} else "other"


def _most_common(items: Sequence[object]) -> str:
    mids = [text_of(object_of(each, "modules", "module_author"), "mid") for each in items]
    counted = Counter(mid for mid in mids if mid)
    return counted.most_common(1)[0][0] if counted else ""


def _name(item: _Fields) -> str:
    return text_of(object_of(item, "modules", "module_author"), "name")


def _entry(item: _Fields) -> Entry:
    number = text_of(item, "id_str")
    title, text = _words(item)
    forwarded = "orig" in item or text_of(item, "type") == "DYNAMIC_TYPE_FORWARD"
    tag = object_of(item, "modules", "module_tag")
    return Entry(
        link=f"https://t.bilibili.com/{number}",
        title=title,
        text=text,
        dates=tuple(_dates(object_of(item, "modules", "module_author"))),
        publisher=_name(object_of(item, "orig")),
        kind=PostKind.VIDEO if _shows_video(item) else PostKind.ARTICLE,
        key=f"bilibili:{number}",
        mark=Mark.REPOST if forwarded else Mark.NONE,
        pinned="置顶" in text_of(tag, "text"),
    )


def _dates(author: _Fields) -> Iterator[str]:
    """Give the moment; what is written for people (昨天 16:00) only where there is none."""
    stamp = text_of(author, "pub_ts")
    if stamp not in {"", "0"}:
        yield stamp
    elif written := text_of(author, "pub_time"):
        yield written


def _words(item: _Fields) -> tuple[str, str]:
    """Return title and text; a dynamic that is only words has no title."""
    dynamic = object_of(item, "modules", "module_dynamic")
    major = object_of(dynamic, "major")
    shown = next((shown for name in _TITLED if (shown := object_of(major, name))), {})
    title = text_of(shown, "title") or text_of(_live(major), "title")
    texts = (
        text_of(object_of(dynamic, "desc"), "text"),
        text_of(object_of(shown, "summary"), "text"),
        text_of(shown, "desc"),
    )
    return plain_line(title, is_markup=False), longer(plain(text) for text in texts)


def _live(major: _Fields) -> _Fields:
    """Return what a notice of a live broadcast says: JSON within a string."""
    content = text_of(object_of(major, "live_rcmd"), "content")
    try:
        return object_of(json.loads(content), "live_play_info") if content else {}
    except (ValueError, RecursionError):
        return {}


def _shows_video(item: _Fields) -> bool:
    major = object_of(item, "modules", "module_dynamic", "major")
    return any(name in major for name in _VIDEOS)


def _refused(said: _Fields, data: _Fields, url: str) -> Reading | None:
    """Return what an answer without dynamics says, None where it is nothing of the kind."""
    code = text_of(said, "code")
    message = text_of(said, "message") or text_of(said, "msg")
    quoted = f"（“{message[:40]}”）" if message not in {"", "0", "OK"} else ""
    if not _is_space(data, url):
        known = code in {"-352", "-412", "-799"} and "ttl" in said
        if not known:
            return None
    if _GONE.search(message) or code == "-404":
        return Reading(outcome=Outcome.GONE, reason=f"哔哩哔哩提示账号不存在或已停用{quoted}。")
    if code in _BLOCKED:
        reason = f"哔哩哔哩拒绝访问：{_BLOCKED[code]}（代码 {code}），未能取得信息列表。"
        return Reading(outcome=Outcome.BLOCKED, reason=reason)
    if code == "0":
        reason = "哔哩哔哩返回成功，但列表中没有任何动态，不能证明没有更新。"
        return Reading(outcome=Outcome.EMPTY, reason=reason)
    return Reading(outcome=Outcome.NOT_A_FEED, reason=f"哔哩哔哩没有返回信息列表，代码 {code}{quoted}。")


def _is_space(data: _Fields, url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    ours = host.endswith("bilibili.com") and _SPACE.search(parts.path) is not None
    return ours or {"has_more", "offset", "items"} <= data.keys()
