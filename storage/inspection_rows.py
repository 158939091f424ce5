"""What is stored of a judgement: plain values of its result and findings, so that later changes alter nothing said."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.evidence import Evidence
from monitor.findings import Finding, Judgement
from monitor.likeness import Near
from monitor.originality import Classified
from monitor.spans import Span
from monitor.values import Credit, Post
from monitor.wording import joined


def result_row(number: int, judgement: Judgement, contradictions: Mapping[str, str]) -> dict[str, Any]:
    """Return the row of a result; ``contradictions`` say, by key, how posts contradict what was reported of them."""
    account, figures = judgement.account, judgement.figures
    return {
        "inspection_id": number,
        "account_id": account.account_id,
        "organizer": account.organizer,
        "account_name": account.name,
        "platform": account.platform.value,
        "result": judgement.result.value,
        "payload": {
            "published": figures.published,
            "original": figures.original,
            "reposted": figures.reposted,
            "undetermined": figures.undetermined,
            "coverage_share": figures.coverage_share,
            "failures": judgement.failures,
            "disposal": judgement.disposal,
            "basis": list(judgement.basis),
            "notes": list(judgement.notes),
            "supervisor": account.supervisor,
            "main": account.main,
            # What the findings were made of, as it was known: later collections may change titles, times and classes.
            "posts": _posts(judgement.posts, contradictions) if judgement.problems else [],
        },
    }


def finding_row(
    number: int, position: int, finding: Finding, judgement: Judgement, evidence: Evidence
) -> dict[str, Any]:
    """Return the row of a finding of a judgement, whose posts tell what it says of those that it rests on."""
    return {
        "inspection_id": number,
        "position": position,
        "account_id": finding.account_id,
        "code": finding.code,
        "category": finding.category,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "times": len(finding.windows),
        "windows": joined(finding.windows),
        "description": finding.description,
        "due": finding.due,
        "payload": {
            "clause": finding.clause,
            "advice": finding.advice,
            "disposal": finding.disposal,
            "posts": list(finding.posts),
            "causes": list(finding.causes),
            "gaps": _spans(finding.gaps),
            "coverage": _spans(evidence.spans),
            "found_at": _moment(evidence.found_at),
            "post": None if finding.post is None else _post(finding.post),
            "seen_at": [each.isoformat() for each in finding.seen_at],
            "decisions": [each.number for each in finding.decisions],
            "entered": finding.entered.number if finding.entered else None,
            "named": [_named(*each) for each in judgement.posts if finding.seen_at and each[0].key in finding.posts],
        },
    }


def _posts(posts: Sequence[tuple[Post, Classified]], contradictions: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        _classified(post, found) | ({"contradiction": contradictions[post.key]} if post.key in contradictions else {})
        for post, found in posts
    ]


def _post(post: Post) -> dict[str, Any]:
    return {
        "key": post.key,
        "title": post.title,
        "url": post.url,
        "published_at": _moment(post.published_at),
        "precision": post.precision.value,
        "seen_at": post.seen_at.isoformat(),
    }


def _classified(post: Post, classified: Classified) -> dict[str, Any]:
    return _post(post) | {
        "originality": classified.originality.value,
        "reason": classified.reason,
        "source": classified.source,
        "flags": sorted(flag.value for flag in post.flags),
    }


def _named(post: Post, classified: Classified) -> dict[str, Any]:
    """Return a post that a finding rests on with all that says where it comes from, and what it is like."""
    return _classified(post, classified) | {
        "publisher": post.publisher,
        "mark": post.mark.value,
        "credits": _credits(post.credits),
        "page_at": _moment(post.page_at),
        "page_mark": post.page_mark.value,
        "page_credits": _credits(post.page_credits),
        "near": None if classified.near is None else _near(classified.near),
    }


def _credits(found: Iterable[Credit]) -> list[dict[str, str]]:
    return [
        {"kind": each.kind.value, "label": each.label, "value": each.value, "place": each.place.value} for each in found
    ]


def _near(near: Near) -> dict[str, Any]:
    return {
        "account_id": near.account_id,
        "account_name": near.account_name,
        "organizer": near.organizer,
        "platform": near.platform.value,
        "key": near.key,
        "title": near.title,
        "url": near.url,
        "published_at": near.published_at.isoformat(),
        "day": near.day.isoformat(),
        "similarity": near.similarity,
        "percent": near.percent,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _spans(spans: Iterable[Span]) -> list[list[str]]:
    return [[each.start.isoformat(), each.end.isoformat()] for each in spans]
