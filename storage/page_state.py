"""What an attempt to read a post's own page changes in what is known of that page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from monitor.proof import day_end
from monitor.values import Article, Precision
from monitor.visits import Outcome, PageVisit
from storage.texts import storable

WAITS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))
"""How long a page is left alone after each failure in a row; after one more it is given up."""

_LASTING = frozenset({Outcome.ROBOTS, Outcome.FORBIDDEN_ADDRESS, Outcome.TOO_LARGE, Outcome.NOT_A_FEED, Outcome.NEW})
"""Failures that are no passing trouble (NEW: the page was another's): asked for once more, a week later."""

_LASTING_WAITS = WAITS[-1:]

RETURN_WAITS = tuple(timedelta(days=days) for days in (3, 7, 14, 28))
"""How long a page is left alone once its post is proven to be deleted, and after each look that finds it no better: a
site that was being moved, or published too early, brings its posts back, and no list need show them anew."""

_APART = timedelta(hours=6)
"""Two proofs of deletion are at least so far apart, and on two local days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKnown:
    """What is known of a post's own page.

    ``tried_at``, ``outcome`` (None: never asked for) and what follows are of the newest attempt, ``tries`` counts the
    failed ones since it was last read, at ``read_at``, or since it was proven to be deleted; ``due_at`` is when it is
    to be asked for again, None: never.
    ``gone_at`` is the first positive proof that the post is deleted; ``missed_at`` since when its list lacks it.
    """

    tried_at: datetime | None
    tries: int
    due_at: datetime | None
    outcome: Outcome | None
    reason: str
    status: int | None
    final_url: str
    read_at: datetime | None
    title: str
    stated: str
    published_at: datetime | None
    precision: Precision
    account_name: str
    author: str
    publisher: str
    text: str
    body_hash: str | None
    gone_at: datetime | None
    missed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The columns of ``pages`` that an attempt sets, and since when the post is proven to be deleted."""

    values: Mapping[str, Any]
    deleted_at: datetime | None


def after(
    known: PageKnown | None,
    deleted_at: datetime | None,
    page: PageVisit,
    article: Article | None,
    reason: str,
    zone: tzinfo,
) -> Change:
    """Return what an attempt changes, in whichever order attempts are stored.

    ``article`` is None where nothing was read that is of the post; ``reason`` then says why, or is that of a check.
    Deleted is what two positive proofs on two local days say, with no good reading since the first (COVERAGE).
    """
    values: dict[str, Any] = {}
    was_deleted = deleted_at is not None
    gone_at = None if known is None else known.gone_at
    read_at = None if known is None else known.read_at
    at = page.started_at
    if article is not None and (read_at is None or at > read_at):
        values |= _content(article, page)
        gone_at, deleted_at = _alive(gone_at, deleted_at, at)
    elif page.outcome is Outcome.GONE and (read_at is None or at > read_at):
        gone_at, deleted_at = _gone(gone_at, deleted_at, at, zone)
    if gone_at != (None if known is None else known.gone_at):
        values["gone_at"] = gone_at
    if known is None or known.tried_at is None or at > known.tried_at:
        tries = 0 if known is None else known.tries
        if article is not None:
            tries, due_at = 0, None
        elif deleted_at is not None:
            tries, due_at = _look_back(page, tries, is_new=not was_deleted)
        else:
            tries, due_at = _next(page, tries, zone, is_suspected=gone_at is not None)
        values |= {
            "tried_at": at,
            "tries": tries,
            "due_at": due_at,
            "outcome": page.outcome.value,
            "reason": storable(reason or page.reason),
            "status": page.status,
            "final_url": storable(page.final_url),
        }
    return Change(values=values, deleted_at=deleted_at)


def _content(article: Article, page: PageVisit) -> dict[str, Any]:
    return {
        "read_at": page.started_at,
        "title": article.title,
        "stated": article.stated.raw,
        "published_at": article.stated.at,
        "precision": article.stated.precision.value,
        "account_name": article.account,
        "author": article.author,
        "publisher": article.publisher,
        "text": article.text,
        "body_hash": page.body_hash,
    }


def _alive(
    gone_at: datetime | None, deleted_at: datetime | None, at: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return the proofs of deletion that are left when the post was there at ``at``: those after it."""
    if deleted_at is not None and deleted_at > at:
        return (gone_at, deleted_at) if gone_at is not None and gone_at > at else (deleted_at, None)
    return gone_at if gone_at is not None and gone_at > at else None, None


def _gone(
    gone_at: datetime | None, deleted_at: datetime | None, at: datetime, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """Return the first proof, and the earliest one on a later local day, when one at ``at`` is added."""
    proofs = sorted({each for each in (gone_at, deleted_at, at) if each is not None})
    first = proofs[0]
    later = [each for each in proofs if each >= day_end(first.astimezone(zone).date(), zone)]
    return first, min(later, default=None)


def _look_back(page: PageVisit, tries: int, *, is_new: bool) -> tuple[int, datetime | None]:
    """Return the same as ``_next`` of a post that is proven to be deleted; ``is_new``: only now."""
    if page.outcome is Outcome.LOCAL_OUTAGE:
        return tries, page.started_at + WAITS[0]
    looks = 0 if is_new else tries + 1
    return looks, page.started_at + RETURN_WAITS[looks] if looks < len(RETURN_WAITS) else None


def _next(page: PageVisit, tries: int, zone: tzinfo, *, is_suspected: bool) -> tuple[int, datetime | None]:
    """Return how often reading has failed in a row now, and when the page is to be asked for again.

    Where the deletion was proven once, no passing trouble makes it be given up: the second proof may come after any
    number of captchas.
    """
    at, outcome = page.started_at, page.outcome
    if outcome is Outcome.GONE:
        return 0, max(day_end(at.astimezone(zone).date(), zone), at + _APART)
    if outcome is Outcome.LOCAL_OUTAGE:
        return tries, at + WAITS[0]
    waits = _LASTING_WAITS if outcome in _LASTING else WAITS
    if is_suspected and outcome not in _LASTING:
        return tries + 1, at + waits[min(tries, len(waits) - 1)]
    return tries + 1, at + waits[tries] if tries < len(waits) else None
