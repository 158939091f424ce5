"""Read the history of one account: what inspections said of it, what people decided and recorded, what comes next."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session

from monitor.case import Case
from monitor.closing import closing_of
from monitor.deadlines import deadlines_of
from monitor.decisions import Decision
from monitor.findings import Deadline
from monitor.frame import ONE_DAY, Frame, month_of
from monitor.rechecking import Recheck
from monitor.values import Account
from reports.account_history import (
    AccountHistory,
    DecisionMade,
    FindingOfMonth,
    FormerName,
    MonthOfAccount,
    RecheckedFinding,
    ReminderMade,
)
from schedules.account_next import next_steps
from schedules.counting import months_before, read_month
from schedules.disposing_advice import frame_now
from schedules.known_accounts import Known, known_account
from schedules.observe import RECHECKED, observe
from schedules.office import Office
from schedules.proposing import proposal_of
from storage.account_results import StoredFinding, StoredResult, findings_of_account, results_of_account
from storage.decisions import decisions_made
from storage.dispositions import ledger
from storage.inspected import newest_month
from storage.rechecks import duties_of, rechecks_between
from storage.reminders import reminders_between
from storage.stages import stage_of

MONTHS: Final = 12


def account_history(office: Office, account_id: str, *, now: datetime) -> AccountHistory:
    """Return the history of an account up to now: the twelve months that end with the newest one inspected.

    An account that the registry has no more is told by what its inspections and the ledger say. Raises RequestError,
    which names the nearest, for one of which nothing is known.
    """
    frame = frame_now(office, now)
    ended = month_of(frame.period.first - ONE_DAY)
    with office.database.read() as session:
        whose = known_account(office, session, account_id)
        inspected = newest_month(session)
        newest = inspected or f"{ended.first:%Y-%m}"
        months = [newest, *months_before(read_month(newest).first, MONTHS)]
        everything = results_of_account(session, whose.account_id)
        made = decisions_made(session, whose.account_id)
        entries = ledger(session, [whose.account_id])
        proposed = proposal_of(office, session, whose.account_id)
        following = month_of(read_month(newest).last + ONE_DAY) if inspected else ended
        upcoming = office.frame(min(following, frame.period), now)
        duties = duties_of(session, [whose.account_id], months[:RECHECKED], office.zone).get(whose.account_id, ())
        closing = None if whose.account is None else closing_of(whose.account, frame)
        reminders = reminders_between(session, frame.start(read_month(months[-1]).first), now, whose.account_id)
        return AccountHistory(
            office=office.name,
            zone=office.zone,
            as_of=now,
            account_id=whose.account_id,
            name=whose.name,
            platform=whose.platform,
            organizer=whose.organizer,
            account=whose.account,
            former_names=tuple(_former_names(whose, everything)),
            months=tuple(_months(session, whose.account_id, months, everything, [each.decision for each in made])),
            rechecks=tuple(
                RecheckedFinding(found_in=month, recheck=each)
                for month, each in _newest_first(rechecks_between(session, [whose.account_id], months))
            ),
            decisions=tuple(
                DecisionMade(
                    decision=each.decision,
                    withdrawn_at=each.withdrawn_at,
                    withdrawn_by=each.withdrawn_by,
                    withdrawn_why=each.withdrawn_why,
                )
                for each in reversed(made)
            ),
            ledger=tuple(entries),
            reminders=tuple(
                ReminderMade(
                    made_at=each.made_at,
                    sent_at=each.sent_at,
                    rule=each.rule,
                    window=each.window,
                    ends_at=each.ends_at,
                    text=each.text,
                )
                for each in reversed(reminders)
            ),
            proposed=proposed,
            closing=closing,
            deadlines=_deadlines(session, whose.account, frame),
            next=tuple(next_steps(whose, frame, duties, proposed, entries, closing, upcoming)),
        )


def _newest_first(found: Sequence[tuple[str, Recheck]]) -> list[tuple[str, Recheck]]:
    """Return re-checks by the month that found them, the newest first, each month's in their order."""
    return sorted(found, key=lambda each: each[0], reverse=True)


def _former_names(whose: Known, results: Sequence[StoredResult]) -> Iterator[FormerName]:
    """Give what the account was called in earlier inspections, the newest first, where that differs from today's."""
    called = (whose.name, whose.platform, whose.organizer)
    for names, some in groupby(results, lambda each: (each.account_name, each.platform, each.organizer)):
        months = [each.month for each in some]
        if names != called:
            name, platform, organizer = names
            yield FormerName(name=name, platform=platform, organizer=organizer, first=months[-1], last=months[0])


def _months(
    session: Session, account_id: str, months: Sequence[str], results: Sequence[StoredResult], made: Iterable[Decision]
) -> Iterator[MonthOfAccount]:
    """Give the months, the newest first, back to the first of them in which the account was inspected."""
    found = {each.month: each for each in results}
    inspected = [at for at, month in enumerate(months) if month in found]
    decisions = {each.number: each for each in made}
    findings: dict[int, list[StoredFinding]] = {}
    for each in findings_of_account(session, account_id, [each.inspection_id for each in results]):
        findings.setdefault(each.inspection_id, []).append(each)
    for month in months[: max(inspected) + 1] if inspected else ():
        said = found.get(month)
        if said is None:
            yield MonthOfAccount(month=month)
            continue
        yield MonthOfAccount(
            month=month,
            result=said.result,
            stage=stage_of(session, said.inspection_id),
            published=said.published,
            original=said.original,
            coverage_share=said.coverage_share,
            disposal=said.disposal,
            notes=said.notes,
            findings=tuple(_finding(each, decisions) for each in findings.get(said.inspection_id, ())),
        )


def _finding(said: StoredFinding, decisions: dict[int, Decision]) -> FindingOfMonth:
    known = [decisions[number] for number in said.decisions if number in decisions]
    return FindingOfMonth(
        code=said.code,
        category=said.category,
        severity=said.severity,
        verdict=said.verdict,
        windows=said.windows,
        description=said.description,
        due=said.due,
        decisions=tuple(f"{each.by}{each.ruling}{f'：{each.note}' if each.note else ''}" for each in known),
    )


def _deadlines(session: Session, account: Account | None, frame: Frame) -> tuple[Deadline, ...]:
    """Return the account's next deadlines, as a spot check has them."""
    if account is None:
        return ()
    seen = observe(session, [account.account_id], frame, None)[account.account_id]
    return deadlines_of(Case(account, seen, frame))
