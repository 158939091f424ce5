import io
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from crawler.sources.report import read_report
from crawler.sources.values import Reading
from crawler.sources.wire import Entry, Wire
from monitor.values import Mark, Precision
from monitor.visits import Outcome
from tests.crawler.sources.saved import SHANGHAI, listing

HEADER = "账号编号,发布时间,标题,链接,原创"
ROW = "gx-01,2026-10-05 09:30,全县大会召开,https://mp.weixin.qq.com/s/abcdef123456,是"


def report(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((header, *lines)).encode(encoding)


def workbook(*rows: Any, before: tuple[Any, ...] = (), **sheets: Any) -> bytes:
    book = Workbook()
    for name, cells in ({"上报": (*before, *rows)} | sheets).items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.remove(book.worksheets[0])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def wire(body: bytes, content_type: str = "") -> Wire:
    read = read_report(body, content_type)
    assert isinstance(read, Wire), read
    return read


def only(body: bytes) -> Entry:
    (entry,) = wire(body).entries
    return entry


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(report(ROW), id="UTF-8"),
        pytest.param(report(ROW, encoding="utf-8-sig"), id="BOM"),
        pytest.param(report(ROW, encoding="gbk"), id="GBK"),
        pytest.param(
            report(ROW.replace(",", "\t"), header=HEADER.replace(",", "\t"), encoding="utf-16"), id="UTF-16 tabs"
        ),
        pytest.param(report(ROW.replace(",", ";"), header=HEADER.replace(",", ";")), id="semicolons"),
        pytest.param(
            report("", ",,,,", ROW, "", header=f"高县2026年10月自查上报表,,,,\r\n\r\n{HEADER}"), id="a title above"
        ),
        pytest.param(workbook(HEADER.split(","), ROW.split(",")), id="XLSX"),
        pytest.param(workbook(HEADER.split(","), [], ROW.split(","), before=(["上报表"], [])), id="XLSX with a title"),
        pytest.param(workbook(["说明"], 上报表=[HEADER.split(","), ROW.split(",")]), id="on another sheet"),
    ],
)
def test_one_row(body: bytes) -> None:
    read = wire(body)
    assert read.entries == (
        Entry(
            link="https://mp.weixin.qq.com/s/abcdef123456",
            title="全县大会召开",
            dates=("2026-10-05 09:30",),
            author="gx-01",
            reported=True,
        ),
    )
    assert (read.damaged, read.warnings) == (False, ())
    assert "不能证明没有更新" in read.unproving


def test_what_a_unit_says_of_itself_is_no_mark() -> None:
    item = listing(wire(report(ROW))).items[0]
    assert (item.mark, item.reported, item.text, item.key) == (Mark.NONE, True, "", "wechat:s:abcdef123456")


@pytest.mark.parametrize(
    ("header", "author"),
    [
        pytest.param("账号名称,发布时间,标题,链接", "高县发布", id="名称"),
        pytest.param("账号,发布日期,信息标题,网址", "高县发布", id="账号 网址"),
        pytest.param("新媒体名称*,时间,文章标题（全称）,URL", "高县发布", id="remarks"),
        pytest.param(" 账 号 名 称 ,发布时间：,标 题,链接地址", "高县发布", id="spaced"),
        pytest.param("公众号,群发时间,题目,文章链接", "高县发布", id="an export"),
        pytest.param("平台,发布时间,标题,链接", "", id="no account"),
    ],
)
def test_headers(header: str, author: str) -> None:
    entry = only(report("高县发布,2026-10-05 09:30,要闻,https://www.example.gov.cn/1", header=header))
    assert (entry.author, entry.title, entry.link) == (author, "要闻", "https://www.example.gov.cn/1")


def test_the_id_comes_before_the_name() -> None:
    header = "序号,账号名称,账号编号,平台,名称,标题,发布时间,链接"
    rows = (
        "1,高县发布,gx-01,微博,甲,要闻,2026-10-05,https://a.cn/1",
        "2,宜宾发布,,微博,乙,要闻,2026-10-06,https://a.cn/2",
    )
    assert [(entry.author, entry.title) for entry in wire(report(*rows, header=header)).entries] == [
        ("gx-01", "要闻"),
        ("宜宾发布", "要闻"),
    ]


@pytest.mark.parametrize(
    ("cell", "local", "precision"),
    [
        pytest.param(
            datetime(2026, 10, 5, 9, 30),  # noqa: DTZ001
            "2026-10-05 09:30",
            Precision.SECOND,
            id="a moment",
        ),
        pytest.param(
            datetime(2026, 10, 5),  # noqa: DTZ001
            "2026-10-05 00:00",
            Precision.DAY,
            id="midnight is a day",
        ),
        pytest.param(date(2026, 10, 5), "2026-10-05 00:00", Precision.DAY, id="a day"),
        pytest.param("2026年10月5日 9:30", "2026-10-05 09:30", Precision.MINUTE, id="text"),
        pytest.param("2026/10/5", "2026-10-05 00:00", Precision.DAY, id="slashes"),
        pytest.param(20261005, "2026-10-05 00:00", Precision.DAY, id="a number"),
        pytest.param(46300, "2026-10-05 00:00", Precision.DAY, id="a serial number"),
        pytest.param("46300.3960", "2026-10-05 09:30", Precision.SECOND, id="a serial number with its time"),
    ],
)
def test_dates_of_spreadsheets(cell: Any, local: str, precision: Precision) -> None:
    body = workbook(["账号名称", "发布时间", "标题", "链接"], ["高县发布", cell, "要闻", "https://a.cn/1"])
    stated = listing(wire(body)).items[0].stated
    assert stated.at is not None
    assert (stated.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), stated.precision) == (local, precision)


@pytest.mark.parametrize(
    ("clock", "written"),
    [
        pytest.param("09:30", "2026-10-05 09:30", id="text"),
        pytest.param(time(9, 30), "2026-10-05 09:30:00", id="a time"),
        pytest.param("", "2026-10-05", id="none"),
        pytest.param("2026-10-05 09:30", "2026-10-05 09:30", id="the whole once more"),
    ],
)
def test_a_time_beside_its_day(clock: Any, written: str) -> None:
    body = workbook(["发布日期", "发布时间", "标题", "链接"], [date(2026, 10, 5), clock, "要闻", "https://a.cn/1"])
    assert only(body).dates == (written,)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param("gx-01,2026-10-05,要闻,", "第3行“链接”为空", id="no link"),
        pytest.param("gx-01,2026-10-05,要闻,见公众号", "第3行“链接”不是网址", id="no address"),
        pytest.param("gx-01,2026-10-05,要闻,javascript:alert(1)", "第3行“链接”不是网址", id="a script"),
        pytest.param("gx-01,2026-10-05,要闻,file:///etc/passwd", "第3行“链接”不是网址", id="a file"),
        pytest.param("gx-01,2026-10-05,要闻,https://[", "第3行“链接”不是网址", id="half an address"),
        pytest.param("gx-01,2026-10-05", "第3行“链接”为空", id="a short row"),
        pytest.param(",2026-10-05,要闻,https://a.cn/1", "第3行没有填写账号", id="no account"),
    ],
)
def test_rows_that_are_left_out(row: str, words: str) -> None:
    read = wire(report(ROW, row))
    assert (len(read.entries), read.damaged) == (1, True)
    assert read.warnings[0].startswith(words)
    assert "请" in read.warnings[0]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        pytest.param("", "为空", id="none"),
        pytest.param("十月上旬", "无法识别", id="words"),
        pytest.param("2026-13-05", "无法识别", id="no such day"),
        pytest.param("03/04/2026", "无法识别", id="ambiguous"),
        pytest.param("29000", "无法识别", id="a number that is no day of these years"),
        pytest.param("昨天 09:30", "不完整", id="yesterday"),
        pytest.param("10-05", "不完整", id="no year"),
        pytest.param("09:30", "不完整", id="no day"),
    ],
)
def test_rows_without_a_time_are_undated(written: str, words: str) -> None:
    read = wire(report(f"gx-01,{written},要闻,https://a.cn/1"))
    assert (read.entries[0].dates, read.damaged, len(read.warnings)) == ((), False, 1)
    assert read.warnings[0].startswith("第2行“发布时间”")
    assert words in read.warnings[0]
    assert "2026-10-05 09:30" in read.warnings[0]


def test_a_row_without_a_title_is_named() -> None:
    read = wire(report("gx-01,2026-10-05,,https://a.cn/1"))
    assert (len(read.entries), read.warnings) == (1, ("第2行“标题”为空，无法与原文核对，请填写",))


def test_rows_are_named_as_the_spreadsheet_shows_them() -> None:
    body = workbook(HEADER.split(","), [], ["gx-01", None, "要闻", "无"], before=(["上报表"],), 说明=[["一"]])
    assert wire(body).warnings[0].startswith("工作表“上报”第4行“链接”不是网址")


def test_a_quote_that_never_ends() -> None:
    read = wire(report(ROW, 'gx-01,2026-10-06,"要闻,https://a.cn/1', "gx-01,2026-10-07,要闻,https://a.cn/2"))
    assert (len(read.entries), read.damaged) == (1, True)
    assert "第3行起有双引号没有成对" in read.warnings[0]


def test_many_bad_rows_are_counted() -> None:
    read = wire(report(*["gx-01,2026-10-05,要闻,无"] * 80))
    assert (len(read.warnings), read.warnings[-1]) == (51, "另有30处问题，请先改正以上各行")


def test_too_many_rows() -> None:
    read = wire(report(*(f"gx-01,2026-10-05,要闻{n},https://a.cn/{n}" for n in range(20_001))))
    assert (len(read.entries), read.damaged) == (20_000, True)
    assert "20000" in read.warnings[0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(
            report("1,2", header="序号,内容说明"),
            ("缺少“发布时间、标题、链接”", "序号、内容说明", "应有"),
            id="columns",
        ),
        pytest.param(
            report("1,2,3", header="账号名称,标题,发布时间"), ("缺少“链接”", "账号名称、标题、发布时间"), id="no link"
        ),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("XLS", "另存为"), id="an old workbook"),
        pytest.param(b"PK\x03\x04 torn", ("另存为",), id="a torn workbook"),
        pytest.param(b"<html><body>404</body></html>", ("网页",), id="a page"),
        pytest.param(b'{"code": 1}', ("不是CSV",), id="JSON"),
        pytest.param("今天天气很好。".encode(), ("缺少",), id="prose"),
    ],
)
def test_what_is_no_report(body: bytes, words: tuple[str, ...]) -> None:
    read = read_report(body)
    assert isinstance(read, Reading)
    assert read.outcome is Outcome.NOT_A_FEED
    assert [word for word in words if word not in read.reason] == []
    assert read.reason.endswith("。")


@pytest.mark.parametrize("body", [b"", b" \r\n", b",,\r\n,,", workbook([])])
def test_nothing(body: bytes) -> None:
    read = read_report(body)
    assert isinstance(read, Reading)
    assert read.outcome is Outcome.EMPTY


def test_a_header_alone_is_a_report_of_nothing() -> None:
    assert wire(report()).entries == ()


cells = st.sampled_from(
    ["", "账号名称", "发布时间", "标题", "链接", "2026-10-05", "https://a.cn/1", '"', "\x00", "'", "\n"]
)


@given(
    st.lists(st.lists(cells | st.text(max_size=6), max_size=6), max_size=8), st.sampled_from(["utf-8", "gbk", "utf-16"])
)
def test_never_raises(rows: list[list[str]], encoding: str) -> None:
    lines = [HEADER, *(",".join(row) for row in rows)]
    for first in (0, 1):
        read = read_report("\n".join(lines[first:]).encode(encoding, "replace"))
        if isinstance(read, Wire):
            listing(read)


@given(st.binary(max_size=300), st.integers(0, 3000))
def test_never_raises_for_bytes(noise: bytes, place: int) -> None:
    read_report(noise)
    whole = workbook(HEADER.split(","), ROW.split(","))
    read_report(whole[:place] + noise + whole[place + len(noise) :])
