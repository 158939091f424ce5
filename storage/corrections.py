"""Keep what a person decided on a post's originality; every re-run finds it again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from monitor.values import Correction, Originality
from storage.errors import StorageError
from storage.models import corrections, post_keys, posts


def save_correction(session: Session, account_id: str, key: str, correction: Correction) -> None:
    """Keep a decision on the post of this key; the newest one counts. No such post is a StorageError."""
    post_id = session.scalar(
        select(post_keys.c.post_id).where(post_keys.c.account_id == account_id, post_keys.c.key == key)
    )
    if post_id is None:
        raise StorageError(f"人工修正：账号 {account_id} 没有键为 {key} 的信息；请先采集，或核对信息的键。")
    session.execute(delete(corrections).where(corrections.c.post_id == post_id, corrections.c.at == correction.at))
    session.execute(
        insert(corrections),
        {
            "post_id": post_id,
            "at": correction.at,
            "account_id": account_id,
            "originality": correction.originality.value,
            "by": correction.by,
            "why": correction.why,
        },
    )


def decisions_of(session: Session, account_id: str, key: str) -> list[Correction]:
    """Return every decision on the post of this key, the oldest first; the last one counts."""
    statement = (
        select(corrections.c.originality, corrections.c.by, corrections.c.why, corrections.c.at)
        .join_from(post_keys, corrections, post_keys.c.post_id == corrections.c.post_id)
        .where(post_keys.c.account_id == account_id, post_keys.c.key == key)
        .order_by(corrections.c.at)
    )
    return [
        Correction(originality=Originality(originality), by=by, why=why, at=at)
        for originality, by, why, at in session.execute(statement)
    ]


def corrections_of(
    session: Session, account_ids: Collection[str], as_of: datetime | None = None
) -> dict[int, Correction]:
    """Return by post_id the decision that counts; with ``as_of`` none made after it."""
    statement = (
        select(corrections.c.post_id, corrections.c.originality, corrections.c.by, corrections.c.why, corrections.c.at)
        .where(corrections.c.account_id.in_(account_ids))
        .order_by(corrections.c.at)
    )
    if as_of is not None:
        statement = statement.where(corrections.c.at <= as_of)
    return {
        post_id: Correction(originality=Originality(originality), by=by, why=why, at=at)
        for post_id, originality, by, why, at in session.execute(statement)
    }


def decisions_between(session: Session, start: datetime, end: datetime) -> list[tuple[int, str, datetime]]:
    """Return post_id, class and moment of every decision that counts on a post of [start, end), in order.

    An undated post is of the moment in which it was first seen.
    """
    at = func.coalesce(posts.c.published_at, posts.c.seen_at)
    rows = session.execute(
        select(corrections.c.post_id, corrections.c.originality, corrections.c.at)
        .join_from(corrections, posts, corrections.c.post_id == posts.c.post_id)
        .where(at >= start, at < end)
        .order_by(corrections.c.post_id, corrections.c.at)
    )
    counting = {post_id: (post_id, originality, moment) for post_id, originality, moment in rows}
    return list(counting.values())
