"""The annual assessment as a workbook (年度考核-YYYY.xlsx): the rows of the tables, ready to be read and printed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from monitor.masking import mask
from reports.assessment import account_rows, month_rows, organizer_rows, quarter_rows
from reports.assessment_looks import CENTRED, Looks, height_of, width_of
from reports.assessment_rows import ACCOUNT_MONTHS, ACCOUNTS, MONTH_NAMES, ORGANIZERS, QUARTERS
from reports.assessment_values import Share, Value, YearReport
from reports.assessment_words import cautions, definitions, headline
from reports.folder import Folder
from reports.sheets import fitted
from reports.tables import UNMASKED

R = TypeVar("R")

_TOP = 3  # rows above the data: title, cautions, header
_A4 = 9
_EXPLAINED = 22, 110
_UNITS = (
    "名次",
    "主办单位",
    "得分",
    "趋势",
    "账号数",
    "评分账号数",
    "不合格账号数",
    "判定月数",
    "合格月数",
    "不合格月数",
)
_RATES = (
    "名次",
    "主办单位",
    "账号数",
    *(f"{each}合格率" for each in MONTH_NAMES),
    "判定月数",
    "合格月数",
    "不合格月数",
)
_FIGURES = (
    *("发布条数", "原创条数", "原创率", "提醒次数", "否决问题数", "通报问题数"),
    *("已整改数", "未整改数", "平均整改天数", "最长整改天数"),
)
_SUMMARY = (
    *("名次", "账号编号", "主办单位", "平台", "账号名称", "年度结论", "得分", "趋势"),
    *("判定月数", "合格月数", "不合格月数", *_FIGURES, "备注"),
)
_TWELVE = (
    *("名次", "账号编号", "主办单位", "平台", "账号名称", *MONTH_NAMES),
    *("判定月数", "合格月数", "不合格月数", "未定稿月份"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet(Generic[R]):
    """One sheet: its name, its title, which columns of its table it shows, its rows; ``marks`` stand under headings."""

    name: str
    title: str
    columns: Mapping[str, Callable[[R], Value]]
    rows: Iterable[R]
    kept: int  # columns that stay in sight
    marks: Mapping[str, str] = field(default_factory=dict[str, str])


def book_name(year: int) -> str:
    """Return the name of the workbook of a year."""
    return f"年度考核-{year}.xlsx"


def write_book(folder: Folder, report: YearReport) -> None:
    """Write the workbook into a folder; the same report gives the same bytes."""
    path = folder.place(book_name(report.year))
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_urls": False}
    try:
        with path.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
            newest = max(each.made_at for each in report.months)
            book.set_properties(
                {
                    "title": f"{headline(report)}政务新媒体考核",
                    "author": report.office,
                    "created": newest.replace(tzinfo=None, microsecond=0),
                }
            )
            looks = Looks(book)
            for sheet in _sheets(report):
                _write(book, looks, sheet, report)
            _explain(book, looks, report)
    except FileCreateError as error:
        raise error.args[0] from error  # it wraps what the system said


def _sheets(report: YearReport) -> Iterator[_Sheet[Any]]:
    what = f"{report.office}{headline(report)}政务新媒体考核"
    drafts = {f"{each}月": "未定稿" for each in report.drafts}
    units = {name: ORGANIZERS[name] for name in (*_UNITS, *_FIGURES)}
    rates = {name: ORGANIZERS[name] for name in _RATES}
    summary = {name: ACCOUNTS[name] for name in _SUMMARY}
    twelve = {name: ACCOUNTS[name] for name in _TWELVE}
    of_units = list(organizer_rows(report))
    yield _Sheet(name="年度汇总-单位", title=f"{what}（主办单位）", columns=units, rows=of_units, kept=2)
    marks = {f"{each}合格率": mark for each, mark in drafts.items()}
    title = f"{what}（主办单位各月合格率）"
    yield _Sheet(name="单位各月合格率", title=title, columns=rates, rows=of_units, kept=2, marks=marks)
    accounts = account_rows(report)
    yield _Sheet(name="年度汇总-账号", title=f"{what}（账号）", columns=summary, rows=accounts, kept=2)
    accounts = account_rows(report)
    yield _Sheet(name="十二个月结果", title=f"{what}（各月结果）", columns=twelve, rows=accounts, kept=2, marks=drafts)
    months = month_rows(report)
    yield _Sheet(name="逐月明细", title=f"{what}（逐月明细）", columns=ACCOUNT_MONTHS, rows=months, kept=1)
    if report.quarters:
        quarters = quarter_rows(report)
        yield _Sheet(name="季度上报", title=f"{what}（按季度）", columns=QUARTERS, rows=quarters, kept=2)


def _write(book: Any, looks: Looks, sheet: _Sheet[R], report: YearReport) -> None:
    page = book.add_worksheet(sheet.name)
    _set_up(page, sheet, report)
    page.write_string(0, 0, sheet.title, looks.title)
    page.write_string(1, 0, "".join(cautions(report)), looks.caution)
    for at, name in enumerate(sheet.columns):
        mark = sheet.marks.get(name)
        page.write_string(2, at, f"{name}\n{mark}" if mark else name, looks.header)
    columns = list(sheet.columns.items())
    last = _TOP - 1
    for last, row in enumerate(sheet.rows, _TOP):
        values = [_shown(column(row), kept=name in UNMASKED) for name, column in columns]
        page.set_row(last, height_of(values, [width_of(name) for name in sheet.columns]))
        for at, (name, _) in enumerate(columns):
            _put(page, last, at, values[at], looks.of(values[at], centred=name in CENTRED))
    page.autofilter(_TOP - 1, 0, max(last, _TOP), len(columns) - 1)


def _shown(value: Value, *, kept: bool) -> Value:
    """Return a text on one line and, unless it is ``kept`` as it is, masked; anything else as it is."""
    if not isinstance(value, str):
        return value
    flat = " ".join(value.split())
    return flat if kept else mask(flat)


def _put(page: Any, row: int, at: int, value: Value, look: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, at, None, look)
    elif isinstance(value, str):
        page.write_string(row, at, fitted(value), look)  # never a formula or a link
    else:
        number = value.rounded if isinstance(value, Share) else value
        page.write_number(row, at, float(number) if isinstance(number, Decimal) else number, look)


def _set_up(page: Any, sheet: _Sheet[R], report: YearReport) -> None:
    for at, name in enumerate(sheet.columns):
        page.set_column(at, at, width_of(name))
    page.set_row(0, 26)
    page.set_row(1, 16)
    page.set_row(2, 42)
    page.freeze_panes(_TOP, sheet.kept)
    page.repeat_rows(0, _TOP - 1)
    _on_paper(page, report)


def _on_paper(page: Any, report: YearReport, pages: int = 0) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, pages)
    page.set_footer(f"&L{report.office.replace('&', '&&')}&C第 &P 页，共 &N 页")


def _explain(book: Any, looks: Looks, report: YearReport) -> None:
    """Write what every figure means, and which inspections they come from."""
    page = book.add_worksheet("说明")
    for at, width in enumerate(_EXPLAINED):
        page.set_column(at, at, width)
    page.set_row(0, 26)
    page.write_string(0, 0, f"{headline(report)}考核说明", looks.title)
    lines: Sequence[tuple[str, str]] = [
        *(("注意", each) for each in cautions(report)),
        *definitions(report),
        *((f"{each.month}月的检查", _inspection(report, at)) for at, each in enumerate(report.months)),
    ]
    for at, (name, text) in enumerate(lines, 2):
        page.set_row(at, height_of([name, text], _EXPLAINED))
        page.write_string(at, 0, name, looks.text)
        page.write_string(at, 1, text, looks.text)
    _on_paper(page, report, 1)


def _inspection(report: YearReport, at: int) -> str:
    found = report.months[at]
    whole = "" if found.is_whole else f"，只判定到{found.last_day}"
    return f"{found.stage}；{found.made_at:%Y-%m-%d %H:%M}作出，规则方案 {found.policy}{whole}"
