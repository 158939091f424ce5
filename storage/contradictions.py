"""Read how posts contradict what their units reported of them: what their own pages say instead."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.values import Flag, Post
from monitor.visits import Outcome
from storage.models import pages, posts

_CHUNK = 500  # keys in one statement


def contradictions_of(
    session: Session, found: Iterable[Post], as_of: datetime | None = None
) -> dict[tuple[str, str], str]:
    """Return, by account and key, why posts are flagged as contradicted, as a Chinese clause; asked once for all.

    Left out is one whose page was asked for again without being read, or only after ``as_of``.
    """
    flagged = sorted({(each.account_id, each.key) for each in found if Flag.CONTRADICTED in each.flags})
    reasons: dict[tuple[str, str], str] = {}
    for at in range(0, len(flagged), _CHUNK):
        reasons |= _reasons(session, flagged[at : at + _CHUNK], as_of)
    return reasons


def _reasons(
    session: Session, flagged: Collection[tuple[str, str]], as_of: datetime | None
) -> dict[tuple[str, str], str]:
    statement = (
        select(posts.c.account_id, posts.c.key, pages.c.reason)
        .join_from(posts, pages, pages.c.post_id == posts.c.post_id)
        .where(
            posts.c.account_id.in_({account_id for account_id, _ in flagged}),
            posts.c.key.in_({key for _, key in flagged}),
            pages.c.outcome == Outcome.NEW.value,
            pages.c.reason != "",
        )
    )
    if as_of is not None:
        statement = statement.where(pages.c.tried_at <= as_of)
    return {
        (account_id, key): reason.removesuffix("。")
        for account_id, key, reason in session.execute(statement)
        if (account_id, key) in flagged
    }
