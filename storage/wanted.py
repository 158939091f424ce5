"""Which posts' own pages are to be asked for: those that lack something, failed, were reported, or may be deleted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_high
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, func, insert, literal, literal_column, or_, select, update
from sqlalchemy.orm import Session

from monitor.proof import believable
from monitor.values import Flag
from monitor.visits import Visit
from storage.models import pages, posts

PER_ACCOUNT = 200
"""Pages that one account can have due at once: a site with thousands of old posts must not crowd out the others."""

NOTHING_KNOWN: dict[str, Any] = {
    **dict.fromkeys(("tried_at", "due_at", "status", "read_at", "published_at", "body_hash", "gone_at", "missed_at")),
    **dict.fromkeys(("outcome", "reason", "final_url", "title", "stated", "account_name", "author"), ""),
    "publisher": "",
    "text": "",
    "precision": "second",
    "tries": 0,
    "listed_title": None,
    "listed_day": None,
}
"""A page that was never asked for."""

_CHUNK = 500  # accounts or posts named in one statement

_EMPTY: ColumnElement[str] = literal_column("''", Text)
# Written as in models.UNREAD, and without parameters, so that the index is found.
_UNREAD = posts.c.page_at.is_(None) & or_(
    posts.c.text_hash == _EMPTY,
    posts.c.precision == literal_column("'day'"),
    posts.c.published_at.is_(None),
    posts.c.credits.is_(None) & (posts.c.mark == _EMPTY),
)
_AT = func.coalesce(posts.c.published_at, posts.c.seen_at, type_=posts.c.seen_at.type)
_REPORTED = func.coalesce(posts.c.flags.like(f'%"{Flag.REPORTED.name}"%'), literal_column("false"))
_ON_THE_WEB = or_(posts.c.url.like("http://%"), posts.c.url.like("https://%"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDue:
    """A post whose own page is to be asked for; ``published_at`` is None where that is not known."""

    post_id: int
    account_id: str
    key: str
    url: str
    published_at: datetime | None
    seen_at: datetime
    is_reported: bool = False


def pages_due(
    session: Session,
    account_ids: Collection[str],
    now: datetime,
    *,
    since: datetime,
    per_account: int = PER_ACCOUNT,
    limit: int | None = None,
) -> list[PageDue]:
    """Return the posts whose own pages are to be asked for, merely reported ones first, then the newest first.

    A post that lacks text, time of day or source line is due once, if it was published (undated: first seen) at or
    after ``since``; after a failure, and where deletion is suspected or was proven once, when its time has come.
    At most ``per_account`` of each account, and ``limit`` of all.
    """
    found: list[PageDue] = []
    ids = sorted(account_ids)
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK]
        for statement in (_lacking(chunk, since), _lacking_and_undated(chunk, since), _come_due(chunk, now)):
            found += _newest(session, statement, per_account)
    found.sort(key=_order)
    taken: dict[str, int] = {}
    kept: list[PageDue] = []
    for each in found:
        taken[each.account_id] = taken.get(each.account_id, 0) + 1
        if taken[each.account_id] <= per_account:
            kept.append(each)
    return kept[:limit]


def want(session: Session, post_ids: Iterable[int], at: datetime) -> None:
    """Make the pages of posts due at ``at``, or leave them due earlier; it is a new start, with no failure before."""
    wanted = sorted(set(post_ids))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        known = set(session.scalars(select(pages.c.post_id).where(pages.c.post_id.in_(chunk))))
        if known:
            sooner = case((pages.c.due_at < at, pages.c.due_at), else_=literal(at, pages.c.due_at.type))
            session.execute(update(pages).where(pages.c.post_id.in_(known)).values(due_at=sooner, tries=0))
        if fresh := [{**NOTHING_KNOWN, "post_id": each, "due_at": at} for each in chunk if each not in known]:
            session.execute(insert(pages), fresh)


def miss(session: Session, visit: Visit, shown: Collection[int]) -> None:
    """Suspect the deletion of posts that a visit's list should show and does not; their pages become due.

    Those are posts of the same source, known before, whose one stated time lies in the list's reach. Each is asked for
    once when it begins to be missing, and again only after it was back. ``shown`` are the posts of the list.
    """
    reach = _suspected_from(visit)
    if reach is None or not visit.outcome.proves or any(item.reported for item in visit.items):
        return
    rows = session.execute(
        select(posts.c.post_id, pages.c.missed_at)
        .join_from(posts, pages, pages.c.post_id == posts.c.post_id, isouter=True)
        .where(
            posts.c.account_id == visit.account_id,
            posts.c.published_at > reach,
            posts.c.published_at < visit.started_at,
            posts.c.seen_at < visit.started_at,
            posts.c.source_id == visit.source_id,
            posts.c.other_times.is_(None),
            posts.c.deleted_at.is_(None),
            _ON_THE_WEB,
        )
    ).all()
    here = set(shown)
    if gone := [post_id for post_id, missed_at in rows if post_id not in here and missed_at is None]:
        want(session, gone, visit.started_at)
    back = [post_id for post_id, missed_at in rows if post_id in here and missed_at is not None]
    for ids, missed_at in ((gone, visit.started_at), (back, None)):
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            session.execute(update(pages).where(pages.c.post_id.in_(chunk)).values(missed_at=missed_at))


def _suspected_from(visit: Visit) -> datetime | None:
    """Return since when a post that a list does not show is missing from it, None where nothing tells that.

    A list that proves nothing (in no order of time, one of several of its page) proves no absence either. But to
    suspect one is only to ask for a page: what is newer than half of such a list should stand in it, whatever its
    pinned and stray items are.
    """
    if visit.reach is not None:
        return visit.reach
    stated = (item.stated for item in visit.items if not item.pinned and believable(item.stated, visit.started_at))
    times = [each.day_end or each.at for each in stated]
    return median_high(at for at in times if at is not None) if times else None


def _columns() -> Select[*tuple[Any, ...]]:
    own = (posts.c.post_id, posts.c.account_id, posts.c.key, posts.c.url, posts.c.published_at, posts.c.seen_at)
    return select(*own, _REPORTED.label("is_reported"), _AT.label("at"))


def _lacking(account_ids: Sequence[str], since: datetime) -> Select[*tuple[Any, ...]]:
    return _never_asked().where(posts.c.account_id.in_(account_ids), posts.c.published_at >= since)


def _lacking_and_undated(account_ids: Sequence[str], since: datetime) -> Select[*tuple[Any, ...]]:
    undated = posts.c.published_at.is_(None)
    return _never_asked().where(posts.c.account_id.in_(account_ids), undated, posts.c.seen_at >= since)


def _never_asked() -> Select[*tuple[Any, ...]]:
    never = ~select(pages.c.post_id).where(pages.c.post_id == posts.c.post_id).exists()
    return _columns().where(_UNREAD, _ON_THE_WEB, never)


def _come_due(account_ids: Sequence[str], now: datetime) -> Select[*tuple[Any, ...]]:
    # Few pages are due at a time: no index of the accounts' posts must be taken for this, hence the empty text.
    ours = posts.c.account_id.concat(_EMPTY).in_(account_ids)
    due = _columns().join_from(pages, posts, pages.c.post_id == posts.c.post_id)
    return due.where(pages.c.due_at <= now, ours, _ON_THE_WEB)


def _newest(session: Session, statement: Select[*tuple[Any, ...]], per_account: int) -> list[PageDue]:
    """Return the first posts of each account among those that ``statement`` finds."""
    every = statement.subquery()
    order = (every.c.is_reported.desc(), every.c.at.desc(), every.c.post_id)
    placed = select(
        every, func.row_number().over(partition_by=every.c.account_id, order_by=order).label("place")
    ).subquery()
    rows: Sequence[Any] = session.execute(select(placed).where(placed.c.place <= per_account)).all()
    return [
        PageDue(
            post_id=row.post_id,
            account_id=row.account_id,
            key=row.key,
            url=row.url,
            published_at=row.published_at,
            seen_at=row.seen_at,
            is_reported=bool(row.is_reported),
        )
        for row in rows
    ]


def _order(due: PageDue) -> tuple[bool, float, str, str]:
    return not due.is_reported, -(due.published_at or due.seen_at).timestamp(), due.account_id, due.key
