"""Inspections of a year, kept as they would have been: results and findings, without anything to judge them by."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.findings import Figures, Finding, Judgement, Result, Severity, Verdict, Window
from monitor.frame import month_of
from monitor.proof import day_end
from monitor.rechecking import Duty, Outcome, Recheck
from monitor.stages import Stage, StageEntry
from monitor.values import Account
from schedules.office import Office
from storage.database import Database
from storage.inspections import Inspection, begin_inspection, finish_inspection, save_judgements
from storage.rechecks import save_rechecks
from storage.stages import save_stage
from tests.monitor.builders import ZONE

FIGURES = Figures(
    published=0,
    original=0,
    reposted=0,
    undetermined=0,
    last_post=None,
    days_since_last=None,
    longest_silence=None,
    workdays_due=None,
    workdays_met=None,
    workdays_missed=(),
    weeks_due=None,
    weeks_met=None,
    weeks_missed=(),
    recent_originals=0,
    coverage_share=1.0,
)
PASSED, FAILED, REVIEW, UNSEEN = Result.PASSED, Result.FAILED, Result.REVIEW, Result.UNVERIFIABLE
VETO, BULLETIN, HINT = Severity.VETO, Severity.BULLETIN, Severity.HINT


def first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def a_fault(
    account: Account,
    month: str,
    code: str = "GX-03",
    severity: Severity = BULLETIN,
    verdict: Verdict = Verdict.VERIFIED,
) -> Finding:
    first = first_of(month)
    return Finding(
        account_id=account.account_id,
        code=code,
        category="未达到周更新要求",
        severity=severity,
        verdict=verdict,
        windows=(Window(first, first + timedelta(days=6)),),
        description="本周无更新。",
        clause="依据",
        due=first + timedelta(days=40),
    )


def said(
    account: Account, result: Result = PASSED, *findings: Finding, published: int = 10, original: int = 4
) -> Judgement:
    return Judgement(
        account=account,
        windows=(),
        findings=findings,
        figures=replace(FIGURES, published=published, original=original),
        result=result,
        failures=0,
        disposal="",
        coverage=(),
    )


def failed(account: Account, month: str, code: str = "GX-03", severity: Severity = BULLETIN, **more: Any) -> Judgement:
    return said(account, FAILED, a_fault(account, month, code, severity), **more)


def a_recheck(account: Account, month: str, outcome: Outcome, day: date | None = None, code: str = "GX-03") -> Recheck:
    first = first_of(month)
    duty = Duty(
        account_id=account.account_id,
        month=month,
        code=code,
        category="未达到周更新要求",
        windows=(Window(first, first),),
        since=first,
        due=first + timedelta(days=40),
    )
    return Recheck(duty=duty, outcome=outcome, why="", day=day)


def inspected(
    database: Database,
    month: str,
    *judgements: Judgement,
    final: bool = True,
    rechecks: Sequence[Recheck] = (),
    until: date | None = None,
    made_days_later: int = 1,
) -> int:
    """Keep an inspection of a month, by default of the whole and final; ``until`` is its last day otherwise."""
    point = day_end(until or month_of(first_of(month)).last, ZONE)
    made = point + timedelta(days=made_days_later)
    with database.begin() as session:
        inspection = Inspection(month=month, time_point=point, as_of=None, made_at=made, policy="gaoxian 1.3")
        number = begin_inspection(session, inspection)
        save_judgements(session, number, judgements, 1)
        save_rechecks(session, number, rechecks, 1)
        number = finish_inspection(session, number)
        if final:
            for stage in (Stage.REVIEWING, Stage.FINAL):
                save_stage(session, number, StageEntry(stage=stage, by="王某", at=made))
    return number


def year_of(office: Office, accounts: Mapping[Account, str], *, year: int = 2026, final: bool = True) -> None:
    """Keep the inspections of months in which any account has a letter: P, F, V (a veto), R or U; ``-`` is none."""
    for at in range(12):
        month = f"{year}-{at + 1:02}"
        letters = {account: text[at] for account, text in accounts.items() if text[at] != "-"}
        if letters:
            inspected(
                office.database, month, *(_said(each, month, letter) for each, letter in letters.items()), final=final
            )


def _said(account: Account, month: str, letter: str) -> Judgement:
    if letter == "V":
        return failed(account, month, "GX-01", VETO)
    if letter == "F":
        return failed(account, month)
    return said(account, {"P": PASSED, "R": REVIEW, "U": UNSEEN, "N": Result.NOT_APPLICABLE}[letter])


def at(text: str) -> datetime:
    """A day of the office as a moment at noon, UTC."""
    return datetime.fromisoformat(f"{text}T12:00").replace(tzinfo=ZONE).astimezone(UTC)
