"""Keep the version of a post that a newer one takes the place of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from monitor.values import Post
from storage.models import post_revisions
from storage.post_rows import page_values, version_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """A version that gives way; ``text`` and ``page_text`` are its own where the next version has others."""

    post_id: int
    post: Post
    source_id: int
    known_from: datetime
    text: str | None = None
    page_text: str | None = None


def keep_versions(session: Session, given_way: Sequence[Superseded], visit_id: int | None) -> None:
    """Keep versions that a visit supersedes (None: their posts' own pages), each behind the post's earlier ones."""
    if not given_way:
        return
    numbered = session.execute(
        select(post_revisions.c.post_id, func.max(post_revisions.c.version))
        .where(post_revisions.c.post_id.in_([each.post_id for each in given_way]))
        .group_by(post_revisions.c.post_id)
    )
    last = {row[0]: int(row[1]) for row in numbered}
    rows: list[dict[str, Any]] = [
        {
            "post_id": each.post_id,
            "version": last.get(each.post_id, 0) + 1,
            "superseded_by": visit_id,
            "source_id": each.source_id,
            "known_from": each.known_from,
            "text": each.text,
            "page_text": each.page_text,
            "deleted_at": each.post.deleted_at,
        }
        | version_values(each.post)
        | page_values(each.post)
        for each in given_way
    ]
    session.execute(insert(post_revisions), rows)
