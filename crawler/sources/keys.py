"""Gives each entry of a document its stable key, and the keys that weaker rungs would give it."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from monitor.values import Precision, Rung, Stated

# Parameters that say who shared a link or from where. Others may name the post itself, so they stay.
_TRACKING: Final = re.compile(r"utm_\w+|spm|fbclid|gclid|share_token|share_source|mpshare", re.IGNORECASE)
_EMPTY_FRAGMENTS: Final[frozenset[str]] = frozenset({"rd", "wechat_redirect", "top"})
# A site's address typed without its scheme is no path below the feed.
_BARE_HOST: Final = re.compile(r"(?:[\w-]+\.)+(?:cn|com|net|org|gov|edu|info|cc|top|vip|xyz|中国)(?::\d+)?(?=[/?#]|\Z)")
_WECHAT: Final = "mp.weixin.qq.com"
_WEIBO_HOSTS: Final[frozenset[str]] = frozenset({"weibo.com", "www.weibo.com", "m.weibo.cn", "weibo.cn"})
_WEIBO_PATH: Final = re.compile(r"/(?:status|detail|statuses|u?/?\d{5,12})/(?P<id>\d{16,20}|[A-Za-z0-9]{9,11})/?")
_WEIBO_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST_KEY: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What an entry can be known by; ``stated`` is its time as read by itself, before any rule for whole documents."""

    guid: str
    url: str
    title: str
    text: str
    stated: Stated
    key: str = ""  # the platform's own, where the source states it


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An entry's key, the rung that it rests on, and the keys of the other rungs that no other entry has."""

    key: str
    rung: Rung
    other_keys: tuple[str, ...] = ()


def absolute(link: str, base: str) -> str:
    """Resolve ``link`` against ``base``; a link that is no address stays as it is, one escaped twice is unescaped."""
    own = link.strip().replace("&amp;", "&")
    if _BARE_HOST.match(own):
        own = f"//{own}"
    try:
        return urljoin(base, own) if own else ""
    except ValueError:
        return own


def is_web(url: str) -> bool:
    """Say whether ``url`` is an absolute address of the web."""
    parts = _split(url)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def identities(marks: Sequence[Marks], home: str) -> tuple[Identity, ...]:
    """Return the identity of every entry of one document; the same entry listed twice has one key.

    The rungs, strongest first: the platform's own key, unless entries share it that differ in title and in time; the
    guid, unless entries share it; link + published; + title. A link that leads to the site itself (``home``) says
    nothing of one post.

    Source: SOURCES, Feeds and bridges.
    """
    titles = {(each.url, each.title) for each in marks}
    columns = {url for url, count in Counter(url for url, _ in titles).items() if count > 1}
    ladders = [_ladder(each, home, columns) for each in marks]
    # Two entries are one where all that they can be known by is the same; without guid and link the text must be, too.
    distinct = {
        (*ladder.values(), each.text if len(ladder) == 1 else ""): ladder
        for ladder, each in zip(ladders, marks, strict=True)
    }.values()
    counted = Counter(key for ladder in distinct for key in ladder.values())
    shared = {key for key, count in counted.items() if count > 1} - _of_one_post(ladders, marks)
    days = [_day_key(each, home) for each in marks]
    claimed = Counter(key for key, _ in {(key, each.title) for key, each in zip(days, marks, strict=True)})
    return tuple(
        _with_day(_identity(ladder, each, shared), day if claimed[day] == 1 else "")
        for ladder, each, day in zip(ladders, marks, days, strict=True)
    )


def _day_key(marks: Marks, home: str) -> str:
    """Return the key of an address with the month and day that its list states, "" where there is none.

    Only of entries that have nothing better to be known by: their list may begin to write the year, or cease to.
    """
    if marks.key or marks.guid or platform_key(marks.url) or _same_page(marks.url, home) or not marks.url:
        return ""
    if marks.stated.at is None or marks.stated.clock_bound or marks.stated.precision is not Precision.DAY:
        return ""
    noon = marks.stated.at + timedelta(hours=12)  # the start of a local day, east or west: its noon is on that day
    return _short(f"link:{normal_link(marks.url)}@~{noon:%m%d}")


def _with_day(identity: Identity, day: str) -> Identity:
    if not day or day == identity.key or day in identity.other_keys:
        return identity
    return replace(identity, other_keys=(*identity.other_keys, day))


def _of_one_post(ladders: Sequence[Mapping[Rung, str]], marks: Sequence[Marks]) -> set[str]:
    """Return the platform's keys whose entries all have one title or all have one time: they are one post, it says.

    Else two of them have neither in common: two posts that lead to one address.
    """
    titles: dict[str, set[str]] = {}
    times: dict[str, set[datetime | None]] = {}
    for ladder, each in zip(ladders, marks, strict=True):
        if key := ladder.get(Rung.PLATFORM):
            titles.setdefault(key, set()).add(each.title)
            times.setdefault(key, set()).add(each.stated.at)
    return {key for key in titles if len(titles[key]) == 1 or len(times[key]) == 1}


def _ladder(marks: Marks, home: str, columns: set[str]) -> dict[Rung, str]:
    """Return the keys that the rungs give an entry, strongest first, only of rungs that it has.

    ``columns`` are links that several entries of the document share: pages that list posts, where time alone is no key.
    """
    moment = _moment(marks.stated)
    link = "" if _same_page(marks.url, home) else normal_link(marks.url)
    ladder: dict[Rung, str] = {}
    if own := marks.key or platform_key(marks.url) or platform_key(marks.guid):
        ladder[Rung.PLATFORM] = own
    if marks.guid:
        ladder[Rung.GUID] = _short(f"guid:{_plain_guid(marks.guid)}")
    if link:
        if marks.url not in columns:
            ladder[Rung.LINK_TIME] = _short(f"link:{link}@{moment}")
        ladder[Rung.LINK_TIME_TITLE] = _short(f"link:{link}@{moment}#{marks.title}")
    ladder[Rung.TITLE_TIME] = _short(f"title:{marks.title}@{moment}")
    return ladder


def _identity(ladder: Mapping[Rung, str], marks: Marks, shared: set[str]) -> Identity:
    own = {rung: key for rung, key in ladder.items() if key not in shared}
    if own:
        rung, key = next(iter(own.items()))
    else:
        rung, key = Rung.TITLE_TIME, _short(f"{ladder[Rung.TITLE_TIME]}#{_digest(marks.text)}")
    return Identity(key=key, rung=rung, other_keys=tuple(_others(own, rung, marks.stated)))


def _others(own: Mapping[Rung, str], chosen: Rung, stated: Stated) -> list[str]:
    # Two posts of one day may share a title (天气预报): only a title with a moment stands for a post.
    by_title = stated.at is not None and stated.precision is not Precision.DAY and not stated.clock_bound
    return [key for rung, key in own.items() if rung is not chosen and (by_title or rung is not Rung.TITLE_TIME)]


_YEARLESS: Final = re.compile(r"(?<!\d)(?P<month>\d{1,2})\s?(?:[-/.]|月)\s?(?P<day>\d{1,2})(?!\d)")


def _moment(stated: Stated) -> str:
    """Return the stated time for a key: "" where there is none, or where it reads anew at every visit.

    A date without a year reads anew too, but not for a year: its month and day tell the posts of one title apart.
    """
    if stated.at is None:
        return ""
    if stated.clock_bound:
        found = _YEARLESS.search(stated.raw) if stated.form == "m-d" else None
        return f"~{int(found['month']):02d}{int(found['day']):02d}" if found else ""
    return stated.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def platform_key(url: str) -> str:
    """Return the platform's own key in ``url``, "" where there is none: a WeChat article's or a Weibo status's."""
    parts = _split(url)
    if parts is None:
        return ""
    host = (parts.hostname or "").lower()
    if host == _WECHAT:
        return _wechat_key(parts)
    if host in _WEIBO_HOSTS and (found := _WEIBO_PATH.fullmatch(parts.path)):
        return f"weibo:{_weibo_id(found['id'])}"
    return ""


def _wechat_key(parts: SplitResult) -> str:
    query = dict(parse_qsl(parts.query))
    biz, mid = query.get("__biz", ""), query.get("mid") or query.get("appmsgid", "")
    if biz and mid:
        return _short(f"wechat:{biz}:{mid}:{query.get('idx') or query.get('itemidx') or '1'}")
    found = re.fullmatch(r"/s/([\w-]{6,64})", parts.path)
    return f"wechat:s:{found[1]}" if found else ""


def _weibo_id(status: str) -> str:
    """Return a status's number; its short form counts in base 62, four digits for every seven of the number."""
    if status.isdigit() and len(status) > 11:
        return status
    groups = [status[max(end - 4, 0) : end] for end in range(len(status), 0, -4)][::-1]
    first, *rest = [_number(group) for group in groups]
    return str(first) + "".join(f"{number:07d}" for number in rest)


def _number(digits: str) -> int:
    return reduce(lambda number, digit: number * 62 + _WEIBO_DIGITS.index(digit), digits, 0)


def normal_link(url: str) -> str:
    """Return ``url`` for comparing: without scheme, default port, tracking parameters and empty fragments."""
    parts = _split(url)
    if parts is None or not parts.hostname:
        return url
    port = _port(parts)
    query = "&".join(each for each in parts.query.split("&") if not _TRACKING.fullmatch(each.partition("=")[0]))
    fragment = "" if parts.fragment in _EMPTY_FRAGMENTS else parts.fragment
    host = parts.hostname.lower() + (f":{port}" if port not in {None, 80, 443} else "")
    return f"{host}{parts.path or '/'}{'?' + query if query else ''}{'#' + fragment if fragment else ''}"


def _same_page(url: str, home: str) -> bool:
    """Say whether ``url`` is the site's own address, or the root of any site."""
    if not url:
        return True
    parts = _split(url)
    root = (
        parts is not None and parts.path in {"", "/"} and not parts.query and parts.fragment in {"", *_EMPTY_FRAGMENTS}
    )
    return root or (bool(home) and normal_link(url) == normal_link(home))


def _plain_guid(guid: str) -> str:
    """Return a guid without what a move of the site to https changes."""
    return normal_link(guid) if guid.startswith(("http://", "https://")) else guid


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return None


def _short(key: str) -> str:
    return key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 65]}~{_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
