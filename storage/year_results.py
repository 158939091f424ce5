"""Read what the inspections that count say of each account and month of a year."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.findings import Result, Severity, Verdict
from monitor.rechecking import Outcome
from monitor.stages import Stage
from storage.inspections import counting_inspections
from storage.models import inspection_findings, inspection_results, inspection_stages, inspections, rechecks, reminders

_ROWS = 2_000  # read at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class YearInspection:
    """The inspection of a month (``2026-10``) that counts, and how far people have come with it."""

    number: int
    month: str
    time_point: datetime
    made_at: datetime
    policy: str
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """What an inspection said of an account, by the names that it had then."""

    month: str
    account_id: str
    account_name: str
    organizer: str
    supervisor: str
    platform: str
    main: bool
    result: Result
    published: int
    original: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFault:
    """A proven finding of an inspection."""

    month: str
    account_id: str
    code: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecheck:
    """What was found at last of the findings of a rule and month; ``day`` is the one of the amends, where known."""

    month: str
    account_id: str
    code: str
    outcome: Outcome
    day: date | None


def inspections_of(session: Session, months: Sequence[str]) -> list[YearInspection]:
    """Return the inspections of ``months`` that count, in order of month; months without one are left out."""
    numbers = counting_inspections(session, months)
    order = list(Stage)
    stages: dict[int, Stage] = {}
    reached = select(inspection_stages.c.inspection_id, inspection_stages.c.stage)
    for number, name in session.execute(reached.where(inspection_stages.c.inspection_id.in_(numbers))):
        stages[number] = max(stages.get(number, Stage.DRAFT), Stage(name), key=order.index)
    rows = session.execute(select(inspections).where(inspections.c.id.in_(numbers)).order_by(inspections.c.month))
    return [
        YearInspection(
            number=row.id,
            month=row.month,
            time_point=row.time_point,
            made_at=row.made_at,
            policy=row.policy,
            stage=stages.get(row.id, Stage.DRAFT),
        )
        for row in rows
    ]


def results_in(session: Session, numbers: Sequence[int]) -> Iterator[StoredResult]:
    """Yield what inspections said of every account, in order of month and account."""
    of = inspection_results.c
    said = of.payload
    statement = (
        select(
            inspections.c.month,
            of.account_id,
            of.account_name,
            of.organizer,
            of.platform,
            of.result,
            # Not the whole payload: the posts in it may be many.
            said["supervisor"].as_string(),
            said["main"].as_boolean(),
            said["published"].as_integer(),
            said["original"].as_integer(),
        )
        .join_from(inspection_results, inspections, inspections.c.id == of.inspection_id)
        .where(of.inspection_id.in_(numbers))
        .order_by(inspections.c.month, of.account_id)
    )
    for row in session.execute(statement.execution_options(yield_per=_ROWS)):
        month, account_id, name, organizer, platform, result, supervisor, main, published, original = row
        yield StoredResult(
            month=month,
            account_id=account_id,
            account_name=name,
            organizer=organizer,
            supervisor=supervisor or "",
            platform=platform,
            main=bool(main),
            result=Result(result),
            published=published or 0,
            original=original or 0,
        )


def faults_in(session: Session, numbers: Sequence[int]) -> Iterator[StoredFault]:
    """Yield the proven findings of inspections, in order of month and of the files."""
    of = inspection_findings.c
    statement = (
        select(inspections.c.month, of.account_id, of.code, of.severity)
        .join_from(inspection_findings, inspections, inspections.c.id == of.inspection_id)
        .where(of.inspection_id.in_(numbers), of.verdict == Verdict.VERIFIED.value)
        .order_by(inspections.c.month, of.position)
    )
    for month, account_id, code, severity in session.execute(statement.execution_options(yield_per=_ROWS)):
        yield StoredFault(month=month, account_id=account_id, code=code, severity=Severity(severity))


def last_rechecks(session: Session, numbers: Sequence[int], months: Sequence[str]) -> list[StoredRecheck]:
    """Return what the inspections ``numbers`` found at last of each rule's findings of ``months``."""
    statement = (
        select(rechecks.c.account_id, rechecks.c.month, rechecks.c.code, rechecks.c.result, rechecks.c.day)
        .join_from(rechecks, inspections, inspections.c.id == rechecks.c.inspection_id)
        .where(rechecks.c.inspection_id.in_(numbers), rechecks.c.month.in_(months))
        .order_by(inspections.c.month, rechecks.c.position)
    )
    found: dict[tuple[str, str, str], StoredRecheck] = {}
    for account_id, month, code, result, day in session.execute(statement):
        found[account_id, month, code] = StoredRecheck(
            month=month, account_id=account_id, code=code, outcome=Outcome(result), day=day
        )
    return list(found.values())


def reminders_by_month(session: Session, start: datetime, end: datetime, zone: tzinfo) -> Counter[tuple[str, str]]:
    """Count the reminders sent in [start, end) by account and local month (``2026-10``)."""
    statement = select(reminders.c.account_id, reminders.c.sent_at).where(
        reminders.c.sent_at >= start, reminders.c.sent_at < end
    )
    rows = session.execute(statement.execution_options(yield_per=_ROWS))
    return Counter((account_id, f"{sent_at.astimezone(zone):%Y-%m}") for account_id, sent_at in rows)
