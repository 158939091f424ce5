from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from storage.columns import to_moment, to_number
from storage.database import Database
from storage.models import lanes

ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)  # noqa: DTZ001 - bounds are naive


@given(MOMENTS)
def test_number_keeps_the_moment_to_the_microsecond(moment: datetime) -> None:
    again = to_moment(to_number(moment))
    assert again == moment
    assert again.tzinfo is UTC


@given(MOMENTS, MOMENTS)
def test_numbers_order_as_moments(one: datetime, other: datetime) -> None:
    assert (to_number(one) < to_number(other)) == (one < other)


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime(1, 1, 2, tzinfo=UTC), id="year-1"),
        pytest.param(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), id="before-1970"),
        pytest.param(datetime(2026, 10, 31, 23, 59, 59, 1, tzinfo=timezone(timedelta(hours=8))), id="shanghai"),
        pytest.param(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), id="year-9999"),
    ],
)
def test_a_stored_moment_comes_back(database: Database, moment: datetime) -> None:
    with database.begin() as session:
        session.execute(insert(lanes), {"lane": "x", "paused_until": moment, "paused_for": "BLOCKED"})
    with database.read() as session:
        stored = session.scalar(select(lanes.c.paused_until))
        number = session.scalar(text("SELECT paused_until FROM lanes"))
    assert stored == moment
    assert stored.tzinfo is UTC
    assert number == to_number(moment)


def test_a_naive_moment_is_refused(database: Database) -> None:
    naive = datetime(2026, 10, 1)  # noqa: DTZ001 - the point
    with pytest.raises(StatementError, match="no time zone; stored times must be aware"), database.begin() as session:
        session.execute(insert(lanes), {"lane": "x", "paused_until": naive, "paused_for": "BLOCKED"})
    with database.read() as session:
        assert session.scalar(select(lanes.c.lane)) is None
