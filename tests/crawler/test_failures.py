from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.failures import failure_of, failure_of_status, retry_after, shown
from monitor.visits import LONGEST_PAUSE, Outcome

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, Outcome.RATE_LIMITED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        *((status, Outcome.BLOCKED) for status in (401, 403, 407, 412, 418, 432, 451)),
        *(
            (status, Outcome.SERVER_ERROR)
            for status in (500, 502, 503, 521, 599, 400, 405, 414, 499, 201, 203, 300, 305)
        ),
        (204, Outcome.EMPTY),
        (205, Outcome.EMPTY),
    ],
)
def test_status_has_its_outcome(status: int, outcome: Outcome) -> None:
    failure = failure_of_status(status, "采集地址 http://a.example/")
    assert failure.outcome is outcome
    assert failure.reason.startswith(f"采集地址 http://a.example/ 返回状态码 {status}：")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("120", 120, id="seconds"),
        pytest.param(" 5 ", 5, id="padded"),
        pytest.param("0", 0, id="zero"),
        pytest.param("99999999999999999999", 6 * 3600, id="for-ever"),
        pytest.param("Sun, 22 Nov 2026 08:02:00 GMT", 120, id="date"),
        pytest.param("Sunday, 22-Nov-26 08:02:00 GMT", 120, id="old-date"),
        pytest.param("Sun, 22 Nov 2026 07:00:00 GMT", 0, id="past"),
        pytest.param("Fri, 22 Nov 2999 07:00:00 GMT", 6 * 3600, id="far"),
    ],
)
def test_retry_after_is_read(value: str, seconds: int) -> None:
    assert retry_after(value, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "①", "Sun, 99 Nov 2026 08:02:00 GMT"])
def test_unreadable_retry_after_is_none(value: str | None) -> None:
    assert retry_after(value, NOW) is None


@given(st.text(max_size=40))
def test_retry_after_never_raises_and_stays_in_bounds(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST_PAUSE


def test_shown_address_has_no_password_no_control_characters_and_an_end() -> None:
    assert shown("http://user:secret@a.example/x") == "http://a.example/x"
    assert shown("http://a.example/\x1b[31m\n") == "http://a.example/?[31m?"
    assert len(shown("http://a.example/" + "x" * 5000)) < 250


def test_a_fault_of_our_own_is_not_blamed_on_the_network() -> None:
    with pytest.raises(KeyError):
        failure_of(KeyError("x"), "采集地址 x", timedelta(seconds=1))
