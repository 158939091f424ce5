"""The year by quarters, as it is reported upwards: how many accounts were inspected at least once, and the results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.account_year import AccountYear, State, Untold, count_of_state
from monitor.findings import Result
from monitor.statistics import Count
from monitor.values import Platform

LENGTH = 3
QUARTERS = (1, 2, 3, 4)
_ORDER = (Result.FAILED, Result.PASSED, Result.REVIEW, Result.UNVERIFIABLE, Untold.NOT_INSPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterCount:
    """The figures of a quarter on one platform, ``platform`` None for all together.

    An account counts as inspected (检查数) where at least one of its months was judged, as 不合格 where one was.
    """

    quarter: int
    platform: Platform | None
    count: Count

    @property
    def not_inspected(self) -> int:
        """Accounts that were due and of which no inspection of the quarter says anything."""
        known = self.count.judged + self.count.review + self.count.unverifiable
        return self.count.due - known


def months_of(quarter: int) -> range:
    """Return the numbers of a quarter's months."""
    return range((quarter - 1) * LENGTH + 1, quarter * LENGTH + 1)


def quarters(years: Sequence[AccountYear], due: int) -> list[QuarterCount]:
    """Return the figures of every quarter that the ``due`` months reach into: those of each platform, then of all."""
    found: list[QuarterCount] = []
    for quarter in QUARTERS:
        if months_of(quarter)[0] > due:
            break
        counts: dict[Platform, Count] = {}
        for year in years:
            platform = year.account.platform
            counts[platform] = counts.get(platform, Count()) + _count(year, quarter)
        ordered: list[Platform | None] = [each for each in Platform if each in counts]
        rows = [QuarterCount(quarter=quarter, platform=each, count=_of(counts, each)) for each in (*ordered, None)]
        found.extend(rows)
    return found


def quarter_state(states: Iterable[State]) -> State:
    """Return what a quarter's months come to together: 不合格 before 合格, what was judged before what was not."""
    given = set(states)
    return next((each for each in _ORDER if each in given), Result.NOT_APPLICABLE)


def _count(year: AccountYear, quarter: int) -> Count:
    months = [year.months[number - 1] for number in months_of(quarter)]
    state = quarter_state(each.state for each in months)
    return count_of_state(state, sum(each.published for each in months), sum(each.original for each in months))


def _of(counts: dict[Platform, Count], platform: Platform | None) -> Count:
    return sum(counts.values(), Count()) if platform is None else counts[platform]
