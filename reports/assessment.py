"""The tables of the annual assessment as CSV: assessment.csv, organizers.csv, months.csv and quarters.csv."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from monitor.account_year import Untold
from reports.assessment_rows import ACCOUNT_MONTHS, ACCOUNTS, ORGANIZERS, QUARTERS
from reports.assessment_values import AccountRow, MonthRow, OrganizerRow, QuarterRow, Share, Value, YearReport
from reports.cells import Cell, rate, share
from reports.folder import Folder
from reports.tables import Table

R = TypeVar("R")


def account_rows(report: YearReport) -> Iterator[AccountRow]:
    """Yield the rows of accounts, by rank."""
    return (AccountRow(number, each, report) for number, each in enumerate(report.accounts, 1))


def organizer_rows(report: YearReport) -> Iterator[OrganizerRow]:
    """Yield the rows of organizers, by rank."""
    return (OrganizerRow(number, each, report) for number, each in enumerate(report.organizers, 1))


def month_rows(report: YearReport) -> Iterator[MonthRow]:
    """Yield a row for each account and month of which an inspection is due, in the order of the accounts."""
    for each in report.accounts:
        for month in each.year.months:
            if month.state is not Untold.NOT_DUE and month.month <= report.due:
                yield MonthRow(each, month, month.totals, report)


def quarter_rows(report: YearReport) -> Iterator[QuarterRow]:
    """Yield the rows of quarters."""
    return (QuarterRow(each, report) for each in report.quarters)


def write_tables(folder: Folder, report: YearReport) -> None:
    """Write the tables into a folder; quarters.csv only where the report has quarters."""
    _write(folder, "assessment.csv", ACCOUNTS, account_rows(report))
    _write(folder, "organizers.csv", ORGANIZERS, organizer_rows(report))
    _write(folder, "months.csv", ACCOUNT_MONTHS, month_rows(report))
    if report.quarters:
        _write(folder, "quarters.csv", QUARTERS, quarter_rows(report))


def plain(value: Value) -> Cell:
    """Return a value as a CSV cell holds it."""
    if isinstance(value, Share):
        return share(value.value) if value.of_all else rate(value.value)
    return str(value) if isinstance(value, Decimal) else value


def _write(folder: Folder, name: str, columns: Mapping[str, Callable[[R], Value]], rows: Iterable[R]) -> None:
    Table(folder.open(name, bom=True), {title: _plainly(column) for title, column in columns.items()}).write(rows)


def _plainly(column: Callable[[R], Value]) -> Callable[[R], Cell]:
    return lambda row: plain(column(row))
