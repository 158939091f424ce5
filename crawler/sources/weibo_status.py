"""One Weibo status, as containers and its own address show it: what it is, whose, and whether it can be seen at all."""

import re
from collections.abc import Mapping
from typing import Final

from crawler.sources.fields import list_of, object_of, said_yes, text_of
from crawler.sources.keys import platform_key
from crawler.sources.plain import plain
from monitor.values import PostKind

CUT: Final = "全文"
"""How the text of a status ends that its list shows only the beginning of."""

_CUT_END: Final = re.compile(r"[\s.…]*(?:展开|全文)?\Z")
_CUT_SIGNS: Final = (CUT, "展开", "...", "…")
_EMOTICON: Final = re.compile(r"<img\b[^<>]{0,200}?\balt=[\"']?(\[[^\[\]\"'<>]{1,20}\])[^<>]{0,300}>")
_NUMBER: Final = re.compile(r"\d{12,20}")
_SHORT_ID: Final = re.compile(r"[A-Za-z0-9]{9,11}")
_INVITED: Final = re.compile(r"赞过|赞了|推荐|评论过|收藏|热门|感兴趣|广告|\bliked\b", re.IGNORECASE)
_TOGETHER: Final = re.compile(r"共同|联合|合作|共创")
_LONGEST_NOTICE: Final = 80
_NOTICE: Final = re.compile(
    r"\A[\s\"“]*(?:很?抱歉[，,]|[该此]微博|由于)[^\n]{0,60}?(?:不可见|可见|已被[^\n]{0,8}删除|已删除|权限|无法查看|因违规|投诉)"
)


def number_of(status: Mapping[str, object]) -> str:
    """Return the number of a status, also where it states only its short id; "" where it has none."""
    for name in ("mid", "id", "idstr"):
        if _NUMBER.fullmatch(number := text_of(status, name)):
            return number
    for name in ("bid", "mblogid", "id"):
        if _SHORT_ID.fullmatch(short := text_of(status, name)):
            return platform_key(f"https://m.weibo.cn/detail/{short}").removeprefix("weibo:")
    return ""


def user_of(status: Mapping[str, object]) -> str:
    """Return the number of the account whose status it is, "" where it does not say."""
    user = object_of(status, "user")
    return text_of(user, "idstr") or text_of(user, "id")


def name_of(status: Mapping[str, object]) -> str:
    """Return the name of the account whose status it is, "" where it does not say (a deleted one has none)."""
    return text_of(object_of(status, "user"), "screen_name")


def source_of(status: Mapping[str, object]) -> Mapping[str, object] | None:
    """Return the status that it passes on, an empty one where that is gone, None where it passes on none."""
    passed = status.get("retweeted_status")
    if isinstance(passed, Mapping):
        return passed
    return {} if passed else None


def whole_text(status: Mapping[str, object]) -> str:
    """Return the text in plain lines: the long one where the answer holds it, else one that ends with ``CUT``."""
    long = text_of(object_of(status, "longText"), "longTextContent") or text_of(status, "longTextContent")
    if long:
        return _plain(long)
    text = _plain(text_of(status, "text") or text_of(status, "text_raw") or text_of(status, "raw_text"))
    # The page of one status has the same flag and shows the whole text; text_raw does not say that it is cut.
    cut = said_yes(status, "isLongText") and (text.endswith(_CUT_SIGNS) or not text_of(status, "text"))
    return f"{_CUT_END.sub('', text)} ...{CUT}" if cut else text


def _plain(markup: str) -> str:
    """Return what a reader sees; an emoticon is the word in brackets that was typed for it."""
    return plain(_EMOTICON.sub(r"\1", markup))


def kind_of_status(status: Mapping[str, object]) -> PostKind:
    """Return VIDEO where the status shows one of its own."""
    page = object_of(status, "page_info")
    if "video" in {text_of(page, "type"), text_of(page, "object_type")}:
        return PostKind.VIDEO
    media = list_of(object_of(status, "mix_media_info"), "items") or []
    return PostKind.VIDEO if any(text_of(each, "type") == "video" for each in media) else PostKind.ARTICLE


def is_pinned(status: Mapping[str, object]) -> bool:
    """Say whether the account has pinned it (置顶)."""
    return said_yes(status, "isTop") or text_of(status, "mblogtype") == "2" or "置顶" in heading_of(status)


def heading_of(status: Mapping[str, object]) -> str:
    """Return what stands above it in the list or beside its author's name (置顶, 赞过的微博, … 快转了)."""
    heading = text_of(object_of(status, "title"), "text") or text_of(status, "title")
    beside = [text_of(each, "content") for each in list_of(status, "screen_name_suffix_new") or []]
    return " ".join(each for each in (heading, *beside) if each not in {"", name_of(status)})


def is_invited(status: Mapping[str, object]) -> bool:
    """Say whether it is plain why the status of another stands in the list: an advert, liked, recommended."""
    advert = bool(object_of(status, "promotion")) or said_yes(status, "is_ad") or text_of(status, "mblogtype") == "1"
    heading = heading_of(status)
    return advert or (_INVITED.search(heading) is not None and _TOGETHER.search(heading) is None)


def is_limited(status: Mapping[str, object]) -> bool:
    """Say whether it is shown to some only (粉丝可见, 好友圈 …)."""
    return text_of(object_of(status, "visible"), "type") not in {"", "0"}


def is_unseen(status: Mapping[str, object]) -> bool:
    """Say whether a notice stands in its place: deleted, or not to be seen by whoever asked."""
    if said_yes(status, "deleted"):
        return True
    text = whole_text(status)
    return len(text) <= _LONGEST_NOTICE and _NOTICE.match(text) is not None
