"""What the files of a year are made of: the report, its rows, and shares as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from monitor.account_year import AccountMonth, Totals
from monitor.assessment import AccountScore, OrganizerScore
from monitor.quarters import QuarterCount
from monitor.schemes import Scheme
from monitor.stages import Stage


class Share(NamedTuple):
    """A share of 1, shown as a percentage; ``of_all`` says that it is one of a whole, of which only all is 100.0%."""

    value: float
    of_all: bool = False

    @property
    def rounded(self) -> Decimal:
        """The share as it is shown, to a tenth of a percent: cut off where it is of a whole, else rounded half up."""
        how = ROUND_DOWN if self.of_all else ROUND_HALF_UP
        return Decimal(str(self.value)).quantize(Decimal("0.001"), rounding=how)


Value = str | int | Decimal | Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedMonth:
    """The inspection that counts for a month (1 to 12), times in the office's zone.

    ``last_day`` is the last one judged; ``is_whole`` says that it was made of the whole month.
    """

    month: int
    time_point: datetime
    made_at: datetime
    policy: str
    stage: Stage
    last_day: date
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReport:
    """Everything that the files of a year show.

    Inspections are due of the first ``due`` months; ``quarters`` is empty where they are not wanted.
    """

    year: int
    office: str
    scheme: Scheme
    months: tuple[InspectedMonth, ...]
    due: int
    is_over: bool
    accounts: Sequence[AccountScore]
    organizers: Sequence[OrganizerScore]
    quarters: Sequence[QuarterCount] = ()

    @property
    def drafts(self) -> tuple[int, ...]:
        """Months whose inspection is not final."""
        return tuple(each.month for each in self.months if not each.stage.is_final)


class AccountRow(NamedTuple):
    """What one row of assessment.csv is made of."""

    number: int
    scored: AccountScore
    report: YearReport


class OrganizerRow(NamedTuple):
    """What one row of organizers.csv is made of."""

    number: int
    scored: OrganizerScore
    report: YearReport


class MonthRow(NamedTuple):
    """What one row of months.csv is made of."""

    scored: AccountScore
    month: AccountMonth
    totals: Totals
    report: YearReport


class QuarterRow(NamedTuple):
    """What one row of quarters.csv is made of."""

    found: QuarterCount
    report: YearReport


def month_list(months: Sequence[int]) -> str:
    """Return ``3月、5月``."""
    return "、".join(f"{each}月" for each in months)
