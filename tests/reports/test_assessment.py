"""The files of a year: the workbook has the rows of the tables, as numbers and plain texts, set up for A4."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from monitor.account_year import AccountYear
from monitor.assessment import assess, organizers
from monitor.quarters import quarters
from monitor.stages import Stage
from reports.assessment import plain, write_tables
from reports.assessment_book import book_name, write_book
from reports.assessment_values import InspectedMonth, Share, YearReport
from reports.assessment_words import cautions, definitions, headline
from reports.folder import Folder, ReportError
from tests.monitor.test_schemes import shipped
from tests.monitor.years import VETO, a_year
from tests.schedules.years import at

EVIL = '=HYPERLINK("http://x","点")'
LONG = "云溪县人民政府办公室丨“官方”😀" * 4


def a_report(*years: AccountYear, scheme: str = "national", inspected: int = 10, **more: Any) -> YearReport:
    chosen = shipped(scheme)
    scores = assess(years, chosen)
    months = tuple(
        InspectedMonth(
            month=number,
            time_point=at("2026-11-01"),
            made_at=at("2026-11-02"),
            policy="gaoxian 1.3",
            stage=Stage.FINAL if number < 9 else Stage.REVIEWING,
            last_day=date(2026, number, 28),
        )
        for number in range(1, inspected + 1)
    )
    given: dict[str, Any] = {
        "year": 2026,
        "office": "高县人民政府办公室",
        "scheme": chosen,
        "months": months,
        "due": inspected,
        "is_over": False,
        "accounts": scores,
        "organizers": organizers(scores, chosen),
        "quarters": quarters(years, inspected),
    }
    return YearReport(**given | more)


def a_full_report() -> YearReport:
    figures = {1: {"published": 3, "original": 1, "rectified": (5, 8)}, 2: {"faults": (VETO,), "published": 1}}
    return a_report(
        a_year("PFPPPPPPPP..", "a1", months=figures, name=EVIL),
        a_year("PRUN-PPPPF..", "b1", name=LONG, organizer="县文旅局", notes=("曾用名称：13812345678",)),
        a_year("RRRRRRRRRR..", "c1"),
    )


def written(folder: Path, report: YearReport) -> Path:
    with Folder(folder, at("2026-11-22")) as files:
        write_book(files, report)
        write_tables(files, report)
        files.commit()
    return folder


def rows_of_csv(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def shown(value: object, form: str) -> str:
    """A cell of a workbook as the CSV file has it."""
    if value is None:
        return ""
    if form == "0.0%":
        return f"{Decimal(str(value)) * 100:.1f}%"
    return f"{value:.1f}" if form == "0.0" else str(value)


def rows_of_sheet(sheet: Worksheet) -> list[dict[str, str]]:
    header, *rows = list(sheet.iter_rows(min_row=3))
    names = [str(cell.value).split("\n")[0] for cell in header]
    return [
        {name: shown(cell.value, cell.number_format) for name, cell in zip(names, row, strict=True)} for row in rows
    ]


@pytest.mark.parametrize(
    ("sheet", "file"),
    [
        ("年度汇总-单位", "organizers.csv"),
        ("单位各月合格率", "organizers.csv"),
        ("年度汇总-账号", "assessment.csv"),
        ("十二个月结果", "assessment.csv"),
        ("逐月明细", "months.csv"),
        ("季度上报", "quarters.csv"),
    ],
)
def test_a_sheet_shows_the_rows_of_its_table(tmp_path: Path, sheet: str, file: str) -> None:
    folder = written(tmp_path / "2026", a_full_report())
    header, *rows = rows_of_csv(folder / file)
    found = rows_of_sheet(openpyxl.load_workbook(folder / book_name(2026))[sheet])
    table = [dict(zip(header, row, strict=True)) for row in rows]
    assert len(found) == len(table) > 0
    for ours, theirs in zip(found, table, strict=True):
        # A spreadsheet would run such a text of a CSV file; a cell of a workbook says itself that it is text.
        assert {name: value.removeprefix("'") for name, value in theirs.items() if name in ours} == ours


def test_every_sheet_is_ready_to_be_read_and_printed(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path / "2026", a_full_report()) / book_name(2026))
    assert book.sheetnames == [
        "年度汇总-单位",
        "单位各月合格率",
        "年度汇总-账号",
        "十二个月结果",
        "逐月明细",
        "季度上报",
        "说明",
    ]
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        fit = sheet.sheet_properties.pageSetUpPr
        assert fit is not None
        assert fit.fitToPage  # to one page's width
        if sheet.title != "说明":
            assert str(sheet.freeze_panes).endswith("4")
            assert sheet.print_title_rows == "$1:$3"
            assert sheet.auto_filter.ref.startswith("A3:")
    # Long names are given the height that they need.
    accounts = book["年度汇总-账号"]
    heights = {str(accounts.cell(row, 5).value): accounts.row_dimensions[row].height for row in range(4, 7)}
    assert heights[LONG] > 5 * 13 > 20 > heights["账号c1"]


def test_texts_are_texts_and_numbers_are_numbers(tmp_path: Path) -> None:
    folder = written(tmp_path / "2026", a_full_report())
    sheet = openpyxl.load_workbook(folder / book_name(2026))["年度汇总-账号"]
    cells = {cell.value: cell for row in sheet.iter_rows(min_row=4) for cell in row}
    assert cells[EVIL].data_type == "s"
    assert (cells[83.3].data_type, cells[83.3].number_format) == ("n", "0.0")
    assert "曾用名称：138****5678" in cells
    with zipfile.ZipFile(folder / book_name(2026)) as parts:
        assert not [each for each in parts.namelist() if "hyperlink" in each.lower()]
        assert {each.date_time[0] for each in parts.infolist()} == {1980}
        assert b"<f>" not in b"".join(parts.read(each) for each in parts.namelist())
    assert [row[5] for row in rows_of_csv(folder / "assessment.csv")[1:]].count(f"'{EVIL}") == 1


def test_a_name_that_looks_like_markup_is_kept(tmp_path: Path) -> None:
    folder = written(tmp_path / "2026", a_report(a_year("PPPPPPPPPPPP", "a1", name="<r>县局</r>")))
    sheet = openpyxl.load_workbook(folder / book_name(2026))["年度汇总-账号"]
    assert "<r>县局</r>" in [str(cell.value).strip() for row in sheet.iter_rows() for cell in row]


def test_what_failed_stands_out_without_colour_too(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path / "2026", a_full_report()) / book_name(2026))["十二个月结果"]
    looks = {cell.value: (cell.font.b, cell.font.i) for row in sheet.iter_rows(min_row=4) for cell in row}
    assert looks["不合格"] == (True, False)
    assert looks["待复核"] == looks["未能核验"] == looks["未检查"] == (False, True)
    assert looks["合格"] == (False, False)
    header = [cell.value for cell in sheet[3]]
    assert ("8月" in header, "9月\n未定稿" in header) == (True, True)


def test_without_quarters_there_is_no_such_file(tmp_path: Path) -> None:
    folder = written(tmp_path / "2026", a_report(a_year(), quarters=()))
    assert not (folder / "quarters.csv").exists()
    assert "季度上报" not in openpyxl.load_workbook(folder / book_name(2026)).sheetnames


def test_an_empty_year_can_be_opened(tmp_path: Path) -> None:
    folder = written(tmp_path / "2026", a_report())
    assert openpyxl.load_workbook(folder / book_name(2026))["年度汇总-账号"].max_row == 3


def test_a_workbook_that_cannot_be_put_in_place(tmp_path: Path) -> None:
    (tmp_path / "2026" / book_name(2026)).mkdir(parents=True)
    with pytest.raises(ReportError, match="文件未能写成"):
        written(tmp_path / "2026", a_report(a_year()))


def blocked(folder: Folder) -> Folder:
    folder.place(book_name(2026)).mkdir()
    return folder


def test_a_disk_that_refuses_the_workbook(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="文件未能写成"), Folder(tmp_path / "2026", at("2026-11-22")) as folder:
        write_book(blocked(folder), a_report(a_year()))


def test_what_a_reader_must_know() -> None:
    report = a_report(a_year(), inspected=4, due=6, is_over=False)
    assert headline(report) == "2026年度（截至2026年4月28日）"
    assert list(cautions(report)) == [
        "2026年尚未结束，以下为截至2026年4月28日的情况，不是全年结果。",
        "5月、6月没有已完成的检查，记为“未检查”，不计分。",
    ]
    whole = a_report(a_year(), inspected=12, is_over=True)
    assert headline(whole) == "2026年度"
    assert list(cautions(whole)) == ["9月、10月、11月、12月的检查未定稿，结果可能变化。"]


def test_a_month_that_was_judged_in_part() -> None:
    part = InspectedMonth(
        month=12,
        time_point=at("2026-12-20"),
        made_at=at("2026-12-20"),
        policy="gaoxian 1.3",
        stage=Stage.FINAL,
        last_day=date(2026, 12, 19),
        is_whole=False,
    )
    report = a_report(a_year(), months=(part,), due=12, is_over=True)
    assert headline(report) == "2026年度（截至2026年12月19日）"
    assert "12月的检查只判定到2026年12月19日，不满整月。" in list(cautions(report))


@pytest.mark.parametrize("scheme", ["national", "hundred"])
def test_every_figure_is_explained(scheme: str) -> None:
    said = dict(definitions(a_report(a_year(), scheme=scheme)))
    assert {"账号得分", "单位得分", "名次", "趋势", "原创率", "整改天数", "季度检查比例"} <= said.keys()
    assert (said["考核方案"], "提示：每月每项扣分" in said) == (
        ("百分制扣分（hundred 1.0）", True)
        if scheme == "hundred"
        else ("按月合格（全国检查指标）（national 1.0）", False)
    )
    assert "季度检查数" not in dict(definitions(a_report(a_year(), scheme=scheme, quarters=())))


def test_shares_are_rounded_as_everywhere() -> None:
    assert [plain(each) for each in (Share(2 / 3), Share(0.0005), Decimal("91.7"), 3, None, "合格")] == [
        "66.7%",
        "0.1%",
        "91.7",
        3,
        None,
        "合格",
    ]
