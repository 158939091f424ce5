"""Recognise the items of a list among the posts that are stored."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.proof import believable
from monitor.values import Item, Post, Rung
from storage.texts import storable_key

# What an address may differ in and still lead to the same post: its scheme, who shared it, an empty fragment.
_SAME_PLACE = re.compile(
    r"^https?://|(?<=[?&])(?:utm_\w+|spm|fbclid|gclid|share_token|share_source|mpshare)=[^&#]*&?"
    r"|#(?:rd|wechat_redirect|top)?$",
    re.IGNORECASE,
)


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


def match(seen: Mapping[str, Item], known: Mapping[str, Stored]) -> list[tuple[Item, list[str], Stored | None]]:
    """Return for each item the keys that are its alone, and the stored post that it is.

    A post is recognised by its own key first. Then by any other key, if no other item of the same list has that key
    and no other item is that post: two entries of one list are two posts.
    """
    claims = Counter(key for item in seen.values() for key in {*item.other_keys} - {item.key})
    own = {key: known[key] for key in seen if key in known and known[key].post.key == key}
    taken = {stored.post_id for stored in own.values()}
    matches: list[tuple[Item, list[str], Stored | None]] = []
    for key, item in seen.items():
        keys = [key, *(each for each in dict.fromkeys(item.other_keys) if claims[each] == 1 and each not in seen)]
        stored = own.get(key)
        if stored is None:
            stored = next((known[each] for each in keys if each in known and known[each].post_id not in taken), None)
        if stored is not None:
            taken.add(stored.post_id)
        matches.append((item, keys, stored))
    return matches


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
    last = storable_key(f"{item.key}>{_place(item.url) or item.title}")
    key, *rest = *(each for each in dict.fromkeys(own) if each not in shared), last
    return replace(item, key=key, rung=_rung(key, item), other_keys=tuple(rest))


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
        and _place(item.url) != _place(post.url)
    )


def _rung(key: str, item: Item) -> Rung:
    """Return the rung on which one of an item's other keys rests."""
    if key not in item.other_keys:
        return Rung.GUID
    if key.startswith("title:"):
        return Rung.TITLE_TIME
    return Rung.LINK_TIME_TITLE if key.endswith(f"#{item.title}") else Rung.LINK_TIME


def _place(url: str) -> str:
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
