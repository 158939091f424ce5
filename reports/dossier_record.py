"""问题.json: the same content as 问题.html, for programs."""

from itertools import pairwise
from typing import Any

from reports.answers import page_name
from reports.dossier import Dossier, Likened, Named, ShownPost, Version
from reports.dossier_posts import text_changes
from reports.masked import masked_record
from reports.record import visit_record


def dossier_record(dossier: Dossier) -> dict[str, Any]:
    """Return 问题.json: all of it as plain values, personal numbers masked; times are ISO 8601 in UTC."""
    record: dict[str, Any] = masked_record(
        {
            "format": 1,
            "office": dossier.office,
            "finding": dict(dossier.heading),
            "windows": list(dossier.windows),
            "coverage": [[each.start.isoformat(), each.end.isoformat()] for each in dossier.coverage],
            "gaps": [{"span": span, "cause": cause} for span, cause in dossier.gaps],
            "visits": [{"role": each.role, **visit_record(each.visit)} for each in dossier.visits],
            "named": [_named_record(each) for each in dossier.named],
            "posts": [_post_record(each) for each in dossier.posts],
            "answers": [
                {
                    "record_id": each.record_id,
                    "url": each.url,
                    "at": each.at.isoformat(),
                    "status": each.status,
                    "visit_id": each.visit_id,
                    "digest": each.digest,
                    "file": f"页面/{page_name(each)}",
                }
                for each in dossier.answers
            ],
            "missing": list(dossier.missing),
        }
    )
    return {"number": dossier.number, **record}


def _named_record(post: Named) -> dict[str, Any]:
    return {
        "key": post.key,
        "seen": post.seen,
        "page_read": post.page_read or None,
        "list_names": list(post.listed),
        "page_names": list(post.paged),
        "text": post.text,
        "likened": None if post.likened is None else _likened_record(post.likened),
    }


def _likened_record(other: Likened) -> dict[str, Any]:
    return {
        "account_id": other.account_id,
        "account_name": other.account_name,
        "platform": other.platform,
        "organizer": other.organizer,
        "key": other.key,
        "title": other.title,
        "url": other.url,
        "published": other.published,
        "seen": other.seen,
        "page_read": other.page_read or None,
        "percent": other.percent,
        "text": other.text,
    }


def _post_record(post: ShownPost) -> dict[str, Any]:
    return {
        "key": post.key,
        "title": post.title,
        "url": post.url,
        "published": post.published,
        "seen": post.seen,
        "originality": post.originality,
        "reason": post.reason,
        "source": post.source,
        "state": post.state,
        "decides": post.decides,
        "versions": [_version_record(*pair) for pair in pairwise((None, *post.versions))],
    }


def _version_record(old: Version | None, new: Version | None) -> dict[str, Any]:
    assert new is not None  # only the first has nothing before it
    return {
        "known_from": new.known_from.isoformat(),
        "title": new.title,
        "published": new.published,
        "text": [[kind.value, part] for kind, part in text_changes(old, new)] if old else [],
    }
