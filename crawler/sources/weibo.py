"""Reads what m.weibo.cn answers: an account's container of cards, and one status by itself."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from crawler.dates import read_date
from crawler.sources.fields import asked, asking, object_of, text_of
from crawler.sources.keys import platform_key
from crawler.sources.plain import plain
from crawler.sources.values import Reading
from crawler.sources.weibo_cards import owner_of, partial, statuses_of
from crawler.sources.weibo_refusals import NO_STATUS, empty, is_weibo, message_of, perhaps_gone, refused
from crawler.sources.weibo_status import (
    heading_of,
    is_invited,
    is_limited,
    is_pinned,
    is_unseen,
    kind_of_status,
    name_of,
    number_of,
    source_of,
    user_of,
    whole_text,
)
from crawler.sources.wire import Entry, Wire
from monitor.credits import read_credits
from monitor.values import Article, Mark
from monitor.visits import Outcome

_NOTICE: Final = 600  # letters of a page that says one thing; a longer one may quote it
_RENDERED: Final = re.compile(r"\$render_data\s*=\s*\[")
_DECODER: Final = json.JSONDecoder()

_Status = Mapping[str, object]


def read_weibo(said: object, url: str = "") -> Wire | Reading | None:
    """Read a container of an account's statuses that was asked at ``url``, None where ``said`` is something else.

    A card that cannot be looked into may hide a status: the list is damaged then. Statuses of others (recommended,
    liked) are left out, and damage it too where nothing says why they stand there: the account may have written one
    together with another. One that the account passed on at a click (快转) bears the other's time and is undated.
    """
    if not isinstance(said, Mapping):
        return None
    data = object_of(said, "data") or said
    statuses = list(statuses_of(data))
    if any(each is not None for each in statuses) and text_of(said, "ok") != "-100":
        return _wire(data, statuses, url, whole=text_of(said, "ok") in {"", "1"})
    if not is_weibo(said, data, url):
        return None
    if refusal := refused(said, data):
        return refusal
    if statuses:
        warning = f"列表中有{len(statuses)}张卡片无法读出"
        return Wire(damaged=True, warnings=(warning,))
    return empty(data)


def read_status(said: object, url: str, at: datetime, zone: tzinfo) -> Reading | None:
    """Read one status as an article: what statuses/show or statuses/extend answers, or its page, as text.

    None where it is nothing of Weibo's. GONE only where the answer says that it was deleted or does not exist.
    """
    if isinstance(said, str):
        page = said
        said = _rendered(page)
        if said is None:
            return perhaps_gone(page) if len(plain(page)) <= _NOTICE else None
    if not isinstance(said, Mapping):
        return None
    inner = object_of(said, "data")
    status = object_of(said, "status") or inner or said
    if text_of(status, "longTextContent") or (number_of(status) and ("text" in status or "text_raw" in status)):
        return _article(status, url, at, zone)
    if not is_weibo(said, inner, url):
        return None
    message = message_of(said, inner)
    if NO_STATUS.search(message):
        return Reading(outcome=Outcome.GONE, reason=f"微博提示“{message[:40]}”，该条微博已删除或不存在。")
    other = Reading(outcome=Outcome.NOT_A_FEED, reason="返回的是微博的其他数据，不是一条微博。")
    return refused(said, inner) or other


def _wire(data: _Status, statuses: Sequence[_Status | None], url: str, *, whole: bool) -> Wire:
    owner, following = owner_of(data, statuses, url), _next_page(data, url)
    kinds = [_what(status, owner) for status in statuses]
    oldest = _oldest(statuses, kinds)
    entries: list[Entry] = []
    counted: Counter[str] = Counter()
    account = ""
    for status, kind in zip(statuses, kinds, strict=True):
        what = kind
        if what == "unasked" and (following or _is_newer(status, oldest)):
            what = "joint"
        counted[what] += 1
        if status is None or what in {"hole", "other", "unasked", "joint"}:
            continue
        if what != "passed":
            account = account or name_of(status)
        entries.append(_passed_on(status) if what == "passed" else _entry(status))
    return Wire(
        entries=tuple(entries),
        damaged=not whole or counted["hole"] + counted["limited"] + counted["joint"] > 0,
        warnings=tuple(_warnings(counted)),
        account=account,
        next_page=following,
        unproving=partial(data, url),
    )


def _what(status: _Status | None, owner: str) -> str:
    """Say what stands in a card: a hole, or a status.

    It is its owner's (own, limited), one passed on, another's with a word why it is shown (other) or without (unasked).
    """
    if status is None:
        return "hole"
    if user_of(status) not in {"", owner}:
        if "快转" in heading_of(status):
            return "passed"
        return "other" if is_invited(status) else "unasked"
    if is_unseen(status):
        return "hole"
    return "limited" if is_limited(status) else "own"


def _oldest(statuses: Sequence[_Status | None], kinds: Sequence[str]) -> int:
    """Return the number of the account's oldest status: numbers grow with time, and need no clock to be compared."""
    own = [each for each, kind in zip(statuses, kinds, strict=True) if kind in {"own", "limited"} and each is not None]
    return min((int(number_of(each)) for each in own if not is_pinned(each)), default=0)


def _is_newer(status: _Status | None, oldest: int) -> bool:
    return status is not None and int(number_of(status)) > oldest


def _warnings(counted: Mapping[str, int]) -> Iterator[str]:
    if holes := counted["hole"]:
        yield f"列表中有{holes}张卡片无法读出，其中可能有信息，本次采集不能证明没有更新"
    if limited := counted["limited"]:
        yield f"列表中有{limited}条微博不对所有人公开，可能还有其他信息未显示，本次采集不能证明没有更新"
    if joint := counted["joint"]:
        yield f"列表中有{joint}条其他账号的微博，没有写明为何列出（可能是联合发布），未计入，本次采集不能证明没有更新"
    if others := counted["other"] + counted["unasked"]:
        yield f"列表中有{others}条其他账号的微博（推荐、赞过等），未计入"
    if passed := counted["passed"]:
        yield f"列表中有{passed}条快转的微博，所标时间是原微博的发布时间，按无发布时间处理"


def _entry(status: _Status) -> Entry:
    number, source = number_of(status), source_of(status)
    return Entry(
        link=f"https://m.weibo.cn/detail/{number}",
        text=whole_text(status),
        dates=tuple(filter(None, (text_of(status, "created_at"),))),
        publisher=name_of(source or {}),
        kind=kind_of_status(status),
        key=f"weibo:{number}",
        mark=Mark.NONE if source is None else Mark.REPOST,
        pinned=is_pinned(status),
    )


def _passed_on(status: _Status) -> Entry:
    number = number_of(status)
    return Entry(
        link=f"https://m.weibo.cn/detail/{number}",
        text=whole_text(status),
        publisher=name_of(status),
        kind=kind_of_status(status),
        key=f"weibo:{number}",
        mark=Mark.REPOST,
    )


def _next_page(data: _Status, url: str) -> str:
    """Return the address of the older statuses; one that would ask for the same again is none."""
    info = object_of(data, "cardlistInfo") or data
    since, page, now = text_of(info, "since_id"), text_of(info, "page"), asked(url, "page")
    if since not in {"", "0", asked(url, "since_id")}:
        # weibo.com counts its pages beside it.
        counted = {"page": str(int(now) + 1)} if "list" in data and re.fullmatch(r"\d{1,6}", now) else {}
        return asking(url, since_id=since, **counted)
    further = re.fullmatch(r"\d{1,6}", page) and int(page) > (int(now) if re.fullmatch(r"\d{1,6}", now) else 1)
    return asking(url, page=page) if further else ""


def _rendered(page: str) -> object:
    """Return what a status's page embeds, None where it embeds nothing."""
    found = _RENDERED.search(page)
    if found is None:
        return None
    try:
        said, _ = _DECODER.raw_decode(page, found.end() - 1)
    except (ValueError, RecursionError):
        return None
    return said[0] if isinstance(said, list) and said else None


def _article(status: _Status, url: str, at: datetime, zone: tzinfo) -> Reading:
    text = whole_text(status)
    if is_unseen(status):
        outcome = Outcome.GONE if NO_STATUS.search(text) else Outcome.BLOCKED
        return Reading(outcome=outcome, reason=f"微博提示“{text[:40]}”。")
    number, source = number_of(status), source_of(status)
    article = Article(
        stated=read_date(text_of(status, "created_at"), at, zone),
        account=name_of(status),
        publisher=name_of(source or {}),
        text=text,
        credits=read_credits(text),
        mark=Mark.NONE if source is None else Mark.REPOST,
        kind=kind_of_status(status),
        key=f"weibo:{number}" if number else platform_key(f"https://m.weibo.cn/detail/{asked(url, 'id')}"),
    )
    return Reading(outcome=Outcome.NEW, article=article)
