"""The four steps as plain data for ``--json``: keys in English, moments in UTC, personal numbers masked."""

from datetime import date
from typing import Any

from console.show.times import moment_record
from monitor.closing import Closing, closing_sentence
from monitor.disposal import Disposition, Step
from monitor.ledger import Entry, Proposed
from reports.masked import masked_record
from schedules.closings import Closings
from schedules.disposing import Ledger
from schedules.proposing import Proposals


def entry_record(entry: Entry) -> dict[str, Any]:
    """Return an entry as ``--json`` prints it, in UTC."""
    record: dict[str, Any] = masked_record(
        disposition_record(entry.disposition)
        | {
            "rectified_by": entry.rectified_by,
            "rectified_at": moment_record(entry.rectified_at),
            "rectified_note": entry.rectified_note,
            "withdrawn_by": entry.withdrawn_by,
            "withdrawn_at": moment_record(entry.withdrawn_at),
            "withdrawn_why": entry.withdrawn_why,
        }
    )
    return record


def disposition_record(disposition: Disposition) -> dict[str, Any]:
    """Return a step as ``--json`` prints it."""
    return {
        "number": disposition.number,
        "account_id": disposition.account_id,
        "step": disposition.step.value,
        "on": disposition.on.isoformat(),
        "document": disposition.document,
        "signer": disposition.signer,
        "note": disposition.note,
        "months": list(disposition.months),
        "by": disposition.by,
        "at": moment_record(disposition.at),
        "rectified": disposition.rectified,
        "attachments": list(disposition.attachments),
    }


def closing_record(closing: Closing) -> dict[str, Any]:
    """Return a notice of closing as ``--json`` prints it."""
    return {
        "notice": _day(closing.notice),
        "closed": _day(closing.closed),
        "workdays": closing.days,
        "required": closing.least,
        "full_on": _day(closing.full_on),
        "may_close_on": _day(closing.may_close_on),
        "too_early": closing.too_early,
        "provisional": bool(closing.unknown),
        "told": closing_sentence(closing),
    }


def ledger_record(found: Ledger, closings: Closings) -> dict[str, Any]:
    """Return the ledger as ``--json`` prints it."""
    return {
        "entries": [entry_record(entry) | {"account_name": whose.name} for whose, entry in found.entries],
        "closings": [
            {"account_id": account.account_id, "account_name": account.name} | closing_record(closing)
            for account, closing in closings.accounts
        ],
    }


def proposals_record(found: Proposals) -> dict[str, Any]:
    """Return what is proposed as ``--json`` prints it."""
    return {
        "month": found.inspection.month,
        "stage": found.inspection.stage.value,
        "made_at": moment_record(found.inspection.made_at),
        "proposals": [proposed_record(each) for each in sorted(found.found, key=gravest_first)],
    }


def proposed_record(proposed: Proposed) -> dict[str, Any]:
    """Return one proposal as ``--json`` prints it."""
    proposal = proposed.proposal
    recorded = [disposition_record(each) for each in proposed.since]
    return {
        "account_id": proposed.account_id,
        "account_name": proposed.account_name,
        "platform": proposed.platform,
        "organizer": proposed.organizer,
        "month": proposed.month,
        "result": proposed.result.value,
        "disposal": proposal.text,
        "step": None if proposal.step is None else proposal.step.value,
        "months": list(proposal.months),
        "why": proposal.why,
        "is_recorded": proposed.is_recorded,
        "recorded": masked_record(recorded),
    }


def gravest_first(proposed: Proposed) -> tuple[int, str]:
    """Sort proposals by their step, the gravest first, then by account id."""
    order = [step.value for step in Step]
    text = proposed.proposal.text
    return (-order.index(text) if text in order else 0, proposed.account_id)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
