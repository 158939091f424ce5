"""What is known by which a reported post's page can be told to be the account's own, and to be counted already."""

from datetime import timedelta, tzinfo
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.own_page import Names
from monitor.sighting import UNSEEN
from monitor.titles import same_title
from monitor.values import Article, Platform, Post
from storage.matching import place
from storage.models import accounts, post_keys, posts, sources
from storage.post_rows import POST_COLUMNS, read, read_flags
from storage.texts import storable_key

_SITES = frozenset({Platform.WEBSITE, Platform.APP, Platform.MINI_PROGRAM, Platform.OTHER})
"""Platforms whose pages name a site, if anything, and not the account."""

_NEAR = timedelta(days=2)
"""Posts of one local day are no further apart, however their times are known."""


def names_of(session: Session, post: Post) -> Names:
    """Return the names of a post's account, and whether its link leads to a site that the registry gives it alone."""
    name, aliases, platform = session.execute(
        select(accounts.c.name, accounts.c.aliases, accounts.c.platform).where(accounts.c.account_id == post.account_id)
    ).one()
    states = Platform(platform) not in _SITES
    is_own_site = not states and _is_own_site(session, post)
    shown_by = "" if is_own_site else _shown_by(session, post)
    return Names(names=(name, *(aliases or ())), states=states, is_own_site=is_own_site, shown_by=shown_by)


def twin_of(session: Session, post: Post, article: Article, zone: tzinfo) -> str | None:
    """Return the title of another post of the account that a reported one is, by its page; None where there is none.

    It has the key that the page states; or it was seen at the same address under the same title, undated or on the same
    local day (another day's is another post: 天气预报).
    """
    by_key = session.scalar(
        select(posts.c.title)
        .join_from(post_keys, posts, post_keys.c.post_id == posts.c.post_id)
        .where(
            post_keys.c.account_id == post.account_id,
            post_keys.c.key == storable_key(article.key),
            posts.c.key != post.key,
        )
    )
    if by_key is not None or post.published_at is None or not post.url:
        return by_key
    near = (posts.c.published_at > post.published_at - _NEAR, posts.c.published_at < post.published_at + _NEAR)
    rows = session.execute(
        select(*POST_COLUMNS).where(
            posts.c.account_id == post.account_id,
            posts.c.key != post.key,
            or_(near[0] & near[1], posts.c.published_at.is_(None), posts.c.other_times.is_not(None)),
        )
    )
    where, day = place(post.url), post.published_at.astimezone(zone).date()
    for each in read(rows, {}):
        times = (each.published_at, *each.other_times) if each.published_at is not None else ()
        is_then = not times or day in {at.astimezone(zone).date() for at in times}
        if place(each.url) == where and is_then and same_title(each.title, post.title) and not each.flags & UNSEEN:
            return each.title
    return None


def _is_own_site(session: Session, post: Post) -> bool:
    host = _host(post.url)
    named = session.execute(
        select(sources.c.account_id, sources.c.url).where(
            sources.c.active, sources.c.account_id.is_not(None), sources.c.url.contains(host, autoescape=True)
        )
    )
    return bool(host) and {account_id for account_id, url in named if _host(url) == host} == {post.account_id}


def _shown_by(session: Session, post: Post) -> str:
    """Return another account whose source shows a post at the same address, in words, "" where there is none."""
    where = place(post.url)
    if post.published_at is None or not where:
        return ""
    rows = session.execute(
        select(accounts.c.account_id, accounts.c.name, posts.c.url, posts.c.flags)
        .join_from(accounts, posts, posts.c.account_id == accounts.c.account_id)
        .where(
            posts.c.published_at > post.published_at - _NEAR,
            posts.c.published_at < post.published_at + _NEAR,
            posts.c.url.contains(where, autoescape=True),
            accounts.c.account_id != post.account_id,
        )
        .order_by(accounts.c.position)
    )
    seen = (each for each in rows if place(each.url) == where and not _is_claim(each.flags))
    return next((f"账号“{each.name}”（{each.account_id}）" for each in seen), "")


def _is_claim(flags: str | None) -> bool:
    return flags is not None and bool(read_flags(flags) & UNSEEN)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
