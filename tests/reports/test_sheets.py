"""Sheets keep to what spreadsheets can hold, and say where they cannot."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from reports.folder import Folder
from reports.sheet_links import MOST, add_relations, target
from reports.sheets import Book, Paper, Sheet, fitted

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)


def column(sheet: Worksheet, name: str) -> list[Any]:
    at = [cell.value for cell in sheet[1]].index(name)
    return [row[at] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize(
    ("url", "leads_to"),
    [
        ("https://mp.weixin.qq.com/s?__biz=A&mid=1#rd", "https://mp.weixin.qq.com/s?__biz=A&mid=1#rd"),
        ("HTTP://county.example:8080", "HTTP://county.example:8080"),
        ("https://county.example/搜?a[]=1", "https://county.example/%E6%90%9C?a%5B%5D=1"),
        ("https://county.example/a%20b", "https://county.example/a%20b"),
        ("https://county.example/" + "a" * 2056, "https://county.example/" + "a" * 2056),
        ("https://county.example/" + "a" * 2057, None),
        ("https://例子.cn/a", None),
        ("https://county.example/a b", None),
        ('https://county.example/"a', None),
        ("https://county.example/\x0b", None),
        ("https://county.example@evil.example/", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("", None),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, leads_to: str | None) -> None:
    assert target(url) == leads_to


@pytest.mark.parametrize("letter", ["字", "a", "🐼"])
def test_text_too_long_for_a_cell_says_so(letter: str) -> None:
    units = len(letter.encode("utf-16-le")) // 2
    assert fitted(letter * (32_767 // units)) == letter * (32_767 // units)
    cut = fitted(letter * 40_000)
    assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert cut.startswith(letter * 16_000)
    assert cut.endswith("……（以下省略：全文共40000字，超出单元格上限，完整内容见同时生成的CSV文件）")


def sheets(folder: Folder, path: Path, paper: Paper, rows: Sequence[str]) -> None:
    file = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    book = Book(file, folder)
    columns: dict[str, Callable[[str], str]] = {
        "链接": lambda row: row,
        "原创率": lambda row: row,
        "发布时间": lambda row: row,
    }
    sheet = Sheet[str](book, "信息明细", columns, paper)
    sheet.write(rows)
    sheet.close()
    file.close()
    add_relations(path, book.links)


def test_what_no_sheet_holds_goes_on_in_a_further_one(tmp_path: Path) -> None:
    given = [f"https://county.example/{n}" for n in range(5)]
    with Folder(tmp_path / "out", NOW) as folder:
        sheets(folder, folder.place("a.xlsx"), Paper(header="", footer="", rows=2), given)
        folder.commit()
    book = openpyxl.load_workbook(tmp_path / "out" / "a.xlsx")
    assert book.sheetnames == ["信息明细", "信息明细(2)", "信息明细(3)"]
    links = [[cell.hyperlink.target for cell in column(sheet, "链接")] for sheet in book]
    assert links == [given[:2], given[2:4], given[4:]]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:C3", "A1:C3", "A1:C2"]


def test_beyond_the_links_of_a_sheet_an_address_is_text(tmp_path: Path) -> None:
    assert (MOST, Paper(header="", footer="").rows) == (65_530, 1_048_575)
    given = [f"https://county.example/{n}" for n in range(3)]
    with Folder(tmp_path / "out", NOW) as folder:
        sheets(folder, folder.place("a.xlsx"), Paper(header="", footer="", links=2), given)
        folder.commit()
    cells = column(openpyxl.load_workbook(tmp_path / "out" / "a.xlsx").active, "链接")  # type: ignore[arg-type]
    assert [bool(each.hyperlink) for each in cells] == [True, True, False]
    assert [each.value for each in cells] == given


@pytest.mark.parametrize(
    "value", ["1899-12-31", "2026-13-01", "20261031", "发布时间缺失", "2026-10-31 25:00", "约97%", "-1%"]
)
def test_what_is_no_date_and_no_share_stays_text(tmp_path: Path, value: str) -> None:
    with Folder(tmp_path / "out", NOW) as folder:
        sheets(folder, folder.place("a.xlsx"), Paper(header="", footer=""), [value])
        folder.commit()
    sheet: Any = openpyxl.load_workbook(tmp_path / "out" / "a.xlsx").active
    assert [cell.value for cell in sheet[2]] == [value] * 3
