"""Recognise the items of a list among the posts that are stored."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from monitor.own_page import is_weak, is_yearless
from monitor.proof import believable
from monitor.titles import same_title
from monitor.values import Flag, Item, Post, Rung
from storage.texts import storable_key

# What an address may differ in and still lead to the same post: its scheme, who shared it, an empty fragment.
_SAME_PLACE = re.compile(
    r"^https?://|(?<=[?&])(?:utm_\w+|spm|fbclid|gclid|share_token|share_source|mpshare)=[^&#]*&?"
    r"|#(?:rd|wechat_redirect|top)?$",
    re.IGNORECASE,
)


# Keys of an address with a time behind it; those of an address alone, or with month and day, are the weakest of all.
_WITH_TIME = re.compile(r"@(?:\d{8}T\d{6}Z)?(?:#|$)")
_WITH_MOMENT = re.compile(r"(?P<place>link:.+)@\d{8}T\d{6}Z(?:#|$)")

_DATED = re.compile(r"\d{4}|\d{1,2}\s*[-/.月]\s*\d{1,2}")  # what no relative time (昨天, 3小时前) has
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A post as it stands in the database, with what only storage knows of it."""

    post_id: int
    post: Post
    source_id: int
    known_from: datetime
    text_hash: str


def once(items: Iterable[Item]) -> dict[str, Item]:
    """Return the items by key, the first of those that share one."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.key, item)
    return found


def with_day_key(item: Item, zone: tzinfo) -> Item:
    """Return an item that is known by its link and time with the key of link, month and day in ``zone`` as well.

    So a list that begins to write the minute, and a report of the post, lead to the post all the same.
    """
    found = _WITH_MOMENT.match(item.key)
    if found is None or item.stated.at is None or item.stated.clock_bound:
        return item
    key = f"{found['place']}@~{_day(item.stated.at, zone):%m%d}"
    return item if key in item.other_keys else replace(item, other_keys=(*item.other_keys, key))


def match(
    seen: Mapping[str, Item], known: Mapping[str, Stored], zone: tzinfo
) -> list[tuple[Item, list[str], Stored | None]]:
    """Return for each item the keys that are its alone, and the stored post that it is.

    A post is recognised by its own key first. Then by any other key, if no other item of the same list has that key
    and no other item is that post: two entries of one list are two posts. The address alone, or with a month and a day,
    comes last of all, and tells only together with title and day of ``zone``: a page may carry another post every day
    (天气预报).
    """
    claims = Counter(key for item in seen.values() for key in {*item.other_keys} - {item.key})
    found = {key: known[key] for key in seen if key in known and known[key].post.key == key}
    taken = {stored.post_id for stored in found.values()}
    keys = {
        key: [key, *(each for each in dict.fromkeys(item.other_keys) if claims[each] == 1 and each not in seen)]
        for key, item in seen.items()
    }
    for is_last in (False, True):
        for key, item in seen.items():
            if key in found:
                continue
            candidates = (known[each] for each in keys[key] if each in known and _is_weak_key(each) is is_last)
            is_one = (each for each in candidates if not is_last or _is_same_post(item, each.post, zone))
            stored = next((each for each in is_one if each.post_id not in taken), None)
            if stored is not None:
                found[key] = stored
                taken.add(stored.post_id)
    return [(item, keys[key], found.get(key)) for key, item in seen.items()]


def _is_weak_key(key: str) -> bool:
    """Say whether a key is an address alone, or one with a month and a day."""
    return key.startswith("link:") and _WITH_TIME.search(key) is None


def _is_same_post(item: Item, post: Post, zone: tzinfo) -> bool:
    """Say whether an item at a post's address is that post: by its title, and its day where both state one."""
    if not same_title(item.title, post.title):
        return False
    if post.published_at is None or (item.stated.raw != "" and item.stated.raw == post.stated):
        return True
    if item.stated.at is None:
        return False
    day = _day(item.stated.at, zone)
    days = {_day(each, zone) for each in (post.published_at, *post.other_times)}
    if is_yearless(item.stated.raw) or is_yearless(post.stated):
        return (day.month, day.day) in {(each.month, each.day) for each in days}
    apart = _ONE_DAY if _is_relative(item.stated.raw) or _is_relative(post.stated) else timedelta(0)
    return any(abs(day - each) <= apart for each in days)


def _is_relative(raw: str) -> bool:
    """Say whether a time, as it stood, is told from the moment of reading, which may put it on the next day."""
    return raw != "" and _DATED.search(raw) is None


def renamed(seen: Mapping[str, Item], known: Mapping[str, Stored]) -> dict[str, Item]:
    """Return the items by the key that each goes by, those whose guid was used again by another one.

    A guid that leads to a post with another link, another title and another time is that post's alone (it counts
    places in a list, or two sources of an account count alike): the item goes by the next of its own keys that no
    other item has. The guid together with the link is the last of them, by which the post is found even where the
    source dates it anew at every poll.

    Source: SOURCES, Feeds and bridges.
    """
    used = {
        key: another
        for key, item in seen.items()
        if (another := {each for each in (key, *item.other_keys) if _is_anothers(each, item, known)})
    }
    if not used:
        return dict(seen)
    claims = Counter(key for item in seen.values() for key in {*item.other_keys} - {item.key})
    shared = {*seen, *(key for key, count in claims.items() if count > 1)}
    found = (_without(used[key], item, shared) if key in used else item for key, item in seen.items())
    return {item.key: item for item in found}


def _without(another: set[str], item: Item, shared: set[str]) -> Item:
    """Return an item without the keys that are another post's."""
    own = tuple(each for each in item.other_keys if each not in another)
    if item.key not in another:
        return replace(item, other_keys=own)
    last = storable_key(f"{item.key}>{place(item.url) or item.title}")
    bare = [each for each in own if _is_weak_key(each)]  # never a post's own key: another may stand there tomorrow
    key, *rest = *(each for each in dict.fromkeys(own) if each not in {*shared, *bare}), last
    return replace(item, key=key, rung=_rung(key, item), other_keys=(*rest, *bare))


def _is_anothers(key: str, item: Item, known: Mapping[str, Stored]) -> bool:
    """Say whether ``key`` is a guid that a known post has with which the item agrees in nothing else."""
    stored = known.get(key)
    if stored is None or not (key.startswith("guid:") or (key == item.key and item.rung is Rung.GUID)):
        return False
    post, at = stored.post, item.stated.at
    return (
        item.title not in {"", post.title}
        and post.title != ""
        and at is not None
        and item.stated.raw != post.stated
        and post.published_at is not None
        and at not in {post.published_at, *post.other_times}
        and place(item.url) != place(post.url)
    )


def _rung(key: str, item: Item) -> Rung:
    """Return the rung on which one of an item's other keys rests."""
    if key not in item.other_keys:
        return Rung.GUID
    if key.startswith("title:"):
        return Rung.TITLE_TIME
    return Rung.LINK_TIME_TITLE if key.endswith(f"#{item.title}") else Rung.LINK_TIME


def place(url: str) -> str:
    """Return where an address leads, for comparing: without what may differ at every poll."""
    return _SAME_PLACE.sub("", url).rstrip("?&")


def states_the_same(item: Item, post: Post) -> bool:
    """Say whether an item states what the post already has, so that nothing has to be compared in depth."""
    return (
        item.stated.raw == post.stated
        and item.title == post.title
        and item.url == post.url
        and item.author == post.author
        and item.publisher == post.publisher
        and item.mark is post.mark
        and item.credits == post.credits
    )


def completing(item: Item, post: Post) -> Item:
    """Return an item that states what the post states, and its own only where the post has nothing.

    A time after the post was first seen stays: it does not replace the post's, but it is a doubt that must be kept.
    """
    dated = post.published_at is not None and (item.stated.at is None or believable(item.stated, post.seen_at))
    return replace(
        item,
        title=post.title or item.title,
        url=post.url or item.url,
        author=post.author or item.author,
        publisher=post.publisher or item.publisher,
        mark=post.mark or item.mark,
        credits=post.credits or item.credits,
        stated=replace(item.stated, raw=post.stated) if dated else item.stated,
    )


def outranks(item: Item, source_id: int, stored: Stored, zone: tzinfo) -> bool:
    """Say whether an item of another source states the day that counts, so that the post becomes that source's.

    Where two sources state two days, the one that is the earlier in the registry is believed, whichever was read
    first; but a date without a year, or one from the address, gives way to any other.
    """
    post, at = stored.post, item.stated.at
    if item.reported or item.stated.clock_bound or not believable(item.stated, post.seen_at):
        return False
    if at is None or post.published_at is None or _day(at, zone) == _day(post.published_at, zone):
        return False
    theirs = Flag.FUTURE in post.flags or is_weak(post.stated, post.url)
    return (is_weak(item.stated.raw, item.url), source_id) < (theirs, stored.source_id)


def other_day(item: Item, post: Post, at: datetime, zone: tzinfo) -> datetime | None:
    """Return the time that an item states for a day on which a dated post is not known to have stood, or None.

    It must be one that can be believed at ``at``. Relative times tell no day, for they are rounded.
    """
    stated = item.stated
    if post.published_at is None or item.reported or stated.at is None or not believable(stated, at):
        return None
    if stated.clock_bound and not is_yearless(stated.raw):
        return None
    days = {_day(each, zone) for each in (post.published_at, *post.other_times)}
    return None if _day(stated.at, zone) in days else stated.at


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
