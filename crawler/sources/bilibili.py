"""Reads what api.bilibili.com answers for the dynamics of one account's space."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final
from urllib.parse import urlsplit

from crawler.sources.bilibili_dynamic import (
    author_of,
    dates_of,
    is_pinned,
    modules_of,
    moment_of,
    name_of,
    shows_video,
    words_of,
)
from crawler.sources.fields import asked, asking, list_of, object_of, said_yes, text_of
from crawler.sources.values import Reading
from crawler.sources.wire import Entry, Wire
from monitor.values import Mark, PostKind
from monitor.visits import Outcome

_MOST: Final = 10_000
_NUMBER: Final = re.compile(r"\d{6,20}")
_WHOLE: Final = re.compile(r"/x/polymer/web-dynamic/(?:desktop/)?v1/feed/space")
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

_Fields = Mapping[str, object]


def read_bilibili(said: object, url: str = "") -> Wire | Reading | None:
    """Read the dynamics of a space that was asked at ``url``, None where ``said`` is something else.

    A dynamic that cannot be looked into damages the list, and so do those that are folded below another. Those of other
    accounts are left out; one that may be a work of several accounts damages the list too.
    """
    if not isinstance(said, Mapping) or text_of(said, "code") == "":
        return None
    data = object_of(said, "data")
    items = list_of(data, "items")
    if text_of(said, "code") == "0" and items and any("modules" in each for each in items if isinstance(each, Mapping)):
        return _wire(data, items, url)
    return _refused(said, data, url)


def _wire(data: _Fields, items: Sequence[object], url: str) -> Wire:
    owner, following = asked(url, "host_mid") or _most_common(items), _next_page(data, url)
    kinds = [_what(item, owner) for item in items[:_MOST]]
    oldest = _oldest(items, kinds)
    entries: list[Entry] = []
    counted: Counter[str] = Counter(folded=_folded(items), hole=max(len(items) - _MOST, 0))
    account = ""
    for item, what in zip(items, kinds, strict=False):
        within = what == "joint" and not following and moment_of(item) < oldest
        counted["other" if within else what] += 1
        if what == "own" and isinstance(item, Mapping):
            account = account or name_of(item)
            entries.append(_entry(item))
    return Wire(
        entries=tuple(entries),
        damaged=counted["hole"] + counted["folded"] + counted["joint"] > 0,
        warnings=tuple(_warnings(counted)),
        account=account,
        next_page=following,
        unproving=_partial(url),
    )


def _next_page(data: _Fields, url: str) -> str:
    offset = text_of(data, "offset")
    further = said_yes(data, "has_more") and offset not in {"", asked(url, "offset")}
    return asking(url, offset=offset) if further else ""


def _partial(url: str) -> str:
    """Return why an answer is only some of an account's dynamics by what was asked, "" where it is all of them."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    ours = (parts.hostname or "").endswith("bilibili.com")
    if not ours or (_WHOLE.fullmatch(parts.path) and asked(url, "type") in {"", "all"}):
        return ""
    return "采集地址只列出部分动态（如搜索结果、图文），请登记 https://space.bilibili.com/ 加账号的数字编号（UID）"


def _warnings(counted: Mapping[str, int]) -> Iterator[str]:
    if holes := counted["hole"]:
        yield f"列表中有{holes}条动态无法读出，本次采集不能证明没有更新"
    if folded := counted["folded"]:
        yield f"列表中有{folded}处折叠了未列出的动态，本次采集不能证明没有更新"
    if joint := counted["joint"]:
        yield f"列表中有{joint}条其他账号的作品（可能是联合投稿），未计入，本次采集不能证明没有更新"
    if others := counted["other"]:
        yield f"列表中有{others}条其他账号的动态，未计入"


def _what(item: object, owner: str) -> str:
    """Say what an item of the list is: a dynamic of its owner, a work of another, another's forward, or a hole."""
    if not isinstance(item, Mapping) or not _NUMBER.fullmatch(text_of(item, "id_str")):
        return "hole"
    author = object_of(modules_of(item), "module_author")
    if not author or item.get("visible") is False or text_of(item, "type") == "DYNAMIC_TYPE_NONE":
        return "hole"
    if author_of(item) in {"", owner}:
        return "own"
    return "other" if text_of(item, "type") == "DYNAMIC_TYPE_FORWARD" else "joint"


def _folded(items: Sequence[object]) -> int:
    """Count the places where dynamics are folded away (展开2条相关动态) that the list does not hold."""
    listed = {text_of(item, "id_str") for item in items}
    folds = [object_of(modules_of(item), "module_fold") for item in items]
    return sum(not _is_listed(fold, listed) for fold in folds if fold)


def _is_listed(fold: _Fields, listed: AbstractSet[str]) -> bool:
    ids = list_of(fold, "ids") or []
    named = {text_of({"id": each}, "id") for each in ids}
    return named <= listed if named else not text_of(fold, "statement")


def _oldest(items: Sequence[object], kinds: Sequence[str]) -> int:
    """Return the moment of the account's oldest dynamic, 0 where one has none."""
    own = (item for item, kind in zip(items, kinds, strict=False) if kind == "own")
    return min((moment_of(item) for item in own if not is_pinned(item)), default=0)


def _most_common(items: Sequence[object]) -> str:
    counted = Counter(mid for mid in map(author_of, items) if mid)
    return counted.most_common(1)[0][0] if counted else ""


def _entry(item: _Fields) -> Entry:
    number = text_of(item, "id_str")
    title, text = words_of(item)
    forwarded = "orig" in item or text_of(item, "type") == "DYNAMIC_TYPE_FORWARD"
    return Entry(
        link=f"https://t.bilibili.com/{number}",
        title=title,
        text=text,
        dates=tuple(dates_of(item)),
        publisher=name_of(object_of(item, "orig")),
        kind=PostKind.VIDEO if shows_video(item) else PostKind.ARTICLE,
        key=f"bilibili:{number}",
        mark=Mark.REPOST if forwarded else Mark.NONE,
        pinned=is_pinned(item),
    )


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
    if text_of(data, "v_voucher"):
        reason = "哔哩哔哩要求验证（风控校验），未能取得信息列表。"
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
