"""The workbook says what the CSV files say, cell by cell, and every reader opens it."""

import csv
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from monitor.evidence import Evidence
from monitor.findings import Judgement
from monitor.rechecking import Duty, Outcome, Recheck
from monitor.stages import Stage
from monitor.statistics import Statistics
from monitor.values import Account, Originality, Platform, Post, Precision
from reports.csv_parts import Findings, Posts, Rechecks, Summary
from reports.folder import Folder, ReportError
from reports.parts import AccountRows, Head, Part, RecheckRow
from reports.platforms import NOTES
from reports.public import PublicCsv
from reports.rows import FindingRow, PostRow, SummaryRow
from reports.workbook import Workbook
from tests.monitor.builders import ALWAYS, account, covered, frame, judged, moment, post, posts, window

MONTH = frame()
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
HEAD = Head(frame=MONTH, office="高县人民政府办公室", month="2026-10")
NAME = "政务新媒体检查情况-2026-10.xlsx"
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+86 13812345678 请联系",
    "-1+2",
    "@everyone",
    "'单引号",
    "“双减”政策解读丨一图读懂",
    '"quoted"',
    "🎉🎉国庆快乐",
    "<r><t>坏</r>",
    "<b>&amp;</b>",
    "2026-10-31",
    "97.3%",
    "0012",
    "第一行\n第二行\r第三行",
    "六十个字的标题" * 9,
]


def rows_of(judgement: Judgement, number: int = 1, *, rechecks: Sequence[Recheck] = ()) -> AccountRows:
    of = judgement.account
    evidence = Evidence(spans=(), visits=(), found_at=moment("11-01 08:00"))
    return AccountRows(
        judgement=judgement,
        summary=SummaryRow(number=number, judgement=judgement, frame=MONTH),
        findings=[
            FindingRow(number=number * 100 + at, account=of, finding=each, evidence=evidence, frame=MONTH)
            for at, each in enumerate(judgement.findings)
        ],
        posts=[PostRow(account=of, post=each, classified=known, frame=MONTH) for each, known in judgement.posts],
        rechecks=[RecheckRow(account=of, recheck=each) for each in rechecks],
    )


def recheck(outcome: Outcome, day: date | None = None) -> Recheck:
    duty = Duty(
        account_id="gx-01",
        month="2026-09",
        code="GX-03",
        category="未达到周更新要求",
        windows=(window("09-07", "09-13"), window("09-14", "09-20")),
        since=date(2026, 9, 30),
        due=date(2026, 10, 20),
    )
    return Recheck(duty=duty, outcome=outcome, why="整改时限届满后已恢复更新", window=window("10-21", "10-31"), day=day)


def numbered(number: int, **more: Any) -> Account:
    return replace(account(**more), account_id=f"{number:04d}")


def titled(titles: Iterable[str]) -> list[Post]:
    found = [post(f"10-{at:02d} 09:00", title=title) for at, title in enumerate(titles, 1)]
    return [replace(found[0], precision=Precision.DAY), *found[1:]]


def a_month() -> list[AccountRows]:
    """Every result, hostile titles and names, a re-check."""
    closed = replace(numbered(5), closed=date(2026, 9, 1))
    judgements = [
        judged([*titled(HOSTILE), *posts("10-16..10-31")], ALWAYS, of=numbered(1, name="=cmd|' /C calc'!A0")),
        judged([], ALWAYS, of=numbered(2, name="县丨融媒“🐼”", platform=Platform.WEIBO)),
        judged(posts("10-01..10-31", of=Originality.UNDETERMINED), ALWAYS, of=numbered(3, name="六十" * 30)),
        judged(posts("10-01"), covered("10-01..10-05"), of=numbered(4, platform=Platform.DOUYIN)),
        judged([], ALWAYS, of=closed),
        judged(posts("10-08..10-31", but="10-12 10-13"), ALWAYS, of=numbered(6, main=True)),
    ]
    again = [recheck(Outcome.RECTIFIED, date(2026, 10, 22)), recheck(Outcome.NOT_RECTIFIED)]
    return [rows_of(each, at, rechecks=again if at == 2 else ()) for at, each in enumerate(judgements, 1)]


def naive(text: str) -> datetime:
    """A moment as a spreadsheet has it, in no zone."""
    return datetime.fromisoformat(text)


def write(out: Path, rows: Iterable[AccountRows], head: Head = HEAD) -> Path:
    statistics = Statistics()
    with Folder(out, NOW) as folder:
        parts: list[Part] = [Summary(folder), Findings(folder), Posts(folder), Rechecks(folder)]
        parts += [PublicCsv(folder, head), Workbook(folder, head)]
        for each in rows:
            statistics.add([each.judgement])
            for part in parts:
                part.write(each)
        for part in parts:
            part.close(statistics)
        folder.commit()
    return out / NAME


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("inspections") / "2026-10", a_month())


def shown(cell: Any) -> str:
    """Return a cell as a CSV file has it."""
    value, kind = cell.value, cell.number_format
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if kind == "yyyy-mm-dd" else f"{value:%Y-%m-%d %H:%M}"
    if kind == "0.0%":
        return f"{value * 100:.1f}%"
    return str(value)


def table(sheet: Worksheet) -> list[list[str]]:
    return [[shown(cell) for cell in row] for row in sheet.iter_rows()]


def unquoted(text: str) -> str:
    """Return text of a CSV file as it was before it was neutralised."""
    return text[1:] if re.match(r"'[=+\-@\t]", text) else text


def csv_table(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [[unquoted(cell) for cell in row] for row in csv.reader(opened)]


def column(sheet: Worksheet, name: str) -> list[Any]:
    at = [cell.value for cell in sheet[1]].index(name)
    return [row[at] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize(
    ("sheet", "file"),
    [
        ("检查情况汇总表", "summary.csv"),
        ("问题清单", "findings.csv"),
        ("信息明细", "posts.csv"),
        ("公开版", "公开版-2026-10.csv"),
        ("回头看", "rechecks.csv"),
    ],
)
def test_a_sheet_says_what_its_csv_file_says(month: Path, sheet: str, file: str) -> None:
    given = csv_table(month.parent / file)
    assert len(given) > 2
    found = table(openpyxl.load_workbook(month)[sheet])
    assert [[each.rstrip() for each in row] for row in found] == [[each.rstrip() for each in row] for row in given]


def test_the_sheets_in_their_order(month: Path, tmp_path: Path) -> None:
    always = ["检查情况汇总表", "问题清单", "信息明细", "平台统计表", "公开版"]
    assert openpyxl.load_workbook(month).sheetnames == [*always, "回头看"]
    assert openpyxl.load_workbook(write(tmp_path / "none", [])).sheetnames == always


def test_values_have_their_kinds(month: Path) -> None:
    book = openpyxl.load_workbook(month)
    summary, detail = book["检查情况汇总表"], book["信息明细"]
    point = column(summary, "监测时间点")[0]
    assert (point.value, point.number_format) == (naive("2026-10-31 23:59"), "yyyy-mm-dd hh:mm")
    assert [each.value for each in column(summary, "发布条数")][:3] == [31, 0, 31]
    share = column(summary, "原创率")[0]
    assert (share.value, share.number_format) == (1, "0.0%")
    assert [each.data_type for each in column(summary, "账号编号")] == ["s"] * 6  # or its zeros would go
    dates = column(detail, "发布时间")
    assert (dates[0].value, dates[0].number_format) == (naive("2026-10-01"), "yyyy-mm-dd")
    assert (dates[1].value, dates[1].number_format) == (naive("2026-10-02 09:00"), "yyyy-mm-dd hh:mm")
    titles = column(detail, "标题")
    assert {each.data_type for each in titles} == {"s"}
    assert [each.value for each in titles[:2]] == ["=cmd|' /C calc'!A0", "+86 138****5678 请联系"]
    assert (titles[0].quotePrefix, titles[6].quotePrefix) == (True, False)  # editing does not run it either
    due = next(each for each in column(book["问题清单"], "整改时限") if each.value)
    assert (due.value, due.number_format) == (naive("2026-11-13"), "yyyy-mm-dd")


def test_links_lead_where_the_post_is(month: Path) -> None:
    cells = column(openpyxl.load_workbook(month)["信息明细"], "链接")
    assert {each.hyperlink.target for each in cells} == {"https://county.example/1"}


def test_verdicts_have_a_sign_beside_their_colour(month: Path) -> None:
    cells = column(openpyxl.load_workbook(month)["检查情况汇总表"], "检查结果")
    signs = {each.value: (each.number_format, each.font.b, each.font.i) for each in cells}
    assert signs == {
        "合格": ("General", False, False),
        "不合格": (';;;"● "@', True, False),
        "待复核": (';;;"▲ "@', False, False),
        "未能核验": (';;;"○ "@', False, True),
        "不适用": (';;;"－ "@', False, False),
    }


def test_the_platforms_are_those_of_the_statistics(month: Path) -> None:
    found = table(openpyxl.load_workbook(month)["平台统计表"])
    assert found[0][:9] == ["平台", "账号数", "检查数", "检查比例", "合格", "不合格", "合格率", "发布条数", "原创条数"]
    assert found[0][9:] == ["待复核", "未能核验", "不适用"]
    assert found[1] == ["微信公众号", "4", "2", "66.6%", "1", "1", "50.0%", "84", "53", "1", "0", "1"]
    assert found[2] == ["新浪微博", "1", "1", "100.0%", "0", "1", "0.0%", "0", "0", "0", "0", "0"]
    assert found[3] == ["抖音", "1", "0", "0.0%", "0", "0", "", "1", "1", "0", "1", "0"]
    assert found[4] == ["合计", "6", "3", "60.0%", "1", "2", "33.3%", "85", "54", "1", "1", "1"]
    assert [row[0] for row in found[6:]] == list(NOTES)
    assert NOTES[0] == "合格率 =（检查数 − 不合格数）÷ 检查数"


def test_every_sheet_is_ready_for_paper(month: Path) -> None:
    book: Any = openpyxl.load_workbook(month)
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
        assert "高县人民政府办公室政务新媒体检查情况（2026年10月）【草稿】" in str(sheet.oddHeader.center.text)
        assert sheet.auto_filter.ref.startswith("A1:")
    summary = book["检查情况汇总表"]
    assert (summary.freeze_panes, summary.print_title_cols, summary.auto_filter.ref) == ("G2", "$E:$F", "A1:AF7")
    assert summary.column_dimensions["C"].width == pytest.approx(18 + 1 + 0.71, abs=0.01)
    assert book["平台统计表"].auto_filter.ref == "A1:L4"  # the total stays where it is


def test_rows_are_as_high_as_their_text(month: Path) -> None:
    summary = openpyxl.load_workbook(month)["检查情况汇总表"]
    assert [summary.row_dimensions[at].height for at in (1, 4)] == [28.5, 82.5]  # two lines, and a name of sixty
    assert "customHeight" not in zipfile.ZipFile(month).read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "高县人民政府办公室政务新媒体检查情况（2026年10月）【草稿】"),
        ({"stage": Stage.REVIEWING}, "高县人民政府办公室政务新媒体检查情况（2026年10月）【复核中】"),
        ({"stage": Stage.FINAL}, "高县人民政府办公室政务新媒体检查情况（2026年10月）"),
        ({"stage": Stage.PUBLIC, "version": 2}, "高县人民政府办公室政务新媒体检查情况（2026年10月）（第2版）"),
    ],
)
def test_the_stage_is_told_until_it_is_final(tmp_path: Path, changes: dict[str, Any], title: str) -> None:
    book: Any = openpyxl.load_workbook(write(tmp_path / "out", [], replace(HEAD, **changes)))
    assert book.properties.title == title
    assert (book.properties.creator, book.properties.created) == ("高县人民政府办公室", naive("2026-10-31 16:00"))
    assert str(book["公开版"].oddHeader.center.text) == title


def test_an_office_stays_itself_in_the_header(tmp_path: Path) -> None:
    out = write(tmp_path / "out", [], replace(HEAD, office="12345 & 热线" + "办" * 300))
    header = re.search("<oddHeader>(.*)</oddHeader>", zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode())
    assert header is not None
    assert header[1].startswith('&amp;L&amp;9&amp;A&amp;C&amp;"宋体,Bold"&amp;12 12345 &amp;&amp; 热线')
    assert len(header[1].replace("&amp;", "&")) <= 255


def test_no_account_is_a_workbook_too(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(tmp_path / "out", []))
    assert [sheet.max_row for sheet in book][:3] == [1, 1, 1]
    assert table(book["平台统计表"])[1] == ["合计", "0", "0", "", "0", "0", "", "0", "0", "0", "0", "0"]


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "a", a_month()).read_bytes()
    assert write(tmp_path / "b", a_month()).read_bytes() == first
    stamps = {each.date_time for each in zipfile.ZipFile(tmp_path / "a" / NAME).infolist()}
    assert stamps == {(1980, 1, 31, 0, 0, 0)}


def test_every_part_is_xml_that_strict_readers_take(tmp_path: Path) -> None:
    titles = ["含\x0b控制\x01\x1f字符", "\ufffe\uffff", "<r>", "<r><t>坏</t></r>", "</t></is>", "]]>&amp;", "_x0041_"]
    out = write(tmp_path / "out", [rows_of(judged(titled(titles), ALWAYS))])
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
        assert len(set(archive.namelist())) == len(archive.namelist())
    found = [each.value for each in column(openpyxl.load_workbook(out)["信息明细"], "标题")]
    assert found[0] == "含 控制  字符"
    assert found[2:6] == ["<r>", "<r><t>坏</t></r> ", "</t></is>", "]]>&amp;"]


def test_nothing_is_left_of_a_workbook_that_is_given_up(tmp_path: Path) -> None:
    with Folder(tmp_path / "out", NOW) as folder:  # files left open would warn
        workbook = Workbook(folder, HEAD)
        for rows in a_month():
            workbook.write(rows)
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    assert list((tmp_path / "out").iterdir()) == []


def test_a_system_that_refuses_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="文件未能写成"), Folder(tmp_path / "out", NOW) as folder:  # noqa: PT012
        workbook = Workbook(folder, HEAD)
        folder.place(NAME).mkdir()
        workbook.close(Statistics())


def test_unquoted_is_the_opposite_of_neutralising() -> None:
    rows = csv.reader(StringIO("'=1,'单引号,a"))
    assert [unquoted(cell) for cell in next(rows)] == ["=1", "'单引号", "a"]
