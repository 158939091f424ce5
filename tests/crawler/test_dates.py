from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import AMBIGUOUS, COARSE, IMPOSSIBLE, TOO_OLD, UNREADABLE, read_date, read_dates
from monitor.values import UNSTATED, Precision

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)  # 星期一


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("2026-11-23 07:30:05", "2026-11-23T07:30:05", id="no zone is the source's"),
        pytest.param("2026-10-04 01:39:11.0", "2026-10-04T01:39:11", id="Java"),
        pytest.param("2026-10-04T01:39:11Z", "2026-10-04T09:39:11", id="ISO Z"),
        pytest.param("2026-10-04T01:39:11.250+08:00", "2026-10-04T01:39:11.250", id="ISO fraction"),
        pytest.param("2026-10-04T01:39:11+0800", "2026-10-04T01:39:11", id="ISO offset without colon"),
        pytest.param("2026-10-04 01:39:11 CST", "2026-10-04T01:39:11", id="CST is UTC+8"),
        pytest.param("2026-10-04 01:39:11 GMT+8", "2026-10-04T01:39:11", id="GMT+8"),
        pytest.param("2026-10-04 01:39:11 Asia/Shanghai", "2026-10-04T01:39:11", id="IANA name"),
        pytest.param("2026-10-04 01:39:11 Asia/Beijing", "2026-10-04T01:39:11", id="a name that is no IANA name"),
        pytest.param("2026-10-04 01:39:11 ", "2026-10-04T01:39:11", id="an empty %z"),
        pytest.param("Sun, 04 Oct 2026 01:39:11 +0800", "2026-10-04T01:39:11", id="RFC 822"),
        pytest.param("Sun, 04 Oct 2026 01:39:11 GMT", "2026-10-04T09:39:11", id="RFC 822 in GMT"),
        pytest.param("Sun, 04 Oct 2026 01:39:11 CST", "2026-10-04T01:39:11", id="RFC 822 in CST"),
        pytest.param("Sun, 04 Oct 2026 01:39:11 EST", "2026-10-04T14:39:11", id="RFC 822 in EST"),
        pytest.param("4 Oct 26 01:39:11 +0800", "2026-10-04T01:39:11", id="no weekday, two-digit year"),
        pytest.param("Wrong, 04 Oct 2026 01:39:11 +0800", "2026-10-04T01:39:11", id="a wrong weekday"),
        pytest.param("Sun Oct 04 01:39:11 CST 2026", "2026-10-04T01:39:11", id="Java's Date"),
        pytest.param("Sun Oct 04 2026 01:39:11 GMT+0800 (中国标准时间)", "2026-10-04T01:39:11", id="JavaScript's Date"),
        pytest.param("Sat, Dec 16 2023 02:02:33 PM", "2023-12-16T14:02:33", id="afternoon"),
        pytest.param("Sat, Dec 16 2023 12:02:33 AM", "2023-12-16T00:02:33", id="after midnight"),
        pytest.param("1795390200", "2026-11-23T07:30:00", id="epoch seconds"),
        pytest.param("1795390200000", "2026-11-23T07:30:00", id="epoch milliseconds"),
        pytest.param("20261004013911", "2026-10-04T01:39:11", id="packed"),
        pytest.param("2026年10月4日1时39分11秒", "2026-10-04T01:39:11", id="时分秒"),
        pytest.param("发布时间:2026-10-04 01:39:11", "2026-10-04T01:39:11", id="a label before it"),
    ],
)
def test_reads_a_moment_to_the_second(raw: str, expected: str) -> None:
    stated = read_date(raw, MONDAY, SHANGHAI)
    assert stated.at == local(expected)
    assert stated.at.tzinfo is UTC
    assert (stated.precision, stated.day_end, stated.clock_bound) == (Precision.SECOND, None, False)
    assert stated.raw == raw.strip()
    assert stated.form


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("2026/11/23 07:30", "2026-11-23T07:30", id="slashes"),
        pytest.param("2026年11月23日 07:30", "2026-11-23T07:30", id="年月日"),
        pytest.param("2026年11月23日 星期一 07:30", "2026-11-23T07:30", id="年月日 with its weekday"),
        pytest.param("2020-09-30 10: 54", "2020-09-30T10:54", id="a space behind the colon"),
        pytest.param("２０２６－１０－０４　０１：３９", "2026-10-04T01:39", id="full-width"),
        pytest.param("2026-11-23 下午3:05", "2026-11-23T15:05", id="下午"),
        pytest.param("2026-11-23 24:00", "2026-11-24T00:00", id="24:00"),
        pytest.param("2026-10-04T01:39Z", "2026-10-04T09:39", id="ISO without seconds"),
    ],
)
def test_reads_a_moment_to_the_minute(raw: str, expected: str) -> None:
    stated = read_date(raw, MONDAY, SHANGHAI)
    assert (stated.at, stated.precision) == (local(expected), Precision.MINUTE)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("2026-10-5", date(2026, 10, 5), id="one digit"),
        pytest.param("2026.01.09", date(2026, 1, 9), id="points"),
        pytest.param("2026年11月23日", date(2026, 11, 23), id="年月日"),
        pytest.param("26年11月23日", date(2026, 11, 23), id="short year"),
        pytest.param("[2026-10-05]", date(2026, 10, 5), id="brackets"),
        pytest.param("20261005", date(2026, 10, 5), id="packed"),
        pytest.param("Oct 5, 2026", date(2026, 10, 5), id="month first"),
        pytest.param("25/12/2026", date(2026, 12, 25), id="day first, beyond doubt"),
    ],
)
def test_reads_a_day(raw: str, expected: date) -> None:
    stated = read_date(raw, MONDAY, SHANGHAI)
    assert stated.precision is Precision.DAY
    assert stated.at == datetime.combine(expected, time(), SHANGHAI)
    assert stated.day_end == datetime.combine(expected + timedelta(days=1), time(), SHANGHAI)


@pytest.mark.parametrize(
    ("raw", "expected", "precision"),
    [
        pytest.param("昨天 18:05", "2026-11-22T18:05", Precision.MINUTE, id="昨天 with a time"),
        pytest.param("昨天", "2026-11-22T00:00", Precision.DAY, id="昨天"),
        pytest.param("前天", "2026-11-21T00:00", Precision.DAY, id="前天"),
        pytest.param("3小时前", "2026-11-23T06:00", Precision.MINUTE, id="hours ago"),
        pytest.param("5分钟前", "2026-11-23T08:55", Precision.MINUTE, id="minutes ago"),
        pytest.param("半小时前", "2026-11-23T08:30", Precision.MINUTE, id="half an hour ago"),
        pytest.param("2天前", "2026-11-21T00:00", Precision.DAY, id="days ago"),
        pytest.param("刚刚", "2026-11-23T09:00", Precision.MINUTE, id="刚刚"),
        pytest.param("星期三", "2026-11-18T00:00", Precision.DAY, id="星期三"),
        pytest.param("周日 10:00", "2026-11-22T10:00", Precision.MINUTE, id="周日"),
        pytest.param("星期一 18:00", "2026-11-16T18:00", Precision.MINUTE, id="today's weekday, a time to come"),
        pytest.param("08:05", "2026-11-23T08:05", Precision.MINUTE, id="a time alone is today's"),
        pytest.param("18:05", "2026-11-22T18:05", Precision.MINUTE, id="a time to come is yesterday's"),
        pytest.param("11-23", "2026-11-23T00:00", Precision.DAY, id="today without its year"),
        pytest.param("11-24", "2025-11-24T00:00", Precision.DAY, id="tomorrow was last year"),
        pytest.param("06-09", "2026-06-09T00:00", Precision.DAY, id="no year"),
        pytest.param("2月29日", "2024-02-29T00:00", Precision.DAY, id="the last leap day"),
        pytest.param("12月5日 08:00", "2025-12-05T08:00", Precision.MINUTE, id="no year, with a time"),
    ],
)
def test_reads_what_depends_on_the_moment_of_reading(raw: str, expected: str, precision: Precision) -> None:
    stated = read_date(raw, MONDAY, SHANGHAI)
    assert (stated.at, stated.precision, stated.clock_bound) == (local(expected), precision, True)


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        pytest.param("0", TOO_OLD, id="epoch 0"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", TOO_OLD, id="1970"),
        pytest.param("1994-12-31", TOO_OLD, id="the day before the floor"),
        pytest.param("0001-01-01T00:00:00Z", TOO_OLD, id="year 1"),
        pytest.param("0000-00-00 00:00:00", IMPOSSIBLE, id="zeros"),
        pytest.param("2026-02-30", IMPOSSIBLE, id="30 February"),
        pytest.param("02-30", IMPOSSIBLE, id="30 February of no year"),
        pytest.param("2026-10-04 25:00", IMPOSSIBLE, id="25 o'clock"),
        pytest.param("2026-10-04 01:39:11 +9900", IMPOSSIBLE, id="no such offset"),
        pytest.param("03/04/2026", AMBIGUOUS, id="3 April or 4 March"),
        pytest.param("2个月前", COARSE, id="months ago"),
        pytest.param("2026-10-04 01:39:11 XYZ", UNREADABLE, id="a zone that nobody knows"),
        pytest.param("2026-10-04 01:39:11 Asia/Nowhere", UNREADABLE, id="a place that is nowhere"),
        pytest.param("2026-10", UNREADABLE, id="a month"),
        pytest.param("昨晚", UNREADABLE, id="prose"),
        pytest.param("2026-10-04" + " " * 10 + "x" * 200, UNREADABLE, id="long"),
    ],
)
def test_says_why_a_date_states_nothing(raw: str, form: str) -> None:
    stated = read_date(raw, MONDAY, SHANGHAI)
    assert (stated.at, stated.day_end, stated.form) == (None, None, form)
    assert stated.raw
    assert stated.raw in raw


def test_no_text_is_no_statement() -> None:
    assert read_date("  ", MONDAY, SHANGHAI) == UNSTATED


def test_the_first_of_1995_is_a_date() -> None:
    assert read_date("1995-01-02", MONDAY, SHANGHAI).at == local("1995-01-02T00:00")


def test_a_zone_with_summer_time_is_read_by_the_date() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read_date("2026-07-01 12:00", MONDAY, berlin).at == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert read_date("2026-12-01 12:00", MONDAY, berlin).at == datetime(2026, 12, 1, 11, tzinfo=UTC)


PIECES = st.sampled_from(
    [
        "2026",
        "26",
        "11",
        "31",
        "0",
        "99",
        "-",
        "/",
        ".",
        ":",
        " ",
        "年",
        "月",
        "日",
        "T",
        "Z",
        "+",
        "0800",
        "CST",
        "GMT",
        "Mon,",
        "Oct",
        "昨天",
        "前",
        "小时",
        "星期",
        "三",
        "下午",
        "PM",
        "Asia/Shanghai",
        "(",
        "[",
        "：",
        "1795390200",
        "\n",
        "٣",
        "²",
    ]
)


@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join)), st.sampled_from([SHANGHAI, UTC]))
def test_never_raises_and_states_whole_or_nothing(raw: str, zone: ZoneInfo) -> None:
    stated = read_date(raw, MONDAY, zone)
    assert (stated.day_end is not None) == (stated.at is not None and stated.precision is Precision.DAY)
    if stated.at is not None:
        assert stated.at.utcoffset() == timedelta(0)
        assert stated.at >= datetime(1995, 1, 1, tzinfo=UTC)
    else:
        assert stated.form or not raw.strip()


MOMENTS = st.datetimes(datetime(1996, 1, 1), datetime(2068, 1, 1)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(MOMENTS, OFFSETS, st.sampled_from(["iso", "iso space", "rfc822", "epoch", "epoch ms"]))
def test_a_written_moment_is_read_back(moment: datetime, offset: timezone, form: str) -> None:
    aware = moment.replace(tzinfo=offset)
    raw = {
        "iso": aware.isoformat(),
        "iso space": aware.isoformat(" "),
        "rfc822": format_datetime(aware),
        "epoch": str(int(aware.timestamp())),
        "epoch ms": str(int(aware.timestamp()) * 1000),
    }[form]
    if "epoch" in form and aware < datetime(2001, 9, 10, tzinfo=UTC):  # nine digits: only the ten-digit ms form differs
        return
    assert read_date(raw, MONDAY, SHANGHAI).at == aware


@given(MOMENTS, st.sampled_from(["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M", "%Y.%m.%d %H:%M"]))
def test_a_written_local_minute_is_read_back(moment: datetime, pattern: str) -> None:
    expected = moment.replace(second=0, tzinfo=SHANGHAI)
    assert read_date(moment.strftime(pattern), MONDAY, SHANGHAI).at == expected


@given(st.dates(date(1996, 1, 1), date(2068, 1, 1)))
def test_a_day_lasts_until_the_next(day: date) -> None:
    this, following = (read_date(each.isoformat(), MONDAY, SHANGHAI) for each in (day, day + timedelta(days=1)))
    assert this.day_end == following.at


# Documents


def days(*raws: str) -> list[tuple[Precision, str]]:
    return [
        (stated.precision, stated.at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if stated.at else "")
        for stated in read_dates(raws, MONDAY, SHANGHAI)
    ]


@pytest.mark.parametrize(
    "raws",
    [
        pytest.param(("Tue, 14 Apr 2026 00:00:00 +0800", "Mon, 13 Apr 2026 00:00:00 +0800"), id="local midnight"),
        pytest.param(("Tue, 14 Apr 2026 00:00:00 +0000", "Mon, 13 Apr 2026 00:00:00 GMT"), id="midnight as written"),
        pytest.param(("2026-04-14 00:00", "2026-04-13 00:00:00.0"), id="no zone"),
        pytest.param(("Mon, 13 Apr 2026 16:00:00 GMT", "Sun, 12 Apr 2026 16:00:00 GMT"), id="local midnight in GMT"),
        pytest.param(("1776096000", "1776009600"), id="local midnight as epoch"),
        pytest.param(("2026-04-14T00:00:00Z", "2026-04-13"), id="with a plain day among them"),
        pytest.param(("2026-04-13 24:00", "2026-04-13 00:00"), id="24:00"),
    ],
)
def test_midnight_on_every_item_is_a_day(raws: tuple[str, str]) -> None:
    assert days(*raws) == [(Precision.DAY, "04-14 00:00"), (Precision.DAY, "04-13 00:00")]


def test_one_item_at_midnight_is_a_day() -> None:
    (stated,) = read_dates(["Tue, 14 Apr 2026 00:00:00 +0000"], MONDAY, SHANGHAI)
    assert stated.day_end == local("2026-04-15T00:00")
    assert stated.form == "rfc822, midnight"
    assert stated.raw == "Tue, 14 Apr 2026 00:00:00 +0000"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("2026-04-14 00:00:00", id="no zone"),
        pytest.param("Tue, 14 Apr 2026 00:00:00 +0800", id="the source's zone"),
        pytest.param("2026年4月14日 00:00", id="to the minute"),
    ],
)
def test_local_midnight_as_written_is_a_day_among_moments(raw: str) -> None:
    assert days("2026-04-15 08:30:00", raw) == [(Precision.SECOND, "04-15 08:30"), (Precision.DAY, "04-14 00:00")]


@pytest.mark.parametrize(
    ("raw", "precision", "local_time"),
    [
        pytest.param("Tue, 14 Apr 2026 00:00:00 +0000", Precision.SECOND, "04-14 08:00", id="midnight elsewhere"),
        pytest.param("Mon, 13 Apr 2026 16:00:00 GMT", Precision.SECOND, "04-14 00:00", id="not midnight as written"),
        pytest.param("1776096000", Precision.SECOND, "04-14 00:00", id="a number"),
        pytest.param("2026-04-14 00:00:01", Precision.SECOND, "04-14 00:00", id="a second later"),
    ],
)
def test_no_local_midnight_as_written_is_a_moment_among_moments(
    raw: str, precision: Precision, local_time: str
) -> None:
    assert days("2026-04-15 08:30:00", raw)[1] == (precision, local_time)


def test_midnights_of_two_kinds_are_moments() -> None:
    assert days("Mon, 13 Apr 2026 00:00:00 GMT", "Sun, 12 Apr 2026 16:00:00 GMT")[0] == (
        Precision.SECOND,
        "04-13 08:00",
    )


def test_items_without_a_date_do_not_speak_against_days() -> None:
    assert days("", "2026-04-14 00:00:00", "bad") == [
        (Precision.SECOND, ""),
        (Precision.DAY, "04-14 00:00"),
        (Precision.SECOND, ""),
    ]


def test_a_document_of_days_and_of_nothing_stays_as_it_is() -> None:
    assert days("2026-04-14", "") == [(Precision.DAY, "04-14 00:00"), (Precision.SECOND, "")]
    assert read_dates([], MONDAY, SHANGHAI) == ()
