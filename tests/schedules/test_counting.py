"""Months by name, and the counter window."""

from datetime import date

import pytest

from monitor.findings import Window
from schedules.counting import months_before, read_month
from schedules.office import RequestError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("2026-10", date(2026, 10, 1), date(2026, 10, 31), id="long"),
        pytest.param("2026-02", date(2026, 2, 1), date(2026, 2, 28), id="february"),
        pytest.param("2024-02", date(2024, 2, 1), date(2024, 2, 29), id="leap"),
        pytest.param("2026-12", date(2026, 12, 1), date(2026, 12, 31), id="december"),
        pytest.param(" 2026-10 ", date(2026, 10, 1), date(2026, 10, 31), id="blanks"),
    ],
)
def test_a_month_is_read(text: str, first: date, last: date) -> None:
    assert read_month(text) == Window(first, last)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-00", "2026-13", "2026-1", "202610", "2026/10", "2026-10-01", "10-2026", "0000-10", "十月"],
)
def test_what_is_no_month_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RequestError, match="2026-10") as refused:
        read_month(text)
    assert f"“{text}”" in str(refused.value)


@pytest.mark.parametrize(
    ("count", "months"),
    [
        pytest.param(1, [], id="this-month-alone"),
        pytest.param(3, ["2026-01", "2025-12"], id="over-the-new-year"),
        pytest.param(12, ["2026-01", *(f"2025-{n:02}" for n in range(12, 2, -1))], id="twelve"),
    ],
)
def test_the_counter_window_ends_with_the_month_itself(count: int, months: list[str]) -> None:
    assert months_before(date(2026, 2, 1), count) == months
