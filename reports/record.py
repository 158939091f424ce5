"""inspection.json: the same content as the tables, typed, with every verdict's evidence."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TextIO

from monitor.decisions import Decision, Entered
from monitor.evidence import Evidence
from monitor.findings import Finding, Judged, Judgement, Result
from monitor.frame import Frame
from monitor.originality import Classified
from monitor.rechecking import Recheck
from monitor.spans import Coverage, clip
from monitor.statistics import Count, Statistics
from monitor.values import Account, Correction, Post
from monitor.visits import Visit
from reports.masked import masked_record
from reports.parts import AccountRows, Head
from reports.rows import time_point

FORMAT = 1
"""The number of this file's shape; it grows when a reader would have to change."""


class Record:
    """inspection.json being written, account by account, so that memory does not grow with their number."""

    def __init__(self, file: TextIO, head: Head) -> None:
        """Write everything that holds for the whole inspection."""
        self._file = file
        self._frame = head.frame
        self._first = True
        said = {"stage": head.stage.value, "version": head.version, "why": head.why}
        record = head_record(head.frame, head.office, head.as_of) | said
        head_text = json.dumps(record, ensure_ascii=False, indent=1)
        file.write(head_text.removesuffix("\n}") + ',\n "accounts": [')

    def write(self, rows: AccountRows) -> None:
        """Append one account."""
        contradictions = {each.post.key: each.contradiction for each in rows.posts if each.contradiction}
        record = account_record(rows.judgement, [each.evidence for each in rows.findings], self._frame, contradictions)
        body = masked_record(record | {"rechecks": [_recheck(each.recheck) for each in rows.rechecks]})
        self._file.write(("" if self._first else ",") + "\n" + json.dumps(body, ensure_ascii=False))
        self._first = False

    def close(self, statistics: Statistics) -> None:
        """Write the totals, and the end."""
        total = statistics.total
        results = {
            Result.PASSED: total.passed,
            Result.FAILED: total.failed,
            Result.REVIEW: total.review,
            Result.UNVERIFIABLE: total.unverifiable,
            Result.NOT_APPLICABLE: total.not_applicable,
        }
        totals = {
            "accounts": total.accounts,
            "results": dict(sorted((result.value, count) for result, count in results.items() if count)),
            **_count(total),
            "platforms": {platform.value: _count(count) for platform, count in statistics.platforms},
        }
        self._file.write(f'\n ],\n "totals": {json.dumps(totals, ensure_ascii=False)}\n}}\n')


def account_record(
    judgement: Judgement, evidence: list[Evidence], frame: Frame, contradictions: Mapping[str, str]
) -> dict[str, Any]:
    """Return one account's judgement as plain values; times are ISO 8601 in UTC, windows two dates, both included.

    ``contradictions`` say, by key, how posts contradict what was reported of them.
    """
    figures = judgement.figures
    visits = {visit.visit_id: visit for each in evidence for visit in each.visits}
    elapsed = frame.elapsed
    covered = clip(judgement.coverage, elapsed) if elapsed else ()
    return {
        "account": account_fields(judgement.account),
        "result": judgement.result.value,
        "failures": judgement.failures,
        "disposal": judgement.disposal,
        "basis": list(judgement.basis),
        "notes": list(judgement.notes),
        "figures": {
            "published": figures.published,
            "original": figures.original,
            "reposted": figures.reposted,
            "undetermined": figures.undetermined,
            "original_share": figures.share,
            "last_post": _named(figures.last_post),
            "days_since_last": figures.days_since_last,
            "longest_silence": figures.longest_silence,
            "workdays_due": figures.workdays_due,
            "workdays_met": figures.workdays_met,
            "workdays_missed": [day.isoformat() for day in figures.workdays_missed],
            "weeks_due": figures.weeks_due,
            "weeks_met": figures.weeks_met,
            "weeks_missed": [str(window) for window in figures.weeks_missed],
            "recent_originals": figures.recent_originals,
            "problems": judgement.problems,
            "coverage_share": figures.coverage_share,
        },
        "coverage": _spans(covered),
        "windows": [{"code": code, **_judged(each)} for code, some in judgement.windows for each in some],
        "findings": [_finding(one, proof) for one, proof in zip(judgement.findings, evidence, strict=True)],
        "dismissed": [_dismissed(each) for each in judgement.dismissed],
        "orphaned_decisions": [_decision(each) for each in judgement.orphans],
        "visits": [visit_record(visit) for _, visit in sorted(visits.items(), key=lambda each: each[0] or 0)],
        "posts": [
            {**_post(post, classified), "contradiction": contradictions.get(post.key)}
            for post, classified in judgement.posts
        ],
    }


def account_fields(account: Account) -> dict[str, Any]:
    """Return an account of the registry as plain values."""
    return {
        "account_id": account.account_id,
        "name": account.name,
        "platform": account.platform.value,
        "organizer": account.organizer,
        "supervisor": account.supervisor,
        "main": account.main,
        "state": account.state.value,
        "addresses": [str(address) for address in account.addresses],
        "opened": _day(account.opened),
        "filed": _day(account.filed),
        "closing_notice": _day(account.closing_notice),
        "closed": _day(account.closed),
        "aliases": list(account.aliases),
    }


def head_record(frame: Frame, office: str, as_of: datetime | None) -> dict[str, Any]:
    """Return what holds for the whole of an inspection or a spot check as plain values."""
    policy = frame.policy
    return {
        "format": FORMAT,
        "office": office,
        "timezone": str(frame.zone),
        "month": f"{frame.period.first:%Y-%m}",
        "period": [frame.period.first.isoformat(), frame.period.last.isoformat()],
        "time_point": _moment(frame.time_point),
        "time_point_shown": time_point(frame),
        "running": frame.running,
        "as_of": _moment(as_of),
        "years_without_notice": list(frame.workdays.missing(frame.period.first, frame.period.last)),
        "policy": {
            "name": policy.name,
            "title": policy.title,
            "version": policy.version,
            "effective_from": _day(policy.effective_from),
            "counter_months": policy.counter_months,
            "counter_limit": policy.counter_limit,
            "rectification_workdays": policy.rectification_workdays,
            "rules": {
                code: {"enabled": rule.enabled, "clause": rule.clause, **_plain(rule.values)}
                for code, rule in policy.rules.items()
            },
        },
    }


def _plain(values: Mapping[str, int | str]) -> dict[str, int | str]:
    return dict(sorted(values.items()))


def _count(count: Count) -> dict[str, Any]:
    return {
        "judged": count.judged,
        "passed": count.passed,
        "failed": count.failed,
        "ratio": count.ratio,
        "pass_rate": count.pass_rate,
        "published": count.published,
        "original": count.original,
    }


def _recheck(found: Recheck) -> dict[str, Any]:
    duty = found.duty
    return {
        "month": duty.month,
        "code": duty.code,
        "windows": [[window.first.isoformat(), window.last.isoformat()] for window in duty.windows],
        "due": _day(duty.due),
        "outcome": found.outcome.value,
        "window": [found.window.first.isoformat(), found.window.last.isoformat()] if found.window else None,
        "day": _day(found.day),
        "why": found.why,
    }


def _dismissed(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "category": finding.category,
        "windows": [[window.first.isoformat(), window.last.isoformat()] for window in finding.windows],
        "description": finding.description,
        "decisions": [_decision(each) for each in finding.decisions],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    window = decision.subject.window
    return {
        "code": decision.subject.code,
        "window": [window.first.isoformat(), window.last.isoformat()],
        "key": decision.subject.key or None,
        "ruling": decision.ruling.value,
        "severity": decision.severity.value if decision.severity else None,
        "reason": decision.reason.value if decision.reason else None,
        "note": decision.note,
        "by": decision.by,
        "at": _moment(decision.at),
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "window": [judged.window.first.isoformat(), judged.window.last.isoformat()],
        "verdict": judged.verdict.value,
        "known": judged.known,
        "posts": list(judged.posts),
        "why": judged.why,
    }


def _finding(finding: Finding, evidence: Evidence) -> dict[str, Any]:
    return {
        "code": finding.code,
        "category": finding.category,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "windows": [[window.first.isoformat(), window.last.isoformat()] for window in finding.windows],
        "description": finding.description,
        "clause": finding.clause,
        "advice": finding.advice,
        "due": _day(finding.due),
        "disposal": finding.disposal,
        "post": _named(finding.post),
        "decisions": [_decision(each) for each in finding.decisions],
        "entered": None if finding.entered is None else _entered(finding.entered),
        "evidence": {
            "found_at": _moment(evidence.found_at),
            "visits": [visit.visit_id for visit in evidence.visits],
            "coverage": _spans(evidence.spans),
            "posts": list(finding.posts),
            "gaps": [
                {"start": _moment(gap.start), "end": _moment(gap.end), "cause": cause}
                for gap, cause in zip(finding.gaps, finding.causes, strict=True)
            ],
        },
    }


def _entered(entered: Entered) -> dict[str, Any]:
    return {
        "number": entered.number,
        "by": entered.by,
        "at": _moment(entered.at),
        "attachments": list(entered.attachments),
    }


def visit_record(visit: Visit) -> dict[str, Any]:
    """Return a visit as plain values, without what it read and what its source remembers."""
    return {
        "visit_id": visit.visit_id,
        "url": visit.url,
        "final_url": visit.final_url,
        "lane": visit.lane,
        "started_at": _moment(visit.started_at),
        "ended_at": _moment(visit.ended_at),
        "outcome": visit.outcome.value,
        "reason": visit.reason,
        "status": visit.status,
        "body_hash": visit.body_hash,
        "items": visit.item_count,
        "oldest": _moment(visit.oldest),
        "newest": _moment(visit.newest),
        "proof": [_moment(visit.proof.start), _moment(visit.proof.end)] if visit.proof else None,
        "warnings": list(visit.warnings),
    }


def _post(post: Post, classified: Classified) -> dict[str, Any]:
    return {
        "key": post.key,
        "title": post.title,
        "url": post.url,
        "published_at": _moment(post.published_at),
        "precision": post.precision.value,
        "stated": post.stated,
        "read_as": post.form,
        "seen_at": _moment(post.seen_at),
        "kind": post.kind.value,
        "originality": classified.originality.value,
        "step": classified.step,
        "reason": classified.reason,
        "source": classified.source,
        "flags": sorted(flag.value for flag in post.flags),
        "deleted_at": _moment(post.deleted_at),
        "correction": _correction(post.correction),
    }


def _named(post: Post | None) -> dict[str, Any] | None:
    """Return what a row tells of the one post that it names: it may lie before the period, outside of ``posts``."""
    if post is None:
        return None
    return {
        "key": post.key,
        "title": post.title,
        "url": post.url,
        "published_at": _moment(post.published_at),
        "precision": post.precision.value,
    }


def _correction(found: Correction | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"originality": found.originality.value, "by": found.by, "why": found.why, "at": _moment(found.at)}


def _spans(coverage: Coverage) -> list[list[str | None]]:
    return [[_moment(each.start), _moment(each.end)] for each in coverage]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _day(day: object) -> str | None:
    return None if day is None else str(day)
