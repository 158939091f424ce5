"""Read posts, as they are now or as they were known at a moment."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from monitor.sighting import UNSEEN
from monitor.values import Flag, Post
from storage.columns import to_moment
from storage.corrections import corrections_of
from storage.hindsight import read_then
from storage.models import accounts, pages, post_keys, post_revisions, post_texts, posts
from storage.post_rows import POST_COLUMNS, REVISION_COLUMNS, WIDTH, raw, read

SUSPICIOUS = frozenset({Flag.BACKDATED, Flag.RESTATED})

_ROWS = 500

_BELIEVED = or_(posts.c.flags.is_(None), posts.c.flags.in_(['["FUTURE"]', '["CONFIRMED"]', '["CONFIRMED","FUTURE"]']))
_SEEN = or_(posts.c.flags.is_(None), and_(*(posts.c.flags.not_like(f'%"{flag.name}"%') for flag in sorted(UNSEEN))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of a post: what it stated, its text in the list and on its own page, and since when it was known."""

    known_from: datetime
    post: Post
    text: str
    page_text: str = ""


def posts_between(
    session: Session, account_ids: Collection[str], start: datetime, end: datetime, as_of: datetime | None = None
) -> dict[str, list[Post]]:
    """Return each account's posts published in [start, end), and undated ones that can have been, in order.

    Posts that once stated another day come along wherever they stand now: they may have stood in [start, end).
    With ``as_of``: only those first seen by then, in the version and with the correction that was known then.
    """
    dated = select(*POST_COLUMNS).where(
        posts.c.account_id.in_(account_ids), posts.c.published_at >= start, posts.c.published_at < end
    )
    undated = select(*POST_COLUMNS).where(
        posts.c.account_id.in_(account_ids),
        posts.c.published_at.is_(None),
        posts.c.seen_at >= start,
        or_(posts.c.seen_at < end, posts.c.not_before.is_(None), posts.c.not_before < end),
    )
    moved = select(*POST_COLUMNS).where(
        posts.c.account_id.in_(account_ids),
        posts.c.other_times.is_not(None),
        or_(posts.c.published_at < start, posts.c.published_at >= end),
    )
    order = (posts.c.account_id, posts.c.published_at, posts.c.key)
    decided = corrections_of(session, account_ids, as_of)
    if as_of is None:
        found = read(_rows(session, dated.order_by(*order)), decided)
        late = [post for statement in (undated, moved) for post in read(_rows(session, statement), decided)]
        return _by_account(account_ids, found, late)
    known = [
        post
        for statement in (dated, undated, moved)
        for post in read_then(session, _rows(session, statement.where(posts.c.known_from <= as_of)), decided, as_of)
    ]
    known += [post for post in _earlier_versions(session, account_ids, as_of) if _lies_in(post, start, end)]
    return _by_account(account_ids, (), known)


def latest_before(
    session: Session, account_ids: Collection[str], moment: datetime, as_of: datetime | None = None
) -> dict[str, list[Post]]:
    """Return each account's newest dated post published before ``moment``; one that is merely reported is none.

    Where that one is suspicious (疑似倒填, restated) the newest one that is not follows it. ``as_of`` as above.
    """
    earlier = [] if as_of is None else _earlier_versions(session, account_ids, as_of)
    dated = [
        post
        for post in earlier
        if post.published_at is not None and post.published_at < moment and not post.flags & UNSEEN
    ]
    newest = _by_account(account_ids, (), [*_newest(session, account_ids, moment, as_of), *dated])
    doubtful = [account_id for account_id, found in newest.items() if found and found[-1].flags & SUSPICIOUS]
    if doubtful:
        believed = _newest(session, doubtful, moment, as_of, _BELIEVED)
        known_then = [post for post in dated if post.account_id in doubtful and not post.flags & SUSPICIOUS]
        sound = _by_account(doubtful, (), [*believed, *known_then])
    else:
        sound = {}
    return {account_id: found[-1:] + sound.get(account_id, [])[-1:] for account_id, found in newest.items()}


def text_of(session: Session, account_id: str, key: str) -> str:
    """Return the newest text of a post, "" where it has none or is not known."""
    text = session.scalar(
        select(post_texts.c.text)
        .join_from(post_keys, post_texts, post_keys.c.post_id == post_texts.c.post_id)
        .where(post_keys.c.account_id == account_id, post_keys.c.key == key)
    )
    return text or ""


def revisions_of(session: Session, account_id: str, key: str) -> list[Revision]:
    """Return every version of a post, the oldest first and the present one last; none where it is not known."""
    ours = and_(post_keys.c.account_id == account_id, post_keys.c.key == key)
    newest = session.execute(
        select(*POST_COLUMNS, raw(posts.c.known_from), post_texts.c.text, pages.c.text)
        .join_from(post_keys, posts, post_keys.c.post_id == posts.c.post_id)
        .outerjoin(post_texts, post_texts.c.post_id == posts.c.post_id)
        .outerjoin(pages, pages.c.post_id == posts.c.post_id)
        .where(ours)
    ).all()
    superseded = session.execute(
        select(
            *REVISION_COLUMNS,
            raw(post_revisions.c.known_from),
            post_revisions.c.text,
            post_revisions.c.page_text,
        )
        .join_from(post_keys, posts, post_keys.c.post_id == posts.c.post_id)
        .join(post_revisions, post_revisions.c.post_id == posts.c.post_id)
        .where(ours)
        .order_by(post_revisions.c.version.desc())
    ).all()
    rows = [*newest, *superseded]
    versions: list[Revision] = []
    text, page_text = "", ""
    for row, post in zip(rows, read((row[:WIDTH] for row in rows), {}), strict=True):
        known_from, changed, page_changed = row[WIDTH:]
        text = text if changed is None else changed
        page_text = page_text if page_changed is None else page_changed
        own = "" if post.page_at is None else page_text
        versions.append(Revision(known_from=to_moment(known_from), post=post, text=text, page_text=own))
    return versions[::-1]


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Give the rows of a statement a few hundred at a time: all at once would double the cost of reading them."""
    return chain.from_iterable(session.execute(statement).partitions(_ROWS))


def _earlier_versions(session: Session, account_ids: Collection[str], as_of: datetime) -> list[Post]:
    """Return the posts that were revised after ``as_of``, in the version that was known then."""
    rows = session.execute(
        select(*REVISION_COLUMNS)
        .join_from(posts, post_revisions, post_revisions.c.post_id == posts.c.post_id)
        .where(
            posts.c.account_id.in_(account_ids),
            posts.c.known_from > posts.c.seen_at,  # lets the index of revised posts be used
            posts.c.known_from > as_of,
            post_revisions.c.known_from <= as_of,
        )
        .order_by(posts.c.post_id, post_revisions.c.version)
    )
    last = {row[0]: row for row in rows}
    return read_then(session, last.values(), corrections_of(session, account_ids, as_of), as_of)


def _newest(
    session: Session,
    account_ids: Collection[str],
    moment: datetime,
    as_of: datetime | None,
    *conditions: ColumnElement[bool],
) -> list[Post]:
    """Return of each account the newest dated post before ``moment`` that meets the conditions."""
    newest = (
        select(posts.c.post_id)
        .where(posts.c.account_id == accounts.c.account_id, posts.c.published_at < moment, _SEEN, *conditions)
        .order_by(posts.c.published_at.desc(), posts.c.key.desc())
        .limit(1)
        .correlate(accounts)
    )
    if as_of is not None:
        newest = newest.where(posts.c.known_from <= as_of)
    chosen = select(newest.scalar_subquery().label("post_id")).where(accounts.c.account_id.in_(account_ids)).subquery()
    rows = session.execute(select(*POST_COLUMNS).join_from(chosen, posts, posts.c.post_id == chosen.c.post_id)).all()
    decided = corrections_of(session, account_ids, as_of)
    if as_of is None:
        return read(rows, decided)
    found = read_then(session, rows, decided, as_of)
    for post, now in zip(list(found), read(rows, {}), strict=True):
        if post.published_at != now.published_at:  # of that day alone was known: another post of it may be the newer
            found += _on_the_day(session, post, moment, as_of, conditions)
    return found


def _on_the_day(
    session: Session, post: Post, moment: datetime, as_of: datetime, conditions: Sequence[ColumnElement[bool]]
) -> list[Post]:
    """Return the dated posts of an account from the day of ``post`` up to ``moment`` that meet the conditions."""
    ours = (posts.c.account_id == post.account_id, posts.c.published_at >= post.published_at)
    rows = session.execute(
        select(*POST_COLUMNS).where(
            *ours, posts.c.published_at < moment, posts.c.known_from <= as_of, _SEEN, *conditions
        )
    ).all()
    return read_then(session, rows, corrections_of(session, [post.account_id], as_of), as_of)


def _by_account(
    account_ids: Collection[str], ordered: Iterable[Post], late: Sequence[Post] = ()
) -> dict[str, list[Post]]:
    """Return posts by account in order, of which only the accounts of the ``late`` ones have to be sorted."""
    found: dict[str, list[Post]] = {account_id: [] for account_id in account_ids}
    for post in ordered:
        found[post.account_id].append(post)
    for post in late:
        found[post.account_id].append(post)
    for account_id in {post.account_id for post in late}:
        found[account_id].sort(key=_place)
    return found


def _lies_in(post: Post, start: datetime, end: datetime) -> bool:
    if post.published_at is None:
        return start <= post.seen_at and (post.seen_at < end or post.not_before is None or post.not_before < end)
    return bool(post.other_times) or start <= post.published_at < end


def _place(post: Post) -> tuple[datetime, str]:
    return post.published_at or post.seen_at, post.key
