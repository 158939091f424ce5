"""Findings under review as ``--json`` prints them; personal numbers are masked, names of findings are whole."""

from typing import Any

from console.show.times import moment_record
from monitor.decisions import Decision, Entered
from monitor.findings import Finding, Window
from monitor.values import Account
from reports.masked import masked_record
from schedules.finding_in_full import FindingInFull
from schedules.finding_names import CODES, entered_name, subject_name
from schedules.reviewing import Listed, MonthOfFindings, Piece, Reviewed
from storage.decisions import Made
from storage.entered import Noted

Record = dict[str, Any]


def month_record(found: MonthOfFindings) -> Record:
    """Return the findings of a month."""
    return {
        **_head(found.reviewed),
        "is_written": found.is_written,
        "findings": [_listed(each) for each in found.findings],
    }


def finding_record(found: FindingInFull) -> Record:
    """Return one finding with everything that is known of it."""
    return {
        "name": str(found.name),
        **_head(found.reviewed),
        **masked_record(_of_account(found.name.account_id, found.account)),
        "code": found.heading.code,
        "category": found.heading.category,
        "findings": [
            _finding(finding)
            | {
                "visits": [each.visit_id for each in evidence.visits] if evidence else [],
                "coverage": [[one.start.isoformat(), one.end.isoformat()] for one in evidence.spans]
                if evidence
                else [],
                "found_at": moment_record(evidence.found_at) if evidence else None,
            }
            for finding, evidence in found.findings
        ],
        "windows": [_piece(each, found) for each in found.pieces],
        "other_windows": {verdict.value: count for verdict, count in found.others.items()},
        "decisions": [_made(each) for each in found.made],
        "entered": [_noted(each) for each in found.entered],
        "rechecks": [
            masked_record(
                {
                    "month": month,
                    "outcome": each.outcome.value,
                    "why": each.why,
                    "window": _window(each.window) if each.window else None,
                    "day": each.day.isoformat() if each.day else None,
                }
            )
            for month, each in found.rechecks
        ],
        "rectifications": [
            masked_record(
                {
                    "outcome": each.outcome.value,
                    "day": each.day.isoformat(),
                    "note": each.note,
                    "by": each.by,
                    "at": moment_record(each.at),
                }
            )
            for each in found.said
        ],
    }


def _head(reviewed: Reviewed) -> Record:
    inspection = reviewed.inspection
    return {
        "month": reviewed.month,
        "inspection": {
            "number": inspection.number,
            "version": inspection.version,
            "made_at": moment_record(inspection.made_at),
            "time_point": moment_record(inspection.time_point),
            "stage": inspection.stage.value,
        },
    }


def _of_account(account_id: str, account: Account | None) -> Record:
    return {
        "account_id": account_id,
        "account_name": account.name if account else None,
        "platform": account.platform.value if account else None,
        "organizer": account.organizer if account else None,
    }


def _listed(each: Listed) -> Record:
    said = _finding(each.finding) if each.finding else {}
    return {
        "name": each.name,
        **masked_record(_of_account(each.account_id, each.account)),
        "code": each.code,
        "category": CODES[each.code].category,
        "state": each.state.value,
        "windows": [_window(one.subject.window) for one in each.decisions],
        **said,
        "decisions": [decision_record(one) for one in each.decisions],
    }


def _finding(finding: Finding) -> Record:
    return {
        **masked_record(
            {
                "severity": finding.severity.value,
                "verdict": finding.verdict.value,
                "windows": [_window(each) for each in finding.windows],
                "description": finding.description,
                "clause": finding.clause,
                "advice": finding.advice,
                "due": finding.due.isoformat() if finding.due else None,
                "disposal": finding.disposal,
                "title": finding.post.title if finding.post else None,
                "url": finding.post.url if finding.post else None,
                "causes": list(finding.causes),
            }
        ),
        "entered": entered_record(finding.entered) if finding.entered else None,
    }


def _piece(piece: Piece, found: FindingInFull) -> Record:
    posts = [(key, found.posts.get(key)) for key in piece.posts]
    return {
        "name": subject_name(piece.subject),
        "window": _window(piece.subject.window),
        "verdict": piece.verdict.value,
        "judged": piece.machine.value,
        "rules": list(piece.codes),
        "why": piece.why,
        "posts": [
            masked_record(
                {
                    "key": key,
                    "title": known[0].title if known else None,
                    "url": known[0].url if known else None,
                    "published_at": moment_record(known[0].published_at) if known else None,
                    "originality": known[1].originality.value if known else None,
                    "reason": known[1].reason if known else None,
                    "flags": sorted(flag.value for flag in known[0].flags) if known else [],
                }
            )
            for key, known in posts
        ],
        "decision": decision_record(piece.decision) if piece.decision else None,
    }


def decision_record(decision: Decision) -> Record:
    """Return a decision."""
    return {
        "number": decision.number,
        "name": subject_name(decision.subject),
        **masked_record(
            {
                "window": _window(decision.subject.window),
                "key": decision.subject.key or None,
                "ruling": decision.ruling.value,
                "severity": decision.severity.value if decision.severity else None,
                "reason": decision.reason.value if decision.reason else None,
                "note": decision.note,
                "by": decision.by,
                "at": moment_record(decision.at),
                "posts": list(decision.posts),
            }
        ),
    }


def entered_record(entered: Entered) -> Record:
    """Return an entered finding."""
    return {
        "number": entered.number,
        "name": entered_name(entered),
        **masked_record(
            {
                "severity": entered.severity.value,
                "window": _window(entered.window),
                "description": entered.description,
                "title": entered.title or None,
                "url": entered.url or None,
                "by": entered.by,
                "at": moment_record(entered.at),
                "attachments": list(entered.attachments),
            }
        ),
    }


def _made(made: Made) -> Record:
    return {**decision_record(made.decision), **_taken_back(made)}


def _noted(noted: Noted) -> Record:
    files = [{"name": each.name, "digest": each.digest, "size": each.size} for each in noted.files]
    return {**entered_record(noted.entered), **_taken_back(noted), "files": masked_record({"files": files})["files"]}


def _taken_back(each: Made | Noted) -> Record:
    return dict(
        masked_record(
            {
                "withdrawn_at": moment_record(each.withdrawn_at),
                "withdrawn_by": each.withdrawn_by or None,
                "withdrawn_why": each.withdrawn_why or None,
            }
        )
    )


def _window(window: Window) -> list[str]:
    return [window.first.isoformat(), window.last.isoformat()]
