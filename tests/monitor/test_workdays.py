"""Working days: the shipped years against well-known facts, laying notices over one another, and bad year files."""

import json
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import WorkdaysError
from monitor.workdays import NoticeDay, Workdays, YearNotice, read_year

FOLDER = Path(__file__).resolve().parents[2] / "monitor" / "data" / "workdays"
FILES = sorted(FOLDER.glob("*.toml"))
SHIPPED = Workdays(read_year(tomllib.loads(path.read_text(encoding="utf-8")), path.name) for path in FILES)


def notice(year: int, **days: bool) -> YearNotice:
    """Make a notice of days written ``d20261010=False``."""
    found = (NoticeDay(day=date.fromisoformat(key[1:]), name="某节", off=off) for key, off in days.items())
    return YearNotice(year=year, days=tuple(found))


def test_every_year_is_shipped() -> None:
    assert [path.stem for path in FILES] == [str(year) for year in range(2004, 2027)]
    assert SHIPPED.years() == tuple(range(2004, 2027))
    assert all(each.papers for each in SHIPPED.notices)


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        pytest.param(date(2026, 10, 1), date(2026, 10, 7), "国庆节", id="2026 国庆节"),
        pytest.param(date(2026, 2, 15), date(2026, 2, 23), "春节", id="2026 春节, nine days"),
        pytest.param(date(2026, 9, 25), date(2026, 9, 27), "中秋节", id="2026 中秋节"),
        pytest.param(date(2025, 10, 1), date(2025, 10, 8), "国庆节、中秋节", id="2025 国庆节 and 中秋节"),
        pytest.param(date(2020, 1, 24), date(2020, 2, 2), "春节", id="2020 春节, extended"),
        pytest.param(date(2019, 5, 1), date(2019, 5, 4), "劳动节", id="2019 劳动节, lengthened"),
        pytest.param(date(2018, 12, 30), date(2019, 1, 1), "元旦", id="2019 元旦 begins in the old year"),
        pytest.param(date(2007, 12, 30), date(2008, 1, 1), "元旦", id="2008 元旦 begins in the old year"),
        pytest.param(date(2006, 1, 1), date(2006, 1, 3), "元旦", id="2006 元旦"),
        pytest.param(date(2004, 5, 1), date(2004, 5, 7), "劳动节", id="2004 劳动节, seven days"),
    ],
)
def test_known_holidays(start: date, end: date, name: str) -> None:
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    assert [SHIPPED.is_workday(day) for day in days] == [False] * len(days)
    assert {SHIPPED.name_of(day) for day in days} == {name}
    assert SHIPPED.between(start, end) == ()


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 10, 10), id="2026 国庆节"),
        pytest.param(date(2026, 9, 20), id="2026 国庆节, before"),
        pytest.param(date(2026, 1, 4), id="2026 元旦"),
        pytest.param(date(2020, 1, 19), id="2020 春节"),
        pytest.param(date(2019, 4, 28), id="2019 劳动节, before"),
        pytest.param(date(2019, 5, 5), id="2019 劳动节, after"),
        pytest.param(date(2015, 9, 6), id="2015 the seventieth anniversary"),
        pytest.param(date(2011, 12, 31), id="2012 元旦, in the old year"),
        pytest.param(date(2005, 12, 31), id="2006 元旦, in the old year"),
    ],
)
def test_make_up_days_are_worked(day: date) -> None:
    assert day.weekday() >= 5
    assert SHIPPED.is_workday(day)
    assert SHIPPED.name_of(day).endswith("调休")


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        pytest.param(date(2020, 2, 1), False, id="the make-up Saturday that the extension took back"),
        pytest.param(date(2020, 2, 3), True, id="the Monday after it"),
        pytest.param(date(2015, 9, 3), False, id="the seventieth anniversary"),
        pytest.param(date(2026, 10, 11), False, id="an ordinary Sunday"),
        pytest.param(date(2026, 10, 12), True, id="an ordinary Monday"),
    ],
)
def test_single_days(day: date, worked: bool) -> None:
    assert SHIPPED.is_workday(day) is worked


@pytest.mark.parametrize(
    ("year", "month", "count"),
    [
        pytest.param(2026, 10, 18, id="2026-10: 22 weekdays, 5 of them off, Saturday 10 worked"),
        pytest.param(2026, 9, 22, id="2026-09: 22 weekdays, Friday 25 off, Sunday 20 worked"),
        pytest.param(2026, 2, 16, id="2026-02: 20 weekdays, 6 of them off, Saturdays 14 and 28 worked"),
        pytest.param(2026, 7, 23, id="2026-07: no holiday"),
        pytest.param(2025, 10, 18, id="2025-10: 23 weekdays, 6 of them off, Saturday 11 worked"),
        pytest.param(2024, 2, 18, id="2024-02: 21 weekdays, 5 of them off, Sundays 4 and 18 worked"),
        pytest.param(2020, 2, 20, id="2020-02: 20 weekdays, the extension ends on Sunday 2"),
        pytest.param(2015, 9, 21, id="2015-09: 22 weekdays, 3 and 4 off, Sunday 6 worked"),
        pytest.param(2006, 1, 19, id="2006-01: 22 weekdays, 4 of them off, Saturday 28 worked"),
    ],
)
def test_working_days_of_a_month(year: int, month: int, count: int) -> None:
    start = date(year, month, 1)
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    assert len(SHIPPED.between(start, end)) == count


@pytest.mark.parametrize(
    ("day", "known"),
    [
        pytest.param(date(2026, 12, 28), True, id="before the last three days"),
        pytest.param(date(2026, 12, 29), False, id="the next year's notice may reach back"),
        pytest.param(date(2025, 12, 31), True, id="the next year's notice is there"),
        pytest.param(date(2027, 1, 4), False, id="a year without a notice"),
        pytest.param(date(2003, 6, 2), False, id="a year before the first"),
    ],
)
def test_known(day: date, known: bool) -> None:
    assert SHIPPED.is_known(day) is known


def test_missing_years_are_named() -> None:
    assert SHIPPED.missing(date(2026, 10, 1), date(2026, 12, 28)) == ()
    assert SHIPPED.missing(date(2026, 12, 28), date(2026, 12, 31)) == (2027,)
    assert SHIPPED.missing(date(2026, 12, 31), date(2028, 1, 1)) == (2027, 2028)


def test_a_year_without_a_notice_is_assumed_to_have_ordinary_weeks() -> None:
    assert SHIPPED.is_workday(date(2027, 10, 1))
    assert not SHIPPED.is_workday(date(2027, 10, 2))
    assert SHIPPED.name_of(date(2027, 10, 1)) == ""


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        pytest.param(date(2026, 9, 30), 1, date(2026, 10, 8), id="over 国庆节"),
        pytest.param(date(2026, 9, 30), 3, date(2026, 10, 10), id="on to the make-up Saturday"),
        pytest.param(date(2026, 10, 31), 10, date(2026, 11, 13), id="the term of rectification"),
        pytest.param(date(2026, 10, 3), 0, date(2026, 10, 3), id="none"),
    ],
)
def test_add(day: date, n: int, expected: date) -> None:
    assert SHIPPED.add(day, n) == expected


def test_nothing_is_taken_away() -> None:
    with pytest.raises(ValueError, match="-1"):
        SHIPPED.add(date(2026, 1, 1), -1)


@given(st.dates(date(2004, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_add_counts_what_between_lists(day: date, n: int) -> None:
    end = SHIPPED.add(day, n)
    assert len(SHIPPED.between(day + timedelta(days=1), end)) == n


def test_a_later_notice_of_the_same_year_overrides_the_days_that_it_names() -> None:
    first = notice(2026, d20261001=True, d20261010=False)
    supplement = notice(2026, d20261010=True)
    laid = Workdays([first, supplement])
    assert not laid.is_workday(date(2026, 10, 1))
    assert not laid.is_workday(date(2026, 10, 10))
    assert Workdays([supplement, first]).is_workday(date(2026, 10, 10))


def test_the_later_year_overrides_whatever_the_order() -> None:
    old, new = notice(2025, d20251231=True), notice(2026, d20251231=False)
    assert Workdays([new, old]).is_workday(date(2025, 12, 31))


def test_a_year_without_days_is_no_notice() -> None:
    empty = read_year({"year": 2027, "papers": [], "days": []}, "2027.json")
    assert Workdays([empty]).years() == ()


def test_workdays_are_values() -> None:
    one, two = notice(2025, d20251001=True), notice(2026, d20261001=True)
    assert Workdays([one, two]) == Workdays((two, one))
    assert hash(Workdays([one])) == hash(Workdays([one]))


def test_ranges_lists_and_dates_of_toml_are_read() -> None:
    text = """
        year = 2026
        [[notices]]
        title = "某通知"
        number = "某发〔2025〕1号"
        [[notices]]
        title = "补充通知"
        [[holidays]]
        name = " 国庆节 "
        off = ["2026-10-01/2026-10-03", 2026-10-04]
        work = ["2026-10-10"]
    """
    found = read_year(tomllib.loads(text), "2026.toml")
    assert found.papers == ("某通知（某发〔2025〕1号）", "补充通知")
    assert [(each.day.day, each.off) for each in found.days] == [
        (1, True),
        (2, True),
        (3, True),
        (4, True),
        (10, False),
    ]
    assert {each.name for each in found.days} == {"国庆节"}


def test_a_weekday_that_a_notice_calls_worked_has_no_name() -> None:
    days = [{"name": "春节", "date": "2020-02-03", "isOffDay": False}]
    assert (
        Workdays([read_year({"year": 2020, "papers": ["x"], "days": days}, "2020.json")]).name_of(date(2020, 2, 3))
        == ""
    )


def test_shipped_years_agree_with_the_published_json(shared_data: Path) -> None:
    files = sorted((shared_data / "dev" / "holidays").glob("*/20*.json"))
    assert len(files) >= 20
    published = Workdays(read_year(json.loads(path.read_text(encoding="utf-8")), path.name) for path in files)
    day = date(2006, 12, 30)
    while day <= date(2026, 12, 31):
        assert (SHIPPED.is_workday(day), SHIPPED.name_of(day)) == (published.is_workday(day), published.name_of(day)), (
            day
        )
        day += timedelta(days=1)


PAPER = {"notices": [{"title": "某通知"}]}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param({}, "x.toml：year 应为 1949 至 2200 的年份，现为 空", id="no year"),
        pytest.param({"year": "2026"}, "x.toml：year 应为 1949 至 2200 的年份，现为 2026", id="year as text"),
        pytest.param({"year": True}, "x.toml：year 应为 1949 至 2200 的年份，现为 True", id="year as truth"),
        pytest.param({"year": 20260}, "x.toml：year 应为 1949 至 2200 的年份，现为 20260", id="year out of bounds"),
        pytest.param(
            {"year": 2026, "holyday": []}, "x.toml 没有 holyday 这一项，最接近的是 holidays", id="unknown key"
        ),
        pytest.param({"year": 2026, "notices": 1}, "x.toml：notices 应为一组表，现为 1", id="not a list"),
        pytest.param({"year": 2026, "notices": [1]}, "x.toml：notices 第 1 项 应为表，现为 1", id="not a table"),
        pytest.param(
            {"year": 2026, "notices": [{"titel": "某"}]},
            "x.toml：notices 第 1 项 没有 titel 这一项，最接近的是 title",
            id="unknown key of a notice",
        ),
        pytest.param(
            {"year": 2026, "notices": [{"title": " "}]},
            "x.toml：notices 第 1 项 title 应为文字且不能为空，现为  ",
            id="blank title",
        ),
        pytest.param(
            {"year": 2026, **PAPER},
            "x.toml：有 notices 而缺少 holidays，放假安排应写明所依据的通知和全部放假、上班日期",
            id="no days",
        ),
        pytest.param(
            {"year": 2026, "holidays": [{"name": "元旦", "off": ["2026-01-01"]}]},
            "x.toml：有 holidays 而缺少 notices，放假安排应写明所依据的通知和全部放假、上班日期",
            id="no notice",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": 1}]},
            "x.toml：holidays 第 1 项 name 应为文字且不能为空，现为 1",
            id="name not a text",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": "2026-01-01"}]},
            "x.toml：holidays 第 1 项 off 应为日期的列表，现为 2026-01-01",
            id="not a list of dates",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": ["1月1日"]}]},
            "x.toml：holidays 第 1 项 off 应为日期 2026-10-01 或起止日期 2026-10-01/2026-10-07，现为 1月1日",
            id="not a date",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": ["2026-02-30"]}]},
            "x.toml：holidays 第 1 项 off 应为日期 2026-10-01 或起止日期 2026-10-01/2026-10-07，现为 2026-02-30",
            id="an impossible date",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": [datetime(2026, 1, 1)]}]},  # noqa: DTZ001
            "x.toml：holidays 第 1 项 off 应为日期 2026-10-01 或起止日期 2026-10-01/2026-10-07，现为 2026-01-01 00:00:00",
            id="a moment",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": ["2026-01-03/2026-01-01"]}]},
            "x.toml：holidays 第 1 项 off 的 2026-01-03/2026-01-01 止日应不早于起日，且不超过 31 日",
            id="a range backwards",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": ["2026-01-01/2026-02-01"]}]},
            "x.toml：holidays 第 1 项 off 的 2026-01-01/2026-02-01 止日应不早于起日，且不超过 31 日",
            id="a range too long",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": ["2026-01-01"], "work": ["2026-01-01"]}]},
            "x.toml：2026-01-01 既写为放假又写为上班，同一日期只能取其一",
            id="a day both off and worked",
        ),
        pytest.param(
            {"year": 2026, **PAPER, "holidays": [{"name": "元旦", "off": ["2025-11-30"]}]},
            "x.toml：2025-11-30 不在 2026 年前后 31 日之内，请核对年份",
            id="a day of another year",
        ),
        pytest.param(
            {"year": 2026, "papers": [], "days": [{"isOff": True}]},
            "x.toml：days 第 1 项 没有 isOff 这一项，最接近的是 isOffDay",
            id="json: unknown key",
        ),
        pytest.param(
            {"year": 2026, "papers": [], "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": 1}]},
            "x.toml：days 第 1 项 isOffDay 应为 true（放假）或 false（上班），现为 1",
            id="json: not a truth",
        ),
        pytest.param(
            {"year": 2026, "papers": [], "days": [{"name": "元旦", "isOffDay": True}]},
            "x.toml：days 第 1 项 date 应为日期 2026-10-01 或起止日期 2026-10-01/2026-10-07，现为 空",
            id="json: no date",
        ),
        pytest.param(
            {"year": 2026, "papers": "x", "days": []},
            "x.toml：papers 应为通知网址的列表，现为 x",
            id="json: papers not a list",
        ),
        pytest.param(
            {"year": 2026, "papers": [1], "days": []},
            "x.toml：papers 应为通知网址的列表，现为 [1]",
            id="json: papers not texts",
        ),
        pytest.param(
            {"year": 2026, "notices": "长" * 50},
            f"x.toml：notices 应为一组表，现为 {'长' * 39}…",
            id="a long wrong value is cut",
        ),
    ],
)
def test_bad_year_file(data: dict[str, object], sentence: str) -> None:
    with pytest.raises(WorkdaysError) as caught:
        read_year(data, "x.toml")
    assert str(caught.value) == sentence
