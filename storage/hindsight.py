"""Take back from posts what was found out only after a moment: that they are deleted, and what their pages say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.values import Correction, Mark, Post, Precision
from storage.models import pages
from storage.post_rows import read

_CHUNK = 500  # posts named in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a post's list stated before its page completed it; None where the page left that as it was."""

    title: str | None
    day: datetime | None


def read_then(
    session: Session, rows: Iterable[Sequence[Any]], corrections: Mapping[int, Correction], as_of: datetime
) -> list[Post]:
    """Return the posts of rows of POST_COLUMNS, or of versions that were known at ``as_of``, as they stood then."""
    some = list(rows)
    found = read(some, corrections)
    numbers = [row[0] for row, post in zip(some, found, strict=True) if post.page_at and post.page_at > as_of]
    listed = listed_of(session, numbers)
    return [_then(post, listed.get(row[0]), as_of) for row, post in zip(some, found, strict=True)]


def listed_of(session: Session, post_ids: Collection[int]) -> dict[int, Listed]:
    """Return what the lists stated of posts that their pages completed."""
    numbers = sorted(post_ids)
    found: dict[int, Listed] = {}
    for at in range(0, len(numbers), _CHUNK):
        rows = session.execute(
            select(pages.c.post_id, pages.c.listed_title, pages.c.listed_day).where(
                pages.c.post_id.in_(numbers[at : at + _CHUNK]),
                or_(pages.c.listed_title.is_not(None), pages.c.listed_day.is_not(None)),
            )
        )
        found |= {post_id: Listed(title=title, day=day) for post_id, title, day in rows}
    return found


def listed_values(before: Post, after: Post) -> dict[str, Any]:
    """Return the columns of ``pages`` that keep what a page, read for the first time, completed in place."""
    return {
        "listed_title": before.title if after.title != before.title else None,
        "listed_day": before.published_at if after.published_at != before.published_at else None,
    }


def _then(post: Post, listed: Listed | None, as_of: datetime) -> Post:
    if post.deleted_at is not None and post.deleted_at > as_of:
        post = replace(post, deleted_at=None)
    if post.page_at is None or post.page_at <= as_of:
        return post
    post = replace(post, page_at=None, page_credits=(), page_mark=Mark.NONE)
    if listed is not None and listed.title is not None:
        post = replace(post, title=listed.title)
    if listed is not None and listed.day is not None:
        post = replace(post, published_at=listed.day, precision=Precision.DAY)
    return post
