"""What is known of each post's own page: attempts to read it, what it said, and proofs that the post is deleted."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from monitor.own_page import Checked, belongs, checked, completed, decided
from monitor.proof import believable
from monitor.sighting import UNSEEN
from monitor.spans import Coverage
from monitor.titles import same_title
from monitor.values import Article, Flag, Post, Precision
from monitor.visits import Outcome, PageVisit
from storage.columns import to_moment
from storage.coverage import proven_before
from storage.errors import StorageError
from storage.hindsight import listed_values
from storage.models import pages, post_keys, post_texts, posts
from storage.page_state import PageKnown, after
from storage.post_rows import POST_COLUMNS, WIDTH, page_values, raw, read, version_values
from storage.reports import names_of, twin_of
from storage.revisions import Superseded, keep_versions
from storage.texts import storable_article, storable_key
from storage.turns import take_turns
from storage.wanted import NOTHING_KNOWN, PageDue, pages_due, want

__all__ = ["PageDue", "PageKnown", "PageSaved", "best_texts", "page_of", "pages_due", "save_page", "want"]

_CHUNK = 500  # posts named in one statement
_COLUMNS = [pages.c[name] for name in PageKnown.__slots__ if name != "outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSaved:
    """What storing a visit to a post's own page came to.

    ``read`` says whether the page told something of the post, ``revised`` whether a version of it was superseded,
    ``deleted`` whether its deletion is proven now. ``report`` is how a report stands (None: it is no mere report).
    """

    post_id: int
    read: bool = False
    revised: bool = False
    deleted: bool = False
    report: Flag | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    post_id: int
    post: Post
    source_id: int
    known_from: datetime


def save_page(session: Session, page: PageVisit, zone: tzinfo) -> PageSaved:
    """Store a visit to a post's own page with everything that follows from it; the same one again changes nothing.

    ``zone`` is the office's; it tells which day a moment is on. A post that is not known is a StorageError.
    """
    take_turns(session, page.account_id)
    stored = _stored(session, page.account_id, page.key)
    known = _known(session, stored.post_id)
    article = storable_article(page.article) if page.article is not None and page.outcome is Outcome.NEW else None
    is_newer = known is None or known.read_at is None or page.started_at > known.read_at
    said, check = stored.post, None
    if article is not None and is_newer:
        said, check = _said(session, stored.post, article, page.started_at, zone)
    is_own = said.page_at == page.started_at
    reason = check.reason if check is not None else ""
    if article is not None and is_newer and not is_own and not reason:
        reason = f"页面的标题为“{article.title}”，与信息的标题“{stored.post.title}”不符，未采用页面内容。"
    state = after(known, stored.post.deleted_at, page, article if is_own or check is not None else None, reason, zone)
    revised = _renew(session, stored, replace(said, deleted_at=state.deleted_at), known, article, page.started_at)
    values = dict(state.values)
    if is_own and stored.post.page_at is None and not revised:
        values |= listed_values(stored.post, said)
    if known is None:
        session.execute(insert(pages), {**NOTHING_KNOWN, **values, "post_id": stored.post_id})
    elif values:
        session.execute(update(pages).where(pages.c.post_id == stored.post_id).values(values))
    return PageSaved(
        post_id=stored.post_id,
        read=is_own,
        revised=revised,
        deleted=state.deleted_at is not None,
        report=None if check is None else check.flag,
        reason=reason,
    )


def page_of(session: Session, account_id: str, key: str) -> PageKnown | None:
    """Return what is known of the own page of a post, None where it was never asked for nor is to be."""
    post_id = session.scalar(
        select(post_keys.c.post_id).where(post_keys.c.account_id == account_id, post_keys.c.key == key)
    )
    return None if post_id is None else _known(session, post_id)


def best_texts(session: Session, post_ids: Collection[int]) -> dict[int, str]:
    """Return texts by post_id: that of the post's own page where it was read, else the list's, "" where it has none."""
    ids, found = sorted(post_ids), dict[int, str]()
    for at in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(posts.c.post_id, case((posts.c.page_at.is_not(None), pages.c.text)), post_texts.c.text)
            .outerjoin_from(posts, pages, pages.c.post_id == posts.c.post_id)
            .outerjoin(post_texts, post_texts.c.post_id == posts.c.post_id)
            .where(posts.c.post_id.in_(ids[at : at + _CHUNK]))
        )
        found |= {post_id: own or listed or "" for post_id, own, listed in rows}
    return found


def _stored(session: Session, account_id: str, key: str) -> _Stored:
    rows = session.execute(
        select(*POST_COLUMNS, posts.c.source_id, raw(posts.c.known_from))
        .join_from(post_keys, posts, post_keys.c.post_id == posts.c.post_id)
        .where(post_keys.c.account_id == account_id, post_keys.c.key == storable_key(key))
    ).all()
    if not rows:
        raise StorageError(f"信息页面：账号 {account_id} 没有键为 {key} 的信息；请先采集该账号，再读取信息页面。")
    (row,), (post,) = rows, read((row[:WIDTH] for row in rows), {})
    return _Stored(post_id=row[0], post=post, source_id=row[WIDTH], known_from=to_moment(row[WIDTH + 1]))


def _known(session: Session, post_id: int) -> PageKnown | None:
    found = session.execute(select(*_COLUMNS, pages.c.outcome).where(pages.c.post_id == post_id)).mappings().first()
    if found is None:
        return None
    values: dict[str, Any] = {**found}
    outcome = values.pop("outcome")
    precision = Precision(values.pop("precision"))
    return PageKnown(**values, precision=precision, outcome=Outcome(outcome) if outcome else None)


def _said(session: Session, post: Post, article: Article, at: datetime, zone: tzinfo) -> tuple[Post, Checked | None]:
    """Return the post as its page, read at ``at``, leaves it, and what comes of the check of a mere report."""
    check = None
    if post.flags & UNSEEN:
        check = checked(post, article, names_of(session, post), at, zone)
        twin = twin_of(session, post, article, zone)
        if twin is not None and check.flag is Flag.CONFIRMED:
            reason = f"与该账号已采集的信息“{twin}”是同一条，不再重复计入。"
            check = Checked(flag=Flag.REPORTED, reason=reason)
    said = post
    if belongs(post, article):
        before = _covered_before(session, post, article, at, zone)
        said = completed(post, article, before, at, zone)
        if article.key and same_title(post.title, article.title) and (check is None or check.flag is Flag.CONFIRMED):
            _also_known_as(session, post, article.key)
    if check is not None:
        said = decided(said, article, check, zone)
    return said, check


def _covered_before(session: Session, post: Post, article: Article, at: datetime, zone: tzinfo) -> Coverage:
    """Return what was known before the post was first seen, where the page's time needs it."""
    stated, known = article.stated, post.published_at
    if not believable(stated, at) or stated.at is None:
        return ()
    is_same_day = known is not None and known.astimezone(zone).date() == stated.at.astimezone(zone).date()
    if is_same_day and post.precision is not Precision.DAY and Flag.FUTURE not in post.flags:
        return ()
    return proven_before(session, post.account_id, post.seen_at)


def _also_known_as(session: Session, post: Post, key: str) -> None:
    """Let a post be recognised by the key that its own page states, unless another post has it."""
    ours, name = post_keys.c.account_id == post.account_id, storable_key(key)
    if session.scalar(select(post_keys.c.post_id).where(ours, post_keys.c.key == name)) is None:
        post_id = session.scalar(select(post_keys.c.post_id).where(ours, post_keys.c.key == post.key))
        session.execute(insert(post_keys), {"account_id": post.account_id, "key": name, "post_id": post_id})


def _renew(
    session: Session, stored: _Stored, said: Post, known: PageKnown | None, article: Article | None, at: datetime
) -> bool:
    """Store the post as its page leaves it; say whether the version before was kept.

    A first reading that completes a title, or a day by a time on it, is no new version: there would be one of every
    post. The list's are kept beside (``listed_values``). What judging turns on is one: a date, a flag; and what a later
    reading finds changed. So is one that was deleted and is back: it was deleted until then.
    """
    post = stored.post
    is_again = post.page_at is not None and said.page_at != post.page_at
    old_text = known.text if known is not None else ""
    has_new_text = is_again and article is not None and article.text != old_text
    if is_again and not has_new_text and replace(said, page_at=post.page_at) == post:
        said = replace(said, page_at=post.page_at)  # it says what it said
    if said == post:
        return False
    judged = (said.flags, said.other_times, said.published_at is None)
    is_back = post.deleted_at is not None and said.deleted_at is None
    is_new = is_back or judged != (post.flags, post.other_times, post.published_at is None)
    is_kept = (is_new or (is_again and said.page_at != post.page_at)) and at >= stored.known_from
    if is_kept:
        given_way = Superseded(
            post_id=stored.post_id,
            post=post,
            source_id=stored.source_id,
            known_from=stored.known_from,
            page_text=old_text if has_new_text else None,
        )
        keep_versions(session, [given_way], None)
    values = version_values(said) | page_values(said) | {"deleted_at": said.deleted_at}
    if is_kept:
        values["known_from"] = at
    session.execute(update(posts).where(posts.c.post_id == stored.post_id).values(values))
    return is_kept
