"""What a sighting of an item makes of a post: the first one, and every later one that states something else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from monitor.proof import believable
from monitor.spans import Span, holding
from monitor.titles import is_cut
from monitor.values import Flag, Item, Post, Precision, Stated

BACKDATED_AFTER = timedelta(hours=24)
"""A post first seen later than this after its stated time, inside known coverage, is 疑似倒填."""

CLAIMS = frozenset({Flag.REPORTED, Flag.CONTRADICTED, Flag.CONFIRMED})
"""Flags of a post that no source of the platform has shown, and that its unit has reported."""

UNSEEN = frozenset({Flag.REPORTED, Flag.CONTRADICTED})
"""Flags of a post of which a report is all that is known, or which is not as the report has it."""

_STEP = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)


def first_seen(item: Item, account_id: str, seen_at: datetime, coverage: Sequence[Span]) -> Post:
    """Return the post that an item seen for the first time makes.

    ``coverage`` is what was known of the account before this sighting: a stated time inside it, over 24 hours
    before ``seen_at``, should have been seen then and is flagged 疑似倒填. A stated time more than 10 minutes after
    ``seen_at`` is replaced by it and flagged.
    An undated post cannot be older than the last look before, or it would have been seen then. What its unit alone
    reports (自查上报) is flagged so.
    """
    published, flags = dated(item.stated, seen_at, coverage)
    if item.reported:
        flags |= {Flag.REPORTED}
    looked = max((min(each.end, seen_at) for each in coverage if each.start < seen_at), default=None)
    known = [moment for moment in (item.not_before, looked) if moment is not None]
    return Post(
        account_id=account_id,
        key=item.key,
        title=item.title,
        url=item.url,
        published_at=published,
        seen_at=seen_at,
        precision=item.stated.precision,
        stated=item.stated.raw,
        form=item.stated.form,
        rung=item.rung,
        kind=item.kind,
        author=item.author,
        publisher=item.publisher,
        credits=item.credits,
        mark=item.mark,
        flags=flags,
        not_before=max(known, default=None) if published is None else None,
        not_after=item.not_after if published is None else None,
    )


def seen_again(post: Post, item: Item, coverage: Sequence[Span], at: datetime | None = None) -> Post | None:
    """Return the post's new revision where an item seen again, at ``at``, states something else, or None.

    ``coverage`` is what was known before ``post.seen_at``. The time of a relative statement (3小时前) is that of the
    first sighting. A new time keeps the old one in ``other_times``, because the post may have stood there. A time later
    than the first sighting is that of the last edit, or of another post in this one's place: the earlier one goes on
    counting, and the later one is kept in ``other_times`` if it can be believed at ``at`` (None: it cannot). A title
    cut by its list, and a day that holds the time known, state nothing else.

    What a source of the platform shows is no longer a mere report: the post is as that source has it, and what its own
    page confirmed stays. A report says nothing of a post that was seen or confirmed; of others its last word counts.
    """
    if item.reported:
        return _claimed_again(post, item, coverage) if post.flags & UNSEEN else None
    if post.flags & UNSEEN:
        return _shown(post, item, coverage, post.seen_at if at is None else at)
    said = replace(
        post,
        flags=post.flags - CLAIMS,
        title=_whole(item.title, post.title),
        url=item.url or post.url,
        author=item.author or post.author,
        publisher=item.publisher or post.publisher,
        mark=item.mark or post.mark,
        credits=item.credits or post.credits,
    )
    stated = item.stated
    if stated.raw != post.stated and not stated.clock_bound and stated.at is not None:
        said = _restated(said, stated, coverage, at)
    return None if said == post else said


def _claimed_again(post: Post, item: Item, coverage: Sequence[Span]) -> Post | None:
    """Return the post as its unit reports it now, if that differs; it is to be checked anew."""
    title, url = _whole(item.title, post.title), item.url or post.url
    if (title, url, item.stated.raw) == (post.title, post.url, post.stated):
        return None
    claim = replace(item, title=title, url=url)
    return _as_first_seen(post, claim, coverage, post.seen_at)


def _shown(post: Post, item: Item, coverage: Sequence[Span], at: datetime) -> Post:
    """Return what was only reported as a source of the platform shows it: what the report said counts no longer.

    It is seen for the first time now, at ``at``, and should have been seen before where ``coverage`` holds its time.
    """
    title = _whole(item.title, post.title)
    return _as_first_seen(post, replace(item, title=title, url=item.url or post.url), coverage, at)


def _as_first_seen(post: Post, item: Item, coverage: Sequence[Span], at: datetime) -> Post:
    made = first_seen(item, post.account_id, at, coverage)
    return replace(
        made,
        key=post.key,
        rung=post.rung,
        seen_at=post.seen_at,
        correction=post.correction,
        deleted_at=post.deleted_at,
        page_at=post.page_at,
        page_credits=post.page_credits,
        page_mark=post.page_mark,
    )


def _whole(said: str, known: str) -> str:
    """Return the title that a post has, where ``said`` is none or the known one cut."""
    return known if not said or is_cut(said, known) else said


def _restated(post: Post, stated: Stated, coverage: Sequence[Span], at: datetime | None) -> Post:
    later = _later(post, stated, at)
    if post.published_at is not None and not believable(stated, post.seen_at):
        # ``stated`` stays the text of the time that counts; said again, the later time is among the others already.
        others = tuple(dict.fromkeys((*post.other_times, *later)))
        return replace(post, other_times=others, flags=post.flags | {Flag.RESTATED}) if later else post
    if _is_day_of(stated, post):
        return replace(post, stated=stated.raw, form=stated.form)
    published, flags = dated(stated, post.seen_at, coverage)
    if published == post.published_at:
        return replace(post, stated=stated.raw, form=stated.form, precision=stated.precision)
    if _is_time_of_day(stated, post):
        rest = post.flags - {Flag.BACKDATED}
        said = replace(post, published_at=published, precision=stated.precision, flags=rest | flags)
        return replace(said, stated=stated.raw, form=stated.form)
    moved = later if post.published_at is None else (post.published_at,)
    return replace(
        post,
        published_at=published,
        precision=stated.precision,
        stated=stated.raw,
        form=stated.form,
        flags=flags | ({Flag.RESTATED} if moved else set()),
        other_times=tuple(dict.fromkeys((*post.other_times, *moved))),
    )


def _later(post: Post, stated: Stated, at: datetime | None) -> tuple[datetime, ...]:
    """Return a stated time that lies after the first sighting, if it was past at the visit that read it."""
    if stated.at is None or at is None or believable(stated, post.seen_at) or not believable(stated, at):
        return ()
    return (stated.at,)


def _is_day_of(stated: Stated, post: Post) -> bool:
    """Say whether a stated day is that of the more precise time that is known."""
    return (
        stated.at is not None
        and stated.day_end is not None
        and post.published_at is not None
        and post.precision is not Precision.DAY
        and Flag.FUTURE not in post.flags
        and stated.at <= post.published_at < stated.day_end
    )


def _is_time_of_day(stated: Stated, post: Post) -> bool:
    """Say whether a stated time is one on the day that is known: it says more, and nothing else."""
    return (
        stated.at is not None
        and stated.day_end is None
        and post.published_at is not None
        and post.precision is Precision.DAY
        and Flag.FUTURE not in post.flags
        and post.published_at <= stated.at < post.published_at + _ONE_DAY
    )


def beside(post: Post, other: datetime, zone: tzinfo) -> Post:
    """Return a dated post that another time is known of as well; one for each local day of ``zone`` is enough."""
    by_day: dict[date, datetime] = {}
    for each in (*post.other_times, other):
        by_day.setdefault(each.astimezone(zone).date(), each)
    assert post.published_at is not None  # only what is dated stands beside
    by_day.pop(post.published_at.astimezone(zone).date(), None)
    others = tuple(by_day.values())
    if others == post.other_times:
        return post
    return replace(post, other_times=others, flags=post.flags | {Flag.RESTATED})


def has_come(stated: Stated, post: Post, at: datetime) -> datetime | None:
    """Return a stated time that lay ahead of the first sighting and is past at ``at``, None where there is none such.

    Either the post was announced for later, or our own clock was behind when it was first seen, and the stated time is
    the true one: nobody can tell, so both days may have it.
    """
    if Flag.FUTURE not in post.flags or stated.at is None or stated.clock_bound or not believable(stated, at):
        return None
    return None if believable(stated, post.seen_at) else stated.at


def dated(stated: Stated, seen_at: datetime, coverage: Sequence[Span]) -> tuple[datetime | None, frozenset[Flag]]:
    """Return the time at which a post counts, and what is suspicious about it."""
    if stated.at is None:
        return None, frozenset()
    if not believable(stated, seen_at):
        return seen_at, frozenset({Flag.FUTURE})
    at = stated.at if stated.day_end is None else stated.day_end - _STEP  # the last moment of that day, not the next
    if seen_at - at > BACKDATED_AFTER and holding(coverage, at) is not None:
        return stated.at, frozenset({Flag.BACKDATED})
    return stated.at, frozenset()
