"""Find posts by what a person calls them: a key, or a link."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.models import post_keys, posts
from storage.texts import storable, storable_key

MOST_KNOWN = 5000
"""So many of the newest posts are looked through for the one that somebody most probably meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostName:
    """What a post can be called by; ``key`` is the one that reports name it by."""

    account_id: str
    key: str
    url: str
    title: str


def posts_named(session: Session, names: Collection[str], account_id: str | None = None) -> list[PostName]:
    """Return the posts that have one of ``names`` as a key, also as an earlier one, or as their link."""
    keys = [storable_key(name) for name in names]
    links = [storable(name) for name in names]
    by_key = select(post_keys.c.post_id).where(post_keys.c.key.in_(keys))
    if account_id is not None:
        by_key = by_key.where(post_keys.c.account_id == account_id)
    statement = (
        select(posts.c.account_id, posts.c.key, posts.c.url, posts.c.title)
        .where(or_(posts.c.post_id.in_(by_key), posts.c.url.in_(links)))
        .order_by(posts.c.account_id, posts.c.key)
    )
    if account_id is not None:
        statement = statement.where(posts.c.account_id == account_id)
    return [_named(*row) for row in session.execute(statement)]


def newest_names(session: Session, account_id: str | None = None) -> list[PostName]:
    """Return the names of the posts first seen last, of one account or of all, newest first."""
    statement = (
        select(posts.c.account_id, posts.c.key, posts.c.url, posts.c.title)
        .order_by(posts.c.seen_at.desc(), posts.c.post_id)
        .limit(MOST_KNOWN)
    )
    if account_id is not None:
        statement = statement.where(posts.c.account_id == account_id)
    return [_named(*row) for row in session.execute(statement)]


def _named(account_id: str, key: str, url: str, title: str) -> PostName:
    return PostName(account_id=account_id, key=key, url=url, title=title)
