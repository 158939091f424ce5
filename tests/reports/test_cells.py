"""How values stand in cells."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.findings import Window
from monitor.spans import Span
from monitor.values import Precision
from monitor.wording import joined
from reports import cells
from reports.tables import Table
from tests.monitor.builders import ZONE, moment, post

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        pytest.param("县政府办", "县政府办", id="plain"),
        pytest.param("", "", id="empty"),
        pytest.param("=1+1", "'=1+1", id="equals"),
        pytest.param("+86", "'+86", id="plus"),
        pytest.param("-1", "'-1", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("a=1", "a=1", id="equals-inside"),
        pytest.param("'=1", "'=1", id="already-quoted"),
        pytest.param("一\n二", "一 二", id="line-break"),
        pytest.param("一\r\n二", "一 二", id="windows-line-break"),
        pytest.param("a\0b", "ab", id="nul"),
        pytest.param("\0=1", "'=1", id="nul-before-a-formula"),
    ],
)
def test_text_is_one_line_and_never_a_formula(given: str, cell: str) -> None:
    assert " ".join(cells.text(given).split(" ")).replace("  ", " ") == cell


@given(st.text())
def test_no_text_becomes_a_formula_or_breaks_a_row(text: str) -> None:
    cell = cells.text(text)
    assert not cell.startswith(FORMULA)
    assert not set(cell) & set("\r\n\0")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_a_table_reads_back_as_it_was_written(texts: list[str]) -> None:
    file = io.StringIO(newline="")
    table: Table[str] = Table(file, {"编号": lambda _: 1, "文字": lambda row: row, "空": lambda _: None})
    table.write(texts)
    written = file.getvalue()
    assert list(csv.reader(io.StringIO(written, newline=""))) == [
        ["编号", "文字", "空"],
        *(["1", cells.text(text), ""] for text in texts),
    ]
    assert written.count("\n") == written.count("\r\n") == len(texts) + 1


@pytest.mark.parametrize(
    ("share", "cell"),
    [
        pytest.param(None, "", id="cannot-be-told"),
        pytest.param(0.0, "0.0%", id="nothing"),
        pytest.param(1.0, "100.0%", id="all"),
        pytest.param(0.973, "97.3%", id="as-in-the-interface"),
        pytest.param(0.99999, "99.9%", id="not-quite-all"),
        pytest.param(0.0009, "0.0%", id="hardly-any"),
        pytest.param(0.29, "29.0%", id="float-noise"),
        pytest.param(1e-7, "0.0%", id="scientific"),
    ],
)
def test_shares_have_one_decimal_and_only_the_whole_is_100(share: float | None, cell: str) -> None:
    assert cells.share(share) == cell


def test_moments_are_local() -> None:
    late = datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC)
    assert cells.moment(late, ZONE) == "2026-10-31 23:59"
    assert cells.moment(late + timedelta(seconds=1), ZONE) == "2026-11-01 00:00"
    assert cells.moment(None, ZONE) == ""


@pytest.mark.parametrize(
    ("at", "precision", "cell"),
    [
        pytest.param("10-09 09:00", Precision.SECOND, "2026-10-09 09:00", id="second"),
        pytest.param("10-09 09:00", Precision.MINUTE, "2026-10-09 09:00", id="minute"),
        pytest.param("10-09", Precision.DAY, "2026-10-09", id="day"),
        pytest.param(None, Precision.SECOND, "", id="undated"),
    ],
)
def test_a_day_without_a_time_is_shown_as_a_day(at: str | None, precision: Precision, cell: str) -> None:
    assert cells.published(post(at, precision=precision), ZONE) == cell


def test_nothing_is_shown_of_no_post() -> None:
    assert cells.published(None, ZONE) == ""
    assert cells.day(None) == ""


def test_windows_and_spans_are_joined() -> None:
    day, week = date(2026, 10, 12), Window(date(2026, 10, 5), date(2026, 10, 11))
    assert joined((week, Window(day, day))) == "2026-10-05/2026-10-11;2026-10-12"
    spans = (Span(moment("10-01"), moment("10-02 09:15")), Span(moment("10-03"), moment("10-04")))
    assert cells.spans(spans, ZONE) == "2026-10-01 00:00/2026-10-02 09:15;2026-10-03 00:00/2026-10-04 00:00"
    assert cells.day(day) == "2026-10-12"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(None, "", id="no posts"),
        pytest.param(2 / 3, "66.7%", id="rounded"),
        pytest.param(0.0005, "0.1%", id="half up"),
        pytest.param(1.0, "100.0%", id="all"),
        pytest.param(0.0, "0.0%", id="none"),
    ],
)
def test_a_rate_is_rounded(value: float | None, shown: str) -> None:
    assert cells.rate(value) == shown
