"""The year by quarters: who was inspected at least once, and what that comes to."""

import pytest

from monitor.account_year import Untold
from monitor.findings import Result
from monitor.quarters import quarter_state, quarters
from monitor.values import Platform
from tests.monitor.years import LETTERS, a_year


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ("PPP", Result.PASSED),
        ("PFP", Result.FAILED),
        ("FRU", Result.FAILED),
        ("-P-", Result.PASSED),  # once is enough
        ("RPU", Result.PASSED),
        ("RU-", Result.REVIEW),
        ("U--", Result.UNVERIFIABLE),
        ("-N.", Untold.NOT_INSPECTED),
        ("NN.", Result.NOT_APPLICABLE),
        ("NNN", Result.NOT_APPLICABLE),
    ],
)
def test_three_months_together(states: str, found: object) -> None:
    assert quarter_state(LETTERS[each] for each in states) is found


def test_the_figures_of_a_quarter() -> None:
    said = {1: {"published": 10, "original": 3}, 3: {"published": 2, "original": 2}}
    years = [
        a_year("PPPPPP......", "a1", months=said),
        a_year("PFP---......", "a2"),
        a_year("R-----......", "a3"),
        a_year("U-----......", "a4"),
        a_year("------......", "a5"),
        a_year("NNN-N-......", "a6"),
        a_year("P--NNN......", "w1", platform=Platform.WEIBO),
    ]
    found = quarters(years, 5)
    assert [(each.quarter, each.platform) for each in found] == [
        (1, Platform.WECHAT),
        (1, Platform.WEIBO),
        (1, None),
        (2, Platform.WECHAT),
        (2, Platform.WEIBO),
        (2, None),
    ]
    first, weibo, total = found[:3]
    assert (first.count.accounts, first.count.not_applicable, first.count.due) == (6, 1, 5)
    assert (first.count.judged, first.count.passed, first.count.failed) == (2, 1, 1)
    assert (first.count.review, first.count.unverifiable, first.not_inspected) == (1, 1, 1)
    assert (first.count.ratio, first.count.pass_rate) == (2 / 5, 1 / 2)
    assert (first.count.published, first.count.original) == (12, 5)
    assert (weibo.count.judged, weibo.count.pass_rate) == (1, 1.0)
    assert (total.count.accounts, total.count.judged, total.count.pass_rate) == (7, 3, 2 / 3)
    assert (found[5].count.judged, found[4].count.ratio) == (1, None)


@pytest.mark.parametrize(("due", "last"), [(1, 1), (3, 1), (4, 2), (9, 3), (10, 4), (12, 4)])
def test_quarters_of_which_nothing_is_due_are_left_out(due: int, last: int) -> None:
    assert max(each.quarter for each in quarters([a_year()], due)) == last
