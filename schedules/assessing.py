"""The year (年度考核): what twelve inspections said of every account, scored by a scheme and written as files."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from monitor.account_year import AccountMonth, AccountYear, Fault, untold
from monitor.assessment import AccountScore, OrganizerScore, assess, organizers
from monitor.findings import Result
from monitor.frame import month_of
from monitor.proof import day_end, day_start
from monitor.quarters import quarters
from monitor.rechecking import Outcome
from monitor.schemes import MONTHS, Scheme
from monitor.values import Account, Platform
from reports.assessment import write_tables
from reports.assessment_book import write_book
from reports.assessment_values import InspectedMonth, YearReport
from reports.folder import Folder
from schedules.office import Office, RequestError
from storage.accounts import all_accounts
from storage.year_results import (
    StoredRecheck,
    StoredResult,
    YearInspection,
    faults_in,
    inspections_of,
    last_rechecks,
    reminders_by_month,
    results_in,
)

_YEAR = re.compile(r"(?:19|20)\d\d")
QUARTERS_FILE = "quarters.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What an assessment gave: its figures, and where its files are."""

    report: YearReport
    folder: Path
    files: tuple[Path, ...]


@dataclass(slots=True)
class _Year:
    """What is read of a year, by account and month (1 to 12)."""

    accounts: list[Account] = field(default_factory=list[Account])
    said: dict[tuple[str, int], tuple[Result, int, int]] = field(default_factory=dict[tuple[str, int], Any])
    faults: dict[tuple[str, int], list[Fault]] = field(default_factory=lambda: defaultdict(list))
    rechecks: dict[tuple[str, int], list[StoredRecheck]] = field(default_factory=lambda: defaultdict(list))
    reminders: Mapping[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    last: dict[str, StoredResult] = field(default_factory=dict[str, StoredResult])
    names: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    units: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))


def assess_year(
    office: Office, text: str, out: Path, scheme: Scheme, *, now: datetime, by_quarter: bool = False
) -> Assessment:
    """Assess the year that ``text`` names from its inspections, and write ``out/year/``; nothing is judged anew.

    The quarters are written where they are asked for or the folder has them from before, so that its files agree.
    Raises RequestError for what is no year, one that has not begun or one without any inspection, and ReportError
    where nothing could be written.
    """
    today = now.astimezone(office.zone).date()
    year = _read_year(text, today)
    months = [f"{year}-{number:02}" for number in range(1, MONTHS + 1)]
    with office.database.read() as session:
        inspected = inspections_of(session, months)
        if not inspected:
            raise RequestError(
                f"{year}年还没有已完成的月度检查，不能考核；请先检查各月，例如运行 xunjian inspect {months[0]}。"
            )
        known = _read(session, office, inspected, months)
    due = MONTHS if year < today.year else max(today.month - 1, _number(inspected[-1].month))
    scores = assess(list(_years(office, known, inspected, year, due)), scheme)
    folder_path = out / str(year)
    wanted = by_quarter or (folder_path / QUARTERS_FILE).exists()
    report = YearReport(
        year=year,
        office=office.name,
        scheme=scheme,
        months=tuple(_inspected(each, office) for each in inspected),
        due=due,
        is_over=year < today.year,
        accounts=scores,
        organizers=_by_organizer(scores, known, scheme),
        quarters=quarters([each.year for each in scores], due) if wanted else [],
    )
    with Folder(folder_path, now) as folder:
        write_book(folder, report)
        write_tables(folder, report)
        folder.commit()
    return Assessment(report=report, folder=folder.path, files=tuple(folder.files))


def _read_year(text: str, today: date) -> int:
    if not _YEAR.fullmatch(text.strip()):
        raise RequestError(f"考核年度“{text}”写法不正确；应为四位数的年份，例如 {today.year}。")
    year = int(text)
    if year > today.year:
        raise RequestError(f"考核年度 {year} 年尚未开始，不能考核；请指定已经开始的年份，例如 {today.year}。")
    return year


def _read(session: Session, office: Office, inspected: Sequence[YearInspection], months: Sequence[str]) -> _Year:
    numbers = [each.number for each in inspected]
    known = _Year(accounts=all_accounts(session))
    for result in results_in(session, numbers):
        known.said[result.account_id, _number(result.month)] = (result.result, result.published, result.original)
        known.last[result.account_id] = result
        known.names[result.account_id][result.account_name] = None
        known.units[result.account_id][result.organizer] = None
    for fault in faults_in(session, numbers):
        known.faults[fault.account_id, _number(fault.month)].append(Fault(code=fault.code, severity=fault.severity))
    # What was found in December is looked at again in the next year.
    year = int(months[0][:4])
    after = inspections_of(session, [f"{year + 1}-{number:02}" for number in range(1, MONTHS + 1)])
    for found in last_rechecks(session, [*numbers, *(each.number for each in after)], months):
        known.rechecks[found.account_id, _number(found.month)].append(found)
    start, end = (day_start(date(each, 1, 1), office.zone) for each in (year, year + 1))
    sent = reminders_by_month(session, start, end, office.zone)
    known.reminders = {(account_id, _number(month)): count for (account_id, month), count in sent.items()}
    return known


def _years(
    office: Office, known: _Year, inspected: Sequence[YearInspection], year: int, due: int
) -> Iterator[AccountYear]:
    points = {_number(each.month): _last_day(each, office) for each in inspected}
    listed = {each.account_id for each in known.accounts}
    gone = [_vanished(known.last[each]) for each in sorted(known.last) if each not in listed]
    for account in (*known.accounts, *gone):
        yield AccountYear(
            account=account,
            months=tuple(_month(account, known, points, year, number, due) for number in range(1, MONTHS + 1)),
            notes=tuple(_notes(account, known, is_listed=account.account_id in listed)),
        )


def _month(
    account: Account, known: _Year, points: Mapping[int, date], year: int, number: int, due: int
) -> AccountMonth:
    of = (account.account_id, number)
    window = month_of(date(year, number, 1))
    result, published, original = known.said.get(of) or (untold(account, window, due=number <= due), 0, 0)
    faults = tuple(known.faults.get(of, ()))
    # What was dismissed since, and is no finding of the month any more, was never to be rectified.
    codes = {each.code for each in faults}
    rechecks = [each for each in known.rechecks.get(of, ()) if each.code in codes]
    return AccountMonth(
        month=number,
        state=result,
        published=published,
        original=original,
        reminders=known.reminders.get(of, 0),
        faults=faults,
        rectified=tuple(
            _days(each, points.get(number, window.last)) for each in rechecks if each.outcome is Outcome.RECTIFIED
        ),
        unrectified=sum(each.outcome is Outcome.NOT_RECTIFIED for each in rechecks),
    )


def _days(found: StoredRecheck, since: date) -> int | None:
    """Return the days from the inspection's last day to the amends; None where nobody knows their day."""
    return None if found.day is None else max((found.day - since).days, 0)


def _vanished(last: StoredResult) -> Account:
    """Return an account that is no longer in the registry as its last inspection of the year knew it."""
    return Account(
        account_id=last.account_id,
        name=last.account_name,
        platform=Platform(last.platform),
        organizer=last.organizer,
        supervisor=last.supervisor,
        main=last.main,
    )


def _notes(account: Account, known: _Year, *, is_listed: bool) -> Iterator[str]:
    of = account.account_id
    if not is_listed:
        yield f"已不在备案台账中，名称和单位为{_number(known.last[of].month)}月检查时的"
    names = [each for each in known.names.get(of, ()) if each != account.name]
    if names:
        yield f"曾用名称：{'、'.join(names)}"
    units = [each for each in known.units.get(of, ()) if each != account.organizer]
    if units:
        yield f"曾属主办单位：{'、'.join(units)}"


def _by_organizer(scores: Sequence[AccountScore], known: _Year, scheme: Scheme) -> list[OrganizerScore]:
    """Return the organizers by rank, equal ones in the order of the registry."""
    place = {account.account_id: at for at, account in enumerate(known.accounts)}
    last = len(place)
    return organizers(sorted(scores, key=lambda each: place.get(each.year.account.account_id, last)), scheme)


def _inspected(each: YearInspection, office: Office) -> InspectedMonth:
    last = _last_day(each, office)
    return InspectedMonth(
        month=_number(each.month),
        time_point=each.time_point.astimezone(office.zone),
        made_at=each.made_at.astimezone(office.zone),
        policy=each.policy,
        stage=each.stage,
        last_day=last,
        is_whole=_is_whole(each, office),
    )


def _is_whole(each: YearInspection, office: Office) -> bool:
    year, number = map(int, each.month.split("-"))
    return each.time_point >= day_end(month_of(date(year, number, 1)).last, office.zone)


def _last_day(each: YearInspection, office: Office) -> date:
    """Return the local day in which the last moment before an inspection's time point lies."""
    return (each.time_point - timedelta(microseconds=1)).astimezone(office.zone).date()


def _number(month: str) -> int:
    return int(month[5:])
