"""Read which posts of other accounts are near-identical to some accounts' own."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from monitor.likeness import Near, earliest, latest
from monitor.originality import Classified, classify, own_names
from monitor.values import Account, Flag, Post
from storage.accounts import accounts_of
from storage.corrections import corrections_of
from storage.hindsight import read_then
from storage.models import AccountRow, PostRow, accounts, likenesses, post_revisions, posts
from storage.post_rows import POST_COLUMNS, REVISION_COLUMNS, read

_CHUNK = 500  # numbers in one statement


_UNPROVEN = frozenset({Flag.REPORTED, Flag.CONTRADICTED})
"""Posts with these prove nothing about others."""


def near_of(
    session: Session,
    account_ids: Collection[str],
    start: datetime,
    end: datetime,
    as_of: datetime | None,
    zone: tzinfo,
) -> dict[str, dict[str, tuple[Near, ...]]]:
    """Return, by account and key of its posts in [start, end), the near-identical posts of other accounts.

    Those of other organizers only where they may be earlier. With ``as_of`` nothing known only after it is used, of
    either post. ``zone`` tells on which day a post was published.
    """
    if session.scalar(select(likenesses.c.post_id).limit(1)) is None:
        return {}
    rows = list(_pairs_in(session, account_ids, start, end, as_of))
    others = _others(session, {other for _, _, other, _ in rows}, as_of, zone)
    found: dict[str, dict[str, dict[int, Near]]] = {}
    for account_id, key, other, thousandths in rows:
        if near := others.get(other):
            found.setdefault(account_id, {}).setdefault(key, {})[other] = replace(near, similarity=thousandths / 1000)
    return {
        account_id: {key: tuple(near for _, near in sorted(some.items())) for key, some in by_key.items()}
        for account_id, by_key in found.items()
    }


def _pairs_in(
    session: Session, account_ids: Collection[str], start: datetime, end: datetime, as_of: datetime | None
) -> Iterator[tuple[str, str, int, int]]:
    """Give account, key, other post and similarity of the pairs of posts in [start, end), or that can have been."""
    other, theirs = aliased(PostRow), aliased(AccountRow)
    statement = (
        select(posts.c.account_id, posts.c.key, likenesses.c.other_id, likenesses.c.similarity)
        .join(likenesses, likenesses.c.post_id == posts.c.post_id)
        .join(accounts, accounts.c.account_id == posts.c.account_id)
        .join(other, other.post_id == likenesses.c.other_id)
        .join(theirs, theirs.account_id == other.account_id)
        .where(
            posts.c.account_id.in_(account_ids),
            or_(
                theirs.organizer == accounts.c.organizer,
                posts.c.published_at.is_(None),
                other.published_at <= posts.c.published_at,
            ),
        )
    )
    if as_of is not None:
        statement = statement.where(likenesses.c.known_from <= as_of, posts.c.seen_at <= as_of, other.seen_at <= as_of)
    dated = and_(posts.c.published_at >= start, posts.c.published_at < end)
    moved = and_(posts.c.other_times.is_not(None), or_(posts.c.published_at < start, posts.c.published_at >= end))
    undated = and_(posts.c.published_at.is_(None), posts.c.seen_at >= start)
    for when in (dated, moved, undated):
        for row in session.execute(statement.where(when)):
            yield row[0], row[1], row[2], row[3]


def _others(session: Session, post_ids: Collection[int], as_of: datetime | None, zone: tzinfo) -> dict[int, Near]:
    """Return posts by number as near-identical ones; those that count for nothing or have no date are left out."""
    numbers = sorted(post_ids)
    found: dict[int, Near] = {}
    for at in range(0, len(numbers), _CHUNK):
        chunk = numbers[at : at + _CHUNK]
        rows: dict[int, Sequence[Any]] = {row[0]: row for row in session.execute(_newest(chunk))}
        if as_of is not None:
            rows |= {row[0]: row for row in session.execute(_superseded(chunk, as_of))}
        names = {row[1] for row in rows.values()}
        known = {each.account_id: each for each in accounts_of(session, names)}
        own = {each.account_id: own_names(each) for each in known.values()}
        decided = corrections_of(session, names, as_of)
        then = read(rows.values(), decided) if as_of is None else read_then(session, rows.values(), decided, as_of)
        for number, one in zip(rows, then, strict=True):
            if one.published_at is not None and not one.flags & _UNPROVEN:
                said = classify(one, own[one.account_id])
                found[number] = _near(one, known[one.account_id], said, one.published_at, zone)
    return found


def _newest(numbers: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return select(*POST_COLUMNS).where(posts.c.post_id.in_(numbers))


def _superseded(numbers: Sequence[int], as_of: datetime) -> Select[*tuple[Any, ...]]:
    """Select, the last one last, the versions known at ``as_of`` of posts that were revised after it."""
    return (
        select(*REVISION_COLUMNS)
        .join_from(posts, post_revisions, post_revisions.c.post_id == posts.c.post_id)
        .where(posts.c.post_id.in_(numbers), posts.c.known_from > as_of, post_revisions.c.known_from <= as_of)
        .order_by(posts.c.post_id, post_revisions.c.version)
    )


def _near(post: Post, account: Account, said: Classified, published_at: datetime, zone: tzinfo) -> Near:
    return Near(
        account_id=account.account_id,
        account_name=account.name,
        organizer=account.organizer,
        platform=account.platform,
        key=post.key,
        title=post.title,
        url=post.url,
        published_at=published_at,
        day=published_at.astimezone(zone).date(),
        similarity=0.0,
        originality=said.originality,
        step=said.step,
        reason=said.reason,
        source=said.source,
        not_before=earliest(post),
        not_after=latest(post),
    )
