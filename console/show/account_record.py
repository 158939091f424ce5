"""One account's history as plain data for ``--json``: keys in English, moments in UTC."""

from typing import Any

from console.records import account_record
from console.show.disposition_records import closing_record, entry_record, proposed_record
from console.show.times import moment_record
from reports.account_history import (
    AccountHistory,
    DecisionMade,
    FindingOfMonth,
    MonthOfAccount,
    RecheckedFinding,
    ReminderMade,
)
from reports.masked import masked_record


def history_record(found: AccountHistory) -> dict[str, Any]:
    """Return a history; personal numbers are masked, but for the unit's own contact in the registry."""
    said: dict[str, Any] = masked_record(
        {
            "months": [_month(each) for each in found.months],
            "rechecks": [_recheck(each) for each in found.rechecks],
            "decisions": [_decision(each) for each in found.decisions],
            "reminders": [_reminder(each) for each in found.reminders],
            "next": list(found.next),
        }
    )
    return {
        "office": found.office,
        "as_of": moment_record(found.as_of),
        "account_id": found.account_id,
        "name": found.name,
        "platform": found.platform,
        "organizer": found.organizer,
        "account": None if found.account is None else account_record(found.account),
        "former_names": [
            {
                "name": each.name,
                "platform": each.platform,
                "organizer": each.organizer,
                "first": each.first,
                "last": each.last,
            }
            for each in found.former_names
        ],
        "closing": None if found.closing is None else closing_record(found.closing),
        "months": said["months"],
        "rechecks": said["rechecks"],
        "ledger": [entry_record(each) for each in found.ledger],
        "decisions": said["decisions"],
        "reminders": said["reminders"],
        "proposal": None if found.proposed is None else proposed_record(found.proposed),
        "next": said["next"],
        "deadlines": [
            {
                "code": each.code,
                "category": each.category,
                "window": [each.window.first.isoformat(), each.window.last.isoformat()],
                "ends_at": each.ends_at.isoformat(),
                "needs_original": each.needs_original,
            }
            for each in found.deadlines
        ],
    }


def _month(month: MonthOfAccount) -> dict[str, Any]:
    return {
        "month": month.month,
        "result": None if month.result is None else month.result.value,
        "stage": None if month.stage is None else month.stage.value,
        "published": month.published,
        "original": month.original,
        "share": month.share,
        "coverage_share": month.coverage_share,
        "disposal": month.disposal,
        "notes": list(month.notes),
        "findings": [_finding(each) for each in month.findings],
    }


def _finding(finding: FindingOfMonth) -> dict[str, Any]:
    return {
        "code": finding.code,
        "category": finding.category,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "windows": finding.windows.split(";") if finding.windows else [],
        "description": finding.description,
        "due": None if finding.due is None else finding.due.isoformat(),
        "decisions": list(finding.decisions),
    }


def _recheck(each: RecheckedFinding) -> dict[str, Any]:
    found = each.recheck
    return {
        "found_in": each.found_in,
        "month": found.duty.month,
        "code": found.duty.code,
        "category": found.duty.category,
        "due": found.duty.due.isoformat(),
        "outcome": found.outcome.value,
        "why": found.why,
        "window": None if found.window is None else str(found.window),
        "day": None if found.day is None else found.day.isoformat(),
    }


def _decision(made: DecisionMade) -> dict[str, Any]:
    decision = made.decision
    return {
        "number": decision.number,
        "code": decision.subject.code,
        "window": str(decision.subject.window),
        "key": decision.subject.key,
        "ruling": decision.ruling.value,
        "severity": None if decision.severity is None else decision.severity.value,
        "reason": None if decision.reason is None else decision.reason.value,
        "note": decision.note,
        "by": decision.by,
        "at": moment_record(decision.at),
        "withdrawn_at": moment_record(made.withdrawn_at),
        "withdrawn_by": made.withdrawn_by,
        "withdrawn_why": made.withdrawn_why,
    }


def _reminder(each: ReminderMade) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "window": str(each.window),
        "ends_at": moment_record(each.ends_at),
        "text": each.text,
        "made_at": moment_record(each.made_at),
        "sent_at": moment_record(each.sent_at),
    }
