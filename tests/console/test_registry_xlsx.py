import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from console.errors import RegistryError
from console.registry import read_registry
from monitor.values import Account
from tests.console.registries import HEADER, TODAY

COLUMNS = HEADER.split(",")
GOOD = ["GX-001", "高县发布", "微信公众号", "高县人民政府办公室"]


def saved(
    folder: Path, *rows: list[Any], build: Callable[[Workbook], None] | None = None, name: str = "a.xlsx"
) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if build is not None:
        build(book)
    path = folder / name
    book.save(path)
    return path


def read(path: Path) -> list[Account]:
    return read_registry(path, TODAY)


def problem(path: Path) -> str:
    with pytest.raises(RegistryError) as caught:
        read(path)
    (only,) = caught.value.problems
    return only


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    (account,) = read(saved(tmp_path, COLUMNS, GOOD, name="台账.csv"))
    assert account.name == "高县发布"


@pytest.mark.parametrize(
    ("column", "value", "attribute", "expected"),
    [
        pytest.param("开设日期", date(2020, 8, 29), "opened", date(2020, 8, 29), id="date cell"),
        pytest.param(
            "开设日期", datetime.fromisoformat("2020-08-29T13:05"), "opened", date(2020, 8, 29), id="date and time cell"
        ),
        pytest.param("开设日期", 20200829, "opened", date(2020, 8, 29), id="a number of eight digits"),
        pytest.param("开设日期", "2020年8月29日", "opened", date(2020, 8, 29), id="text"),
        pytest.param("联系电话", 13800138000, "phone", "13800138000", id="phone as a number"),
        pytest.param("联系电话", 13800138000.0, "phone", "13800138000", id="phone as a float"),
        pytest.param("备注", 1.5, "note", "1.5", id="a fraction"),
        pytest.param("备注", True, "note", "TRUE", id="a truth"),
        pytest.param("备注", "一_x000D_\n二", "note", "一\n二", id="a carriage return as workbooks write it"),
        pytest.param("备注", "'=1+1", "note", "=1+1", id="a neutralised formula"),
    ],
)
def test_cells(tmp_path: Path, column: str, value: object, attribute: str, expected: object) -> None:
    (account,) = read(saved(tmp_path, [*COLUMNS, column], [*GOOD, value]))
    assert getattr(account, attribute) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(1001, "1001", id="number"),
        pytest.param(1001.0, "1001", id="float"),
        pytest.param("1001.0", "1001", id="text of a float"),
        pytest.param("007", "007", id="text"),
    ],
)
def test_ids(tmp_path: Path, value: object, expected: str) -> None:
    (account,) = read(saved(tmp_path, COLUMNS, [value, *GOOD[1:]]))
    assert account.account_id == expected


def test_leading_zeros_of_a_number_format(tmp_path: Path) -> None:
    def build(book: Workbook) -> None:
        assert book.active is not None
        book.active["A2"].number_format = "00000"

    (account,) = read(saved(tmp_path, COLUMNS, [42, *GOOD[1:]], build=build))
    assert account.account_id == "00042"


@pytest.mark.parametrize(
    ("column", "value", "cause"),
    [
        pytest.param("备注", "=A2&B2", "是公式而没有计算结果", id="a formula that was never calculated"),
        pytest.param("备注", "#REF!", "是错误值 #REF!", id="an error"),
        pytest.param("开设日期", 44072, "像是 Excel 的日期序号", id="a date without a format"),
        pytest.param("开设日期", date(2026, 11, 23), "在今天（2026-11-22）之后", id="a date in the future"),
        pytest.param("主账号", True, "“TRUE”不认识", id="a truth for 是"),
    ],
)
def test_bad_cells(tmp_path: Path, column: str, value: object, cause: str) -> None:
    found = problem(saved(tmp_path, [*COLUMNS, column], [*GOOD, value]))
    assert found.startswith(f"a.xlsx：第2行“{column}”：")
    assert cause in found


def test_an_id_that_became_a_date(tmp_path: Path) -> None:
    found = problem(saved(tmp_path, COLUMNS, [date(2026, 3, 1), *GOOD[1:]]))
    assert "被 Excel 改成了日期 2026-03-01" in found


def test_a_formula_counts_by_its_stored_result(tmp_path: Path) -> None:
    path = saved(tmp_path, COLUMNS, ["=1+1", *GOOD[1:]])
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(b"<v />", b"<v>2</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for part, body in parts.items():
            archive.writestr(part, body)
    (account,) = read(path)
    assert account.account_id == "2"


def test_merged_title_blank_rows_and_far_rows(tmp_path: Path) -> None:
    def build(book: Workbook) -> None:
        assert book.active is not None
        book.active.merge_cells("A1:D1")
        for column, value in zip("ABCD", ["GX-002", "甲", "音抖", "乙"], strict=True):
            book.active[f"{column}2000"] = value

    found = problem(saved(tmp_path, ["台账", None, None, None], [None], COLUMNS, [None] * 4, GOOD, build=build))
    assert found.startswith("a.xlsx：第2000行“平台”：")


def test_a_merged_organizer_is_told_apart(tmp_path: Path) -> None:
    def build(book: Workbook) -> None:
        assert book.active is not None
        book.active.merge_cells("D2:D3")

    found = problem(saved(tmp_path, COLUMNS, GOOD, ["GX-002", *GOOD[1:]], build=build))
    assert found.startswith("a.xlsx：第3行“主办单位”：必填，现在是空的")
    assert "合并的单元格" in found


def test_the_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    def build(book: Workbook) -> None:
        sheet = book.create_sheet("台账")
        sheet.append(COLUMNS)
        sheet.append([*GOOD[:2], "x", GOOD[3]])

    found = problem(saved(tmp_path, ["填表说明"], build=build))
    assert found.startswith("a.xlsx：工作表“台账”第2行“平台”：")


def test_a_shown_sheet_comes_before_a_hidden_one(tmp_path: Path) -> None:
    def build(book: Workbook) -> None:
        assert book.active is not None
        book.active.sheet_state = "hidden"
        sheet = book.create_sheet("新台账")
        sheet.append(COLUMNS)
        sheet.append(["new", *GOOD[1:]])

    (account,) = read(saved(tmp_path, COLUMNS, ["old", *GOOD[1:]], build=build))
    assert account.account_id == "new"


def test_a_workbook_without_the_header(tmp_path: Path) -> None:
    assert "没有找到表头" in problem(saved(tmp_path, ["一", "二"]))
    assert "文件是空的" in problem(saved(tmp_path, name="empty.xlsx"))


def zipped(folder: Path, parts: dict[str, bytes]) -> Path:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path = folder / "a.xlsx"
    path.write_bytes(body.getvalue())
    return path


@pytest.mark.parametrize(
    ("parts", "cause"),
    [
        pytest.param({"word/document.xml": b"<a/>"}, "不是 XLSX 工作簿", id="a text document"),
        pytest.param({"xl/workbook.xml": b"<a/>"}, "已损坏或不是真正的 XLSX", id="an empty workbook"),
        pytest.param({"xl/workbook.xml": b"<a"}, "已损坏或不是真正的 XLSX", id="broken XML"),
        pytest.param({"xl/workbook.xml": bytes(301 * 2**20)}, "解压后超过 300 MB", id="a zip bomb"),
    ],
)
def test_archives_that_are_no_workbook(tmp_path: Path, parts: dict[str, bytes], cause: str) -> None:
    assert cause in problem(zipped(tmp_path, parts))


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, COLUMNS, GOOD)
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "aaaaaaaaaa">{entities}]><worksheet>&e11;</worksheet>'
    parts["xl/worksheets/sheet1.xml"] = bomb.encode()
    assert "已损坏" in problem(zipped(tmp_path, parts))


def test_many_rows(tmp_path: Path) -> None:
    path = saved(tmp_path, COLUMNS, *([number, *GOOD[1:]] for number in range(2_000)))
    assert len(read(path)) == 2_000
