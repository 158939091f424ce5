from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from console.errors import UsageError
from console.moments import read_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-10-31", datetime(2026, 10, 30, 16, tzinfo=UTC), id="a day is its beginning"),
        pytest.param("2026-10-31T18:00", datetime(2026, 10, 31, 10, tzinfo=UTC), id="no zone: the office's"),
        pytest.param("2026-10-31 18:00:30", datetime(2026, 10, 31, 10, 0, 30, tzinfo=UTC), id="a space for the T"),
        pytest.param("2026-10-31T18:00Z", datetime(2026, 10, 31, 18, tzinfo=UTC), id="UTC"),
        pytest.param("2026-10-31T18:00+09:00", datetime(2026, 10, 31, 9, tzinfo=UTC), id="another zone"),
        pytest.param("20261031T1800", datetime(2026, 10, 31, 10, tzinfo=UTC), id="basic format"),
        pytest.param(" 2026-10-31T18：00 ", datetime(2026, 10, 31, 10, tzinfo=UTC), id="full-width colon"),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert read_moment(text, SHANGHAI) == expected


@pytest.mark.parametrize(
    "text", ["", "昨天", "2026-13-01", "2026-10-32", "31.10.2026", "18:00", "0001-01-01", "x" * 5000]
)
def test_no_moments(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_moment(text, SHANGHAI)
    assert "不是时间，应为 ISO 8601 写法" in str(caught.value)
