"""The cards of Weibo's answers: whose list they are, which of them are statuses, and which hide one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from crawler.sources.fields import asked, list_of, object_of, text_of
from crawler.sources.weibo_status import number_of, user_of

_MOST: Final = 10_000
_DEEPEST: Final = 4  # groups of cards within groups
_DEEPEST_FIELD: Final = 8
_NAMED: Final = frozenset({"mblog", "mblogs", "mblog_id", "mblogid", "mblog_ids"})
_ADDRESSES: Final = frozenset({"scheme", "openurl", "target_url", "link", "url", "page_url"})
_STATUS: Final = re.compile(
    r"(?:weibo\.(?:cn|com)/(?:status|detail|statuses)/|sinaweibo://detail\b|[?&]mblog_?id=|weibo\.com/\d{5,12}/[A-Za-z0-9]{9,})"
)
_FOLDED: Final = re.compile(
    r"(?:展开|收起|折叠|隐藏)[^。\n]{0,12}(?:条|微博|动态|博文)|[已被]折叠|(?:条|微博|动态|博文)[^。\n]{0,4}(?:折叠|隐藏)"
    r"|(?:还有|剩余|其余)\s*\d+\s*条"
)
_LONGEST_CAPTION: Final = 60
_CONTAINER: Final = re.compile(r"(?:107603|230413|230283|231567|100505|100206)(\d{5,12})")
_WHOLE: Final = re.compile(
    r"107603\d{5,12}(?:_-_WEIBO_SECOND_PROFILE_(?:MORE_)?WEIBO)?|230413\d{5,12}_-_WEIBO_SECOND_PROFILE_(?:MORE_)?WEIBO"
)
_CHOOSING: Final = (
    *("feature", "q", "key_word", "is_ori", "hasori"),
    *("haspic", "hasvideo", "hasmusic", "starttime", "endtime"),
)
_PARTIAL: Final = "采集地址只列出部分微博（如原创、视频、搜索结果），请登记账号主页 https://weibo.com/u/ 加数字编号"
_PEOPLE: Final = frozenset({"user", "users"})

_Status = Mapping[str, object]


def statuses_of(data: _Status) -> Iterator[_Status | None]:
    """Give the statuses of an answer in its order, None for each card that cannot be looked into or hides one."""
    cards = list_of(data, "cards")
    if cards is not None:
        yield from _unfolded(cards[:_MOST], 0)
        yield from (None for _ in cards[_MOST:])
        return
    listed = list_of(data, "list") or []
    if any(text_of(each, "mblogid") for each in listed):  # weibo.com has no cards
        for each in listed[:_MOST]:
            yield each if isinstance(each, Mapping) and number_of(each) else None
        yield from (None for _ in listed[_MOST:])


def owner_of(data: _Status, statuses: Sequence[_Status | None], url: str) -> str:
    """Return the account's number: that which was asked for, that of the container, or of most statuses."""
    for container in (asked(url, "containerid"), text_of(object_of(data, "cardlistInfo"), "containerid")):
        if found := _CONTAINER.match(container):
            return found[1]
    if (said := asked(url, "uid")).isdigit():
        return said
    counted = Counter(user_of(each) for each in statuses if each is not None and user_of(each))
    return counted.most_common(1)[0][0] if counted else ""


def partial(data: _Status, url: str) -> str:
    """Return why an answer is only some of an account's statuses by what was asked, "" where it is all of them."""
    container = text_of(object_of(data, "cardlistInfo"), "containerid") or asked(url, "containerid")
    some = container and _WHOLE.fullmatch(container) is None
    chosen = any(asked(url, name) not in {"", "0"} for name in _CHOOSING)
    return _PARTIAL if some or chosen else ""


def _unfolded(cards: Sequence[object], depth: int) -> Iterator[_Status | None]:
    for card in cards:
        group = list_of(card, "card_group")
        if not isinstance(card, Mapping):
            yield None
            continue
        if "mblog" in card or text_of(card, "card_type") == "9":
            status = object_of(card, "mblog")
            yield status if number_of(status) else None
        elif _hides({name: value for name, value in card.items() if name != "card_group" or group is None}, 0):
            yield None
        if group is not None:
            yield from _unfolded(group, depth + 1) if depth < _DEEPEST else (None,)


def _hides(held: object, depth: int) -> bool:
    """Say whether a card that is no status names one, or says that some are folded away."""
    if depth > _DEEPEST_FIELD:
        return True
    if isinstance(held, list):
        return any(_hides(each, depth + 1) for each in held)
    if not isinstance(held, Mapping) or _is_advert(held):
        return False
    of_people = bool(_PEOPLE & held.keys())
    return any(
        _says(name, value, captions=not of_people) or _hides(value, depth + 1)
        for name, value in held.items()
        if name not in _PEOPLE
    )


def _says(name: object, value: object, *, captions: bool) -> bool:
    if name in _NAMED:
        return value not in ("", 0, None, False, [], {})
    if not isinstance(value, str):
        return False
    if name in _ADDRESSES:
        return _STATUS.search(value) is not None
    return captions and len(value) <= _LONGEST_CAPTION and _FOLDED.search(value) is not None


def _is_advert(card: Mapping[object, object]) -> bool:
    return bool(card.get("promotion")) or text_of(card, "is_ad") == "1" or text_of(card, "mblogtype") == "1"
