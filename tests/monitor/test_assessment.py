"""The annual assessment: scores by both schemes, ranks, trends, organizers, and what costs nothing."""

from decimal import Decimal
from typing import Any

import pytest

from monitor.account_year import AccountMonth, Totals, Untold, untold
from monitor.assessment import Standing, Trend, assess, month_points, organizers, score_of
from monitor.findings import Result
from monitor.frame import month_of
from monitor.schemes import Scheme, read_scheme
from monitor.values import AccountState
from tests.monitor.builders import day
from tests.monitor.test_schemes import content, shipped
from tests.monitor.years import BULLETIN, EMPTY, HINT, VETO, a_year, an_account

NATIONAL, HUNDRED = shipped("national"), shipped("hundred")


@pytest.mark.parametrize(
    ("states", "score", "standing"),
    [
        ("PPPPPPPPPPPP", "100.0", Standing.PASSED),
        ("PPPPPPPPPPPF", "91.7", Standing.FAILED),  # one month is enough
        ("FFFFFFFFFFFF", "0.0", Standing.FAILED),
        ("PRUN--------", "100.0", Standing.PASSED),  # what was not judged neither gives nor costs
        ("PPF.........", "66.7", Standing.FAILED),
        ("RUN-RUN-RUN-", None, Standing.NOT_ASSESSED),
        ("------------", None, Standing.NOT_ASSESSED),
        ("............", None, Standing.NOT_ASSESSED),
    ],
)
def test_the_national_score_is_the_share_of_months_passed(states: str, score: str | None, standing: Standing) -> None:
    (found,) = assess([a_year(states)], NATIONAL)
    assert (found.score, found.standing) == (None if score is None else Decimal(score), standing)


def test_a_veto_fails_the_year_where_the_office_allows_failed_months() -> None:
    data = content("national")
    data["failed_months"]["value"] = 3
    scheme = read_scheme(data, "own.toml")
    two, three = a_year("FFPPPPPPPPPP"), a_year("FFFPPPPPPPPP", "a2")
    vetoed = a_year("FPPPPPPPPPPP", "a3", months={1: {"faults": (VETO,)}})
    found = assess([three, vetoed, two], scheme)
    assert [(each.year.account.account_id, each.standing, each.rank) for each in found] == [
        ("a1", Standing.PASSED, 1),
        ("a3", Standing.FAILED, 2),  # 91.7 but failed: after one that passed
        ("a2", Standing.FAILED, 3),
    ]


@pytest.mark.parametrize(
    ("faults", "score", "standing"),
    [
        ({}, "100", Standing.PASSED),
        ({1: (BULLETIN,)}, "97", Standing.PASSED),
        ({1: (BULLETIN, HINT)}, "97", Standing.PASSED),
        ({1: (BULLETIN, EMPTY), 2: (BULLETIN,)}, "89", Standing.PASSED),
        ({1: (VETO,)}, "59", Standing.FAILED),
        ({1: (VETO, BULLETIN)}, "59", Standing.FAILED),
        (dict.fromkeys(range(1, 6), (VETO,)), "50", Standing.FAILED),
        (dict.fromkeys(range(1, 13), (VETO, BULLETIN)), "0", Standing.FAILED),
        (dict.fromkeys(range(1, 8), (BULLETIN, BULLETIN)), "58", Standing.FAILED),
    ],
)
def test_points_are_taken_off_by_finding_and_never_below_none(
    faults: dict[int, tuple[object, ...]], score: str, standing: Standing
) -> None:
    states = "".join("F" if number in faults else "P" for number in range(1, 13))
    (found,) = assess([a_year(states, months={at: {"faults": each} for at, each in faults.items()})], HUNDRED)
    assert (found.score, found.standing) == (Decimal(score), standing)


@pytest.mark.parametrize("state", "RUN-")
def test_what_was_not_judged_costs_no_points(state: str) -> None:
    year = a_year(f"P{state}PPPPPPPPPP", months={2: {"faults": (HINT, VETO, BULLETIN)}})
    assert score_of(year, HUNDRED) == 100
    assert month_points(year.months[1], HUNDRED) is None
    assert score_of(year, NATIONAL) == 100


def test_equal_scores_share_a_rank_and_who_has_none_has_no_rank() -> None:
    years = [a_year("PFPP--------", "b"), a_year("------------", "n"), a_year("PPPP--------", "a")]
    years += [a_year("PPPF--------", "c"), a_year("FFPP--------", "d"), a_year("RRRR--------", "m")]
    found = [(each.year.account.account_id, each.rank) for each in assess(years, NATIONAL)]
    assert found == [("a", 1), ("b", 2), ("c", 2), ("d", 4), ("n", None), ("m", None)]


@pytest.mark.parametrize(
    ("states", "trend"),
    [
        ("FFFFFFPPPPPP", Trend.UP),
        ("PPPPPPFFFFFF", Trend.DOWN),
        ("FPFPFPFPFPFP", Trend.SAME),
        ("PPPPPPPPPPPP", Trend.SAME),
        ("F--R-----U-P", Trend.UP),
        ("PFP---------", Trend.SAME),  # the middle one of three belongs to neither half
        ("P-----------", None),
        ("------------", None),
    ],
)
def test_the_trend_compares_the_halves_of_the_judged_months(states: str, trend: Trend | None) -> None:
    (found,) = assess([a_year(states)], NATIONAL)
    assert found.trend is trend


def test_the_trend_by_points_sees_how_much_was_taken_off() -> None:
    faults: dict[int, dict[str, Any]] = {1: {"faults": (BULLETIN, EMPTY)}, 12: {"faults": (BULLETIN,)}}
    (found,) = assess([a_year("FPPPPPPPPPPF", months=faults)], HUNDRED)
    assert found.trend is Trend.UP


def scored(scheme: Scheme = NATIONAL) -> list[tuple[str, Decimal | None, int | None, Trend | None]]:
    years = [
        a_year("PPFF--------", "a1", "县教育局"),
        a_year("PPPP--------", "a2", "县教育局"),
        a_year("RRRR--------", "a3", "县教育局"),  # no score: no part in the mean
        a_year("PPPP--------", "b1", "县公安局"),
        a_year("U-----------", "c1", "县档案馆"),
        a_year("FFPP--------", "d1", "县气象局", months={1: {"faults": (EMPTY,)}}),
    ]
    found = organizers(assess(years, scheme), scheme)
    return [(each.organizer, each.score, each.rank, each.trend) for each in found]


def test_an_organizer_has_the_mean_of_its_accounts() -> None:
    assert scored() == [
        ("县公安局", Decimal("100.0"), 1, Trend.SAME),
        ("县教育局", Decimal("75.0"), 2, Trend.DOWN),
        ("县气象局", Decimal("50.0"), 3, Trend.UP),
        ("县档案馆", None, None, None),
    ]
    assert [each[1] for each in scored(HUNDRED)] == [Decimal("100.0"), Decimal("97.0"), Decimal("92.0"), None]


def test_an_organizer_with_eighty_accounts_and_one_with_one() -> None:
    many = [a_year("PPPPPPPPPPPP" if each else "FFFFFFFFFFFF", f"m{each:02}", "县融媒体中心") for each in range(80)]
    first, second = organizers(assess([*many, a_year(account_id="o", organizer="县档案馆")], NATIONAL), NATIONAL)
    assert (first.organizer, first.score, first.rank) == ("县档案馆", Decimal("100.0"), 1)
    assert (second.score, second.rank, second.accounts, second.scored, second.failed) == (Decimal("98.8"), 2, 80, 80, 1)
    assert (second.totals.passed, second.totals.failed) == (79 * 12, 12)
    assert [each.judged for each in second.months] == [80] * 12
    assert second.months[0].pass_rate == 79 / 80


def test_what_months_add_up_to() -> None:
    said = {
        1: {"published": 10, "original": 4, "reminders": 2, "rectified": (3, None), "unrectified": 1},
        2: {"published": 5, "original": 1, "faults": (VETO, BULLETIN, HINT), "rectified": (10, 4)},
    }
    totals = a_year("PFRUN-------", months=said).totals
    assert (totals.passed, totals.failed, totals.judged) == (1, 1, 2)
    assert (totals.review, totals.unverifiable, totals.not_applicable, totals.not_inspected) == (1, 1, 1, 7)
    assert (totals.published, totals.original, totals.share, totals.reminders) == (15, 5, 5 / 15, 2)
    assert (totals.vetoes, totals.bulletins) == (1, 1)
    assert (totals.rectified, totals.unrectified, totals.longest) == (4, 1, 10)
    assert totals.average_days == Decimal("5.7")
    assert (Totals().share, Totals().average_days, Totals().longest) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "due", "state"),
    [
        ({}, True, Untold.NOT_INSPECTED),
        ({}, False, Untold.NOT_DUE),
        ({"closed": day("02-28")}, True, Result.NOT_APPLICABLE),
        ({"closed": day("02-28")}, False, Result.NOT_APPLICABLE),
        ({"closed": day("03-10")}, True, Untold.NOT_INSPECTED),
        ({"closing_notice": day("02-01")}, True, Result.NOT_APPLICABLE),
        ({"opened": day("04-01")}, True, Result.NOT_APPLICABLE),
        ({"opened": day("03-31")}, True, Untold.NOT_INSPECTED),
        ({"state": AccountState.CLOSED}, True, Result.NOT_APPLICABLE),  # closed, nobody knows when
    ],
)
def test_a_month_without_an_inspection(changes: dict[str, object], due: bool, state: object) -> None:
    account = an_account("a1", "县教育局", **changes)
    assert untold(account, month_of(day("03-01")), due=due) is state


def test_a_month_that_is_not_over_counts_nobody() -> None:
    assert AccountMonth(month=1, state=Untold.NOT_DUE).count.accounts == 0
    assert AccountMonth(month=1, state=Untold.NOT_INSPECTED).count.due == 1
