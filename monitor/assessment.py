"""The annual assessment (年度考核): scores, ranks and trends from what the months' inspections said, judged no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from monitor.account_year import AccountMonth, AccountYear, Totals
from monitor.findings import Result, Severity
from monitor.schemes import Method, Scheme
from monitor.statistics import Count

HUNDRED = 100
_FEWEST = 2
"""Judged months that a trend needs."""


class Standing(StrEnum):
    """年度结论 of an account."""

    PASSED = "合格"
    FAILED = "不合格"
    NOT_ASSESSED = "未评定"


class Trend(StrEnum):
    """趋势: how the second half of the judged months stands against the first."""

    UP = "↑"
    SAME = "→"
    DOWN = "↓"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountScore:
    """What the year comes to for an account; score, rank and trend are None where nothing could be judged."""

    year: AccountYear
    totals: Totals
    standing: Standing
    score: Decimal | None = None
    rank: int | None = None
    trend: Trend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizerScore:
    """What the year comes to for an organizer: ``score`` is the mean of its accounts' scores.

    ``months`` counts, for each of the twelve, how many of its accounts came to which result; ``scored`` are the
    accounts with a score, ``failed`` those whose year is 不合格.
    """

    organizer: str
    accounts: int
    scored: int
    failed: int
    totals: Totals
    months: tuple[Count, ...]
    score: Decimal | None = None
    rank: int | None = None
    trend: Trend | None = None


def assess(years: Sequence[AccountYear], scheme: Scheme) -> list[AccountScore]:
    """Score every account, and give them by rank; those without a score come last, in the given order."""
    given = [(year, score_of(year, scheme)) for year in years]
    scored = [(year, year.totals, score, _standing(year, score, scheme)) for year, score in given]
    ranks = _ranks([(standing is not Standing.FAILED, score) for *_, score, standing in scored if score is not None])
    found = [
        AccountScore(
            year=year,
            totals=totals,
            standing=standing,
            score=score,
            rank=None if score is None else ranks[standing is not Standing.FAILED, score],
            trend=_trend([_mean([points]) for points in _points(year, scheme)]),
        )
        for year, totals, score, standing in scored
    ]
    return sorted(found, key=lambda each: (each.rank is None, each.rank or 0))


def score_of(year: AccountYear, scheme: Scheme) -> Decimal | None:
    """Return an account's score to one decimal, None where no month of it was judged."""
    months = [each for each in year.months if each.is_judged]
    if not months:
        return None
    if scheme.method is Method.MONTHS:
        passed = sum(each.state is Result.PASSED for each in months)
        return _rounded(Fraction(HUNDRED * passed, len(months)))
    return _rounded(Fraction(_left(months, scheme)))


def month_points(month: AccountMonth, scheme: Scheme) -> Decimal | None:
    """Return what a month by itself is worth, None where it was not judged; trends compare this."""
    if not month.is_judged:
        return None
    if scheme.method is Method.MONTHS:
        return Decimal(HUNDRED if month.state is Result.PASSED else 0)
    return _left([month], scheme)


def organizers(scores: Iterable[AccountScore], scheme: Scheme) -> list[OrganizerScore]:
    """Add accounts up by organizer, and give those by rank; those without a score come last, in order of accounts."""
    groups: dict[str, list[AccountScore]] = {}
    for each in scores:
        groups.setdefault(each.year.account.organizer, []).append(each)
    means = {name: _mean_score(group) for name, group in groups.items()}
    ranks = _ranks([(True, mean) for mean in means.values() if mean is not None])
    found = [_organizer(name, group, means[name], ranks, scheme) for name, group in groups.items()]
    return sorted(found, key=lambda each: (each.rank is None, each.rank or 0))


def _organizer(
    name: str,
    group: Sequence[AccountScore],
    mean: Decimal | None,
    ranks: dict[tuple[bool, Decimal], int],
    scheme: Scheme,
) -> OrganizerScore:
    columns = list(zip(*(_points(each.year, scheme) for each in group), strict=True))
    return OrganizerScore(
        organizer=name,
        accounts=len(group),
        scored=sum(each.score is not None for each in group),
        failed=sum(each.standing is Standing.FAILED for each in group),
        totals=sum((each.totals for each in group), Totals()),
        months=tuple(
            sum((month.count for month in column), Count())
            for column in zip(*(each.year.months for each in group), strict=True)
        ),
        score=mean,
        rank=None if mean is None else ranks[True, mean],
        trend=_trend([_mean(column) for column in columns]),
    )


def _left(months: Iterable[AccountMonth], scheme: Scheme) -> Decimal:
    """Return the points that are left after the findings of judged months, with a veto at most its ceiling."""
    faults = [fault for month in months for fault in month.faults]
    left = scheme.value("full") - sum(scheme.deduction(each.code, each.severity) for each in faults)
    if any(each.severity is Severity.VETO for each in faults):
        left = min(left, scheme.value("veto_ceiling"))
    return max(left, Decimal(0))


def _standing(year: AccountYear, score: Decimal | None, scheme: Scheme) -> Standing:
    if score is None:
        return Standing.NOT_ASSESSED
    if scheme.method is Method.POINTS:
        return Standing.PASSED if score >= scheme.value("pass_mark") else Standing.FAILED
    vetoed = sum(month.is_judged and month.vetoes > 0 for month in year.months)
    failed = year.totals.failed >= scheme.value("failed_months") or vetoed >= scheme.value("veto_months")
    return Standing.FAILED if failed else Standing.PASSED


def _points(year: AccountYear, scheme: Scheme) -> list[Decimal | None]:
    return [month_points(month, scheme) for month in year.months]


def _mean(points: Iterable[Decimal | None]) -> Fraction | None:
    judged = [Fraction(each) for each in points if each is not None]
    return sum(judged, Fraction()) / len(judged) if judged else None


def _trend(months: Iterable[Fraction | None]) -> Trend | None:
    """Compare the second half of the judged months with the first; of an odd number the middle one is left out."""
    judged = [each for each in months if each is not None]
    if len(judged) < _FEWEST:
        return None
    half = len(judged) // 2
    first, second = sum(judged[:half]), sum(judged[-half:])
    return Trend.UP if second > first else Trend.DOWN if second < first else Trend.SAME


def _mean_score(group: Iterable[AccountScore]) -> Decimal | None:
    mean = _mean(each.score for each in group)
    return None if mean is None else _rounded(mean)


def _ranks(keys: Iterable[tuple[bool, Decimal]]) -> dict[tuple[bool, Decimal], int]:
    """Return the rank of each key, the greatest first; equal ones share one and the next lose it (1, 2, 2, 4)."""
    ranks: dict[tuple[bool, Decimal], int] = {}
    for place, key in enumerate(sorted(keys, reverse=True), 1):
        ranks.setdefault(key, place)
    return ranks


def _rounded(value: Fraction) -> Decimal:
    """Return a value to one decimal, rounded half up."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
