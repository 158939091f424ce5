"""Reports as units really hand them in: merged cells, two header rows, links behind words, notes at the end."""

import io
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crawler.sources.report import read_report
from crawler.sources.wire import Wire

ONE = "https://mp.weixin.qq.com/s/abcdef123456"
TWO = "https://weibo.com/5000000001/PBxQv3k9a"
TITLED = "高县2026年11月政务新媒体自查上报表"
HEADER = ("序号", "账号名称", "发布时间", "标题", "链接")
Found = list[tuple[str, tuple[str, ...], str, str]]
FIRST = ("高县发布", ("2026-11-05",), "要闻", ONE)
SECOND = ("高县发布", ("2026-11-06",), "通知", TWO)


def wire(body: bytes) -> Wire:
    read = read_report(body)
    assert isinstance(read, Wire), read
    return read


def found(body: bytes) -> Found:
    return [(each.author, each.dates, each.title, each.link) for each in wire(body).entries]


def sheet(*rows: Any, merged: tuple[str, ...] = (), links: dict[str, str] | None = None, **others: Any) -> bytes:
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    for row in rows:
        first.append(row)
    for cell, target in (links or {}).items():
        first[cell].hyperlink = target
    for each in merged:
        first.merge_cells(each)
    for name, cells in others.items():
        page = book.create_sheet(name)
        for row in cells:
            page.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def lines(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(rows).encode(encoding)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            sheet(
                HEADER,
                (1, "高县发布", "2026-11-05", "要闻", ONE),
                (2, None, "2026-11-06", "通知", TWO),
                merged=("B2:B3",),
            ),
            id="the account merged over its rows",
        ),
        pytest.param(
            sheet(
                (TITLED,),
                ("序号", "账号名称", "发布情况", None, None),
                (None, None, "发布时间", "标题", "链接"),
                (1, "高县发布", "2026-11-05", "要闻", ONE),
                (2, "高县发布", "2026-11-06", "通知", TWO),
                merged=("A1:E1", "A2:A3", "B2:B3", "C2:E2"),
            ),
            id="two header rows, merged",
        ),
        pytest.param(
            lines(
                "序号,账号名称,发布情况,,",
                ",,发布时间,标题,链接",
                f"1,高县发布,2026-11-05,要闻,{ONE}",
                f"2,高县发布,2026-11-06,通知,{TWO}",
            ),
            id="two header rows as CSV",
        ),
        pytest.param(
            sheet(
                HEADER,
                (1, "高县发布", "2026-11-05", "要闻", f'=HYPERLINK("{ONE}","查看")'),
                (2, "高县发布", "2026-11-06", "通知", f'=hyperlink( "{TWO}" )'),
            ),
            id="formulas",
        ),
        pytest.param(
            sheet(
                HEADER,
                (1, "高县发布", "2026-11-05", "要闻", "点击查看"),
                (2, "高县发布", "2026-11-06", "通知", "https://weibo.com/50000…"),
                links={"E2": ONE, "E3": TWO},
            ),
            id="links behind words, and behind an address that is cut",
        ),
        pytest.param(
            sheet(
                HEADER[:4],
                (1, "高县发布", "2026-11-05", "要闻"),
                (2, "高县发布", "2026-11-06", "通知"),
                links={"D2": ONE, "D3": TWO},
            ),
            id="links behind the titles, no column of links",
        ),
        pytest.param(
            sheet(
                (TITLED,),
                ("填报单位：高县人民政府办公室", None, "填报时间：2027-01-03"),
                HEADER,
                (1, "高县发布", "11月5日", "要闻", ONE),
                (2, "高县发布", "11.6", "通知", TWO),
                ("合计", None, None, "2条", None),
                ("注：以上信息已逐条核对。",),
                (None, None, "审核人：张三", None, None),
            ),
            id="the year above the table, a sum and notes below it",
        ),
        pytest.param(
            sheet(
                HEADER,
                ("示例", "示例账号", "2026-10-05 09:30", "示例标题", "https://www.example.gov.cn/1.html"),
                (None, "（必填）", "（必填，格式如2026-10-05）", "（必填）", "（必填）"),
                (1, "高县发布", "2026-11-05", "要闻", ONE),
                HEADER,
                (2, "高县发布", "2026-11-06", "通知", TWO),
                (3, "高县文旅", "/", "本月无更新", "无"),
                (4, "高县农业", None, None, None),
            ),
            id="an example, the header once more, accounts with nothing",
        ),
        pytest.param(
            sheet(
                HEADER,
                (1, "高县发布", "2026-11-05", "要闻", ONE),
                微博=(HEADER, (1, "高县发布", "2026-11-06", "通知", TWO)),
                填写说明=(("链接如", ONE), ("又如", TWO)),
            ),
            id="two sheets with posts, one that explains",
        ),
        pytest.param(
            lines(
                "sep=;",
                "序 号;账号名称;推送日期;推文标题;推文链接/网址",
                f"1;高县发布;2026-11-05;要闻;{ONE}；",
                f"2;高县发布;2026-11-06;通知;链接：{TWO}。",
                encoding="gbk",
            ),
            id="semicolons, GBK, full stops behind links",
        ),
        pytest.param(
            lines(
                "账号名称\t发文日期\t文章题目\t文章网址",
                f"高县发布\t46331\t要闻\t{ONE.replace(':', '：').replace('//', '／／')}",
                f"高县发布\t46332\t通知\t{TWO}（微博）",
                encoding="utf-8-sig",
            ),
            id="tabs, serial numbers, full-width signs",
        ),
    ],
)
def test_two_posts(body: bytes) -> None:
    read = wire(body)
    normal = [
        (
            author,
            tuple(day.replace("2026-11-5", "2026-11-05").replace("2026-11-6", "2026-11-06") for day in days),
            *rest,
        )
        for author, days, *rest in found(body)
    ]
    assert normal == [FIRST, SECOND]
    assert (read.damaged, read.warnings) == (False, ())


def test_several_links_in_a_cell_are_several_posts() -> None:
    body = sheet(HEADER, (1, "高县发布", "2026-11-05", "要闻", f"微信：{ONE}\n微博：{TWO}，"))
    assert [link for *_, link in found(body)] == [ONE, TWO]
    assert wire(body).warnings == ("第2行“链接”中有2个网址，按2条信息处理，请每行填写一条",)


def test_an_address_within_an_address_is_one() -> None:
    whole = "https://www.example.gov.cn/go?url=https://mp.weixin.qq.com/s/abcdef123456"
    assert [link for *_, link in found(lines(",".join(HEADER), f"1,高县发布,2026-11-05,要闻,{whole}"))] == [whole]


@pytest.mark.parametrize(
    ("title", "written", "dates"),
    [
        pytest.param(TITLED, "11.5", ("2026-11-5",), id="a point"),
        pytest.param(TITLED, "11-25 9:30", ("2026-11-25 9:30",), id="with its time"),
        pytest.param("2026年10-11月上报", "10月31日", ("2026-10-31",), id="an earlier month of the report"),
        pytest.param(TITLED, "12.5", (), id="a month after the report's"),
        pytest.param(TITLED, "11.1", (), id="the first or the tenth"),
        pytest.param("高县2026年、2027年上报表", "11.5", (), id="two years"),
        pytest.param("高县自查上报表", "11.5", (), id="no year"),
    ],
)
def test_dates_without_a_year(title: str, written: str, dates: tuple[str, ...]) -> None:
    read = wire(lines(title, "账号名称,发布时间,标题,链接", f"高县发布,{written},要闻,{ONE}"))
    assert read.entries[0].dates == dates
    assert bool(read.warnings) is (not dates)


def test_sheets_that_are_called_by_their_accounts() -> None:
    rows = (("发布时间", "标题", "链接"), ("2026-11-05", "要闻", ONE))
    assert [author for author, *_ in found(sheet(高县发布=rows, 高县文旅=rows, 微博=rows))] == [
        "高县发布",
        "高县文旅",
        "",
    ]


def test_a_sheet_of_posts_without_a_header_is_named() -> None:
    body = sheet(HEADER, (1, "高县发布", "2026-11-05", "要闻", ONE), 微博=(("要闻", ONE), ("通知", TWO)))
    read = wire(body)
    assert (len(read.entries), read.damaged) == (1, True)
    assert read.warnings == ("工作表“微博”第1行起没有“发布时间、标题、链接”的表头，该表未采用，请补上表头",)


def test_a_post_is_no_note() -> None:
    body = sheet(
        HEADER, (1, "高县发布", "2026-11-05", "注：本通知长期有效", ONE), ("备注", "高县发布", "2026-11-06", "无", TWO)
    )
    assert [title for _, _, title, _ in found(body)] == ["注：本通知长期有效", "无"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param((1, "高县发布", "2026-11-05", "要闻", "见公众号"), "不是网址", id="words for a link"),
        pytest.param((1, "高县发布", "2026-11-05", "要闻", None), "链接”为空", id="no link"),
        pytest.param((1, "高县发布", None, "要闻", "无"), "不是网址", id="a title without a link"),
        pytest.param(
            (1, "高县发布", "2026-11-05", "要闻", '=HYPERLINK(F2,"查看")'), "链接”为空", id="a link elsewhere"
        ),
    ],
)
def test_rows_that_must_be_mended(row: tuple[Any, ...], words: str) -> None:
    read = wire(sheet(HEADER, row))
    assert (len(read.entries), read.damaged) == (0, True)
    assert words in read.warnings[0]


def test_a_merged_range_far_below_the_rows() -> None:
    rows = [
        (1, None if number else "高县发布", "2026-11-05", f"要闻{number}", f"{ONE}{number}") for number in range(30)
    ]
    read = wire(sheet(HEADER, *rows, merged=("B2:B2500",)))
    assert ({entry.author for entry in read.entries}, len(read.entries)) == ({"高县发布"}, 30)
