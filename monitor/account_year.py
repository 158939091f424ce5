"""One account's year: what the inspection that counts said of each month, and what the months add up to."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from monitor.findings import Result, Severity, Window, original_share
from monitor.life import term
from monitor.statistics import Count
from monitor.values import Account


class Untold(StrEnum):
    """What stands for a month of which no inspection says anything."""

    NOT_INSPECTED = "未检查"
    NOT_DUE = "未到期"


State = Result | Untold


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A proven finding, as the inspection has it."""

    code: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What months add up to.

    ``rectified`` counts the findings of these months that were found rectified; ``timed`` of them took ``days`` days
    together, from the inspection's time point on, ``longest`` the longest of them (None: of none the day is known).
    """

    passed: int = 0
    failed: int = 0
    review: int = 0
    unverifiable: int = 0
    not_inspected: int = 0
    not_applicable: int = 0
    published: int = 0
    original: int = 0
    reminders: int = 0
    vetoes: int = 0
    bulletins: int = 0
    rectified: int = 0
    unrectified: int = 0
    timed: int = 0
    days: int = 0
    longest: int | None = None

    def __add__(self, other: "Totals") -> "Totals":
        """Return both together."""
        known = [each for each in (self.longest, other.longest) if each is not None]
        return Totals(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            review=self.review + other.review,
            unverifiable=self.unverifiable + other.unverifiable,
            not_inspected=self.not_inspected + other.not_inspected,
            not_applicable=self.not_applicable + other.not_applicable,
            published=self.published + other.published,
            original=self.original + other.original,
            reminders=self.reminders + other.reminders,
            vetoes=self.vetoes + other.vetoes,
            bulletins=self.bulletins + other.bulletins,
            rectified=self.rectified + other.rectified,
            unrectified=self.unrectified + other.unrectified,
            timed=self.timed + other.timed,
            days=self.days + other.days,
            longest=max(known, default=None),
        )

    @property
    def judged(self) -> int:
        """Months that were judged, 合格 or 不合格."""
        return self.passed + self.failed

    @property
    def share(self) -> float | None:
        """The share of originals among the posts, None without posts."""
        return original_share(self.original, self.published)

    @property
    def average_days(self) -> Decimal | None:
        """The mean of the days to rectify to one decimal, rounded half up; None where no day is known."""
        if not self.timed:
            return None
        return (Decimal(self.days) / self.timed).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMonth:
    """One month of an account, 1 to 12, as the inspection that counts has it.

    ``rectified`` has, for each finding of the month that was found rectified, the days that it took, None where nobody
    knows; ``unrectified`` counts those that were found not to be.
    """

    month: int
    state: State
    published: int = 0
    original: int = 0
    reminders: int = 0
    faults: tuple[Fault, ...] = ()
    rectified: tuple[int | None, ...] = ()
    unrectified: int = 0

    @property
    def is_judged(self) -> bool:
        """Whether the month is 合格 or 不合格; nothing else gives or costs anything."""
        return self.state in (Result.PASSED, Result.FAILED)

    @property
    def vetoes(self) -> int:
        """Proven findings of 否决."""
        return sum(each.severity is Severity.VETO for each in self.faults)

    @property
    def bulletins(self) -> int:
        """Proven findings of 通报."""
        return sum(each.severity is Severity.BULLETIN for each in self.faults)

    @property
    def count(self) -> Count:
        """What the account adds to the figures of the month; one that is not over yet adds nothing."""
        if self.state is Untold.NOT_DUE:
            return Count()
        return count_of_state(self.state, self.published, self.original)

    @property
    def totals(self) -> Totals:
        """The month by itself."""
        timed = [each for each in self.rectified if each is not None]
        return Totals(
            passed=int(self.state is Result.PASSED),
            failed=int(self.state is Result.FAILED),
            review=int(self.state is Result.REVIEW),
            unverifiable=int(self.state is Result.UNVERIFIABLE),
            not_inspected=int(self.state is Untold.NOT_INSPECTED),
            not_applicable=int(self.state is Result.NOT_APPLICABLE),
            published=self.published,
            original=self.original,
            reminders=self.reminders,
            vetoes=self.vetoes,
            bulletins=self.bulletins,
            rectified=len(self.rectified),
            unrectified=self.unrectified,
            timed=len(timed),
            days=sum(timed),
            longest=max(timed, default=None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountYear:
    """Twelve months of an account under its newest name; ``notes`` are Chinese half-sentences for 备注."""

    account: Account
    months: tuple[AccountMonth, ...]
    notes: tuple[str, ...] = ()

    @property
    def totals(self) -> Totals:
        """All months together."""
        return sum((each.totals for each in self.months), Totals())


def count_of_state(state: State, published: int, original: int) -> Count:
    """Return what one account of this state adds; one that nobody inspected is due and not judged."""
    return Count(
        accounts=1,
        passed=int(state is Result.PASSED),
        failed=int(state is Result.FAILED),
        review=int(state is Result.REVIEW),
        unverifiable=int(state is Result.UNVERIFIABLE),
        not_applicable=int(state is Result.NOT_APPLICABLE),
        published=published,
        original=original,
    )


def untold(account: Account, month: Window, *, due: bool) -> State:
    """Return what stands for a month of which no inspection says anything of the account; ``due`` once one should."""
    life = term(account)
    if life is None or life.last < month.first or month.last < life.first:
        return Result.NOT_APPLICABLE
    return Untold.NOT_INSPECTED if due else Untold.NOT_DUE
