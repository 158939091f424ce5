"""How officials write dates, windows, moments and titles."""

import pytest

from monitor.values import Platform
from monitor.wording import (
    full_day,
    joined,
    length,
    listed,
    named,
    short_day,
    short_moment,
    short_window,
    titled,
    weekday_day,
    windows_in,
)
from tests.monitor.builders import ZONE, account, day, moment, post, window, windows


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(full_day(day("2026-03-31")), "2026年3月31日", id="a day in full"),
        pytest.param(short_day(day("10-09"), 2026), "10月9日", id="a day of the year in question"),
        pytest.param(short_day(day("2025-12-09"), 2026), "2025年12月9日", id="a day of another"),
        pytest.param(weekday_day(day("10-12"), 2026), "10月12日（周一）", id="a Monday"),
        pytest.param(weekday_day(day("10-18"), 2026), "10月18日（周日）", id="a Sunday"),
        pytest.param(short_window(window("10-05", "10-11"), 2026), "10月5日至10月11日", id="a window"),
        pytest.param(short_window(window("10-05"), 2026), "10月5日", id="a window of one day"),
        pytest.param(
            short_window(window("2025-12-29", "2026-01-04"), 2026),
            "2025年12月29日至1月4日",
            id="a window over the year's end",
        ),
        pytest.param(short_moment(moment("10-15 09:00").astimezone(ZONE), 2026), "10月15日9时", id="a moment"),
        pytest.param(short_moment(moment("10-15 09:05").astimezone(ZONE), 2026), "10月15日9时05分", id="with minutes"),
        pytest.param(length(14), "2周", id="two weeks"),
        pytest.param(length(90), "90天", id="ninety days"),
        pytest.param(titled(post("10-01", title="通知")), "《通知》", id="a title"),
        pytest.param(
            titled(post("10-01", title="关于《办法》的通知")), "《关于〈办法〉的通知》", id="a title in a title"
        ),
        pytest.param(titled(post("10-01", title="")), "（无标题）", id="no title"),
        pytest.param(named(account()), "“高县发布”（微信公众号）", id="an account"),
        pytest.param(named(account(name="高县", platform=Platform.WEIBO)), "“高县”（新浪微博）", id="another"),
        pytest.param(listed(["甲", "乙"], 2, "段"), "甲、乙", id="a short list"),
        pytest.param(listed(["甲", "乙", "丙"], 2, "段"), "甲、乙等3段", id="a long one"),
        pytest.param(joined(windows("10-05..10-11 10-12")), "2026-10-05/2026-10-11;2026-10-12", id="a cell of windows"),
        pytest.param(joined([]), "", id="a cell of none"),
    ],
)
def test_it_is_written(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize("of", ["", "10-05..10-11 10-12", "10-12 2026-12-28..2027-01-03"])
def test_a_cell_of_windows_is_read_back(of: str) -> None:
    assert windows_in(joined(windows(of))) == windows(of)
