"""What one judging run shares: the period, the time point, its days and weeks."""

from itertools import pairwise

import pytest

from monitor.frame import month_of, natural_weeks
from monitor.life import ended_undated, ends_on, in_force, term
from monitor.values import AccountState
from tests.monitor.builders import account, day, frame, moment, window


@pytest.mark.parametrize(
    ("of", "first", "last"),
    [
        pytest.param("2026-10-15", "2026-10-01", "2026-10-31", id="October"),
        pytest.param("2026-12-31", "2026-12-01", "2026-12-31", id="December"),
        pytest.param("2024-02-01", "2024-02-01", "2024-02-29", id="February of a leap year"),
        pytest.param("2026-02-28", "2026-02-01", "2026-02-28", id="February"),
    ],
)
def test_the_month_of_a_day(of: str, first: str, last: str) -> None:
    assert month_of(day(of)) == window(first, last)


def test_the_time_point_at_the_end_of_the_month() -> None:
    whole = frame()
    assert (whole.today, whole.last_day, whole.running) == (day("10-31"), day("10-31"), False)
    assert len(whole.days) == 31
    assert whole.elapsed == whole.span(whole.period)
    assert whole.ended(window("10-31"))
    assert not whole.ended(window("11-01"))


def test_the_time_point_within_a_day() -> None:
    now = frame(at="10-16 10:00")
    assert (now.today, now.last_day, now.running) == (day("10-16"), day("10-15"), True)
    assert now.days[-1] == day("10-16")
    assert now.elapsed is not None
    assert now.elapsed.end == moment("10-16 10:00")
    assert now.until_now(window("10-02", "10-15")) == window("10-02", "10-16")


def test_the_time_point_at_midnight() -> None:
    now = frame(at="10-16 00:00")
    assert (now.today, now.last_day) == (day("10-15"), day("10-15"))
    assert now.days[-1] == day("10-15")


def test_the_time_point_before_the_period() -> None:
    now = frame(at="09-16 10:00")
    assert (now.days, now.elapsed, now.running) == ((), None, True)


def test_the_days_that_end_at_the_time_point() -> None:
    assert frame().ending(14) == window("10-18", "10-31")
    assert frame(at="10-16 10:00").ending(14) == window("10-02", "10-15")


@pytest.mark.parametrize("start", range(1, 8))
def test_natural_weeks_follow_one_another_over_the_months(start: int) -> None:
    weeks = [week for month in range(1, 13) for week in natural_weeks(month_of(day(f"2026-{month:02}-01")), start)]
    assert len(weeks) in {52, 53}
    assert weeks[0].last.year == weeks[-1].last.year == 2026
    for one, other in pairwise(weeks):
        assert (other.first - one.last).days == 1
    assert all(week.days == 7 and week.first.isoweekday() == start for week in weeks)


def test_windows_that_touch() -> None:
    assert window("10-05", "10-11").touches(window("10-12"))
    assert window("10-12").touches(window("10-05", "10-11"))
    assert window("10-05", "10-11").touches(window("10-08"))
    assert not window("10-05", "10-11").touches(window("10-13"))


def test_when_an_account_ends() -> None:
    assert ends_on(account()) is None
    assert ends_on(account(closing_notice="10-05", closed="10-25")) == day("10-05")
    assert ends_on(account(closed="10-25")) == day("10-25")
    assert not ended_undated(account(state=AccountState.CLOSED, closed="10-25"))
    assert ended_undated(account(state=AccountState.CLOSING))


def test_an_account_that_ended_before_it_was_opened_was_never_in_force() -> None:
    assert term(account(opened="10-25", closed="10-20")) is None
    assert not in_force(term(account(opened="10-25", closed="10-20")), window("10-22"))
    assert in_force(term(account(opened="10-20", closed="10-21")), window("10-20"))
