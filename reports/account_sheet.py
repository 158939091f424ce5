"""The history of one account as a sheet (账号档案): one XLSX, A4 landscape, the same bytes for the same history."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from monitor.masking import mask
from reports import cells
from reports.account_history import AccountHistory
from reports.account_tables import Fact, Section, Value, facts, sections
from reports.sheet_styles import FONT, SHARES, Styles, height, wide
from reports.sheets import fitted

_A4: Final = 9
_MARGINS: Final = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.7}

WIDTHS: Final = (12, 12, 24, 12, 12, 12, 60, 24)
"""How wide the columns are, in characters; the long text of every section stands in the seventh."""

MADE: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - of the file itself: the same data give the same bytes


def account_sheet(found: AccountHistory) -> bytes:
    """Return the workbook; personal numbers are masked, but for the unit's own contact."""
    body = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": dict(FONT),
    }
    book = xlsxwriter.Workbook(body, options)
    book.set_properties({"title": f"账号档案 {found.account_id}", "author": found.office, "created": MADE})
    _Sheet(book, found).write()
    book.close()
    return body.getvalue()


class _Sheet:
    """The one sheet while it is written, row by row."""

    def __init__(self, book: Any, found: AccountHistory) -> None:
        self._found = found
        self._sheet = book.add_worksheet("账号档案")
        self._styles = Styles(book)
        self._title = book.add_format({"font_size": 16, "bold": True, "valign": "vcenter"})
        self._section = book.add_format({"font_size": 12, "bold": True, "valign": "vcenter"})
        self._plain = book.add_format({"valign": "vcenter"})
        self._row = 0

    def write(self) -> None:
        """Write everything."""
        self._set_up()
        for fact in facts(self._found):
            if fact.value not in (None, ""):
                self._fact(fact)
        for section in sections(self._found):
            self._table(section)
        self._sheet.print_area(0, 0, self._row - 1, len(WIDTHS) - 1)

    def _set_up(self) -> None:
        sheet, found = self._sheet, self._found
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        self._line(f"账号档案：{found.name or found.account_id}", self._title, 27)
        at = cells.day(found.as_of.astimezone(found.zone).date())  # no minute: the same data give the same bytes
        self._line(f"{found.office}，截至 {at}，检查为最近12个月", self._plain, height(1))
        sheet.freeze_panes(self._row, 0)
        sheet.repeat_rows(0, self._row - 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(**_MARGINS)
        sheet.set_footer("&C第 &P 页，共 &N 页", {"margin": 0.3})
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _line(self, text: str, style: Any, points: float) -> None:
        """Write a line across the sheet."""
        self._sheet.write_string(self._row, 0, fitted(text), style)
        self._sheet.set_row(self._row, points)
        self._row += 1

    def _fact(self, fact: Fact) -> None:
        """Write a label with what it says, over the other columns."""
        label, value = fact.label, fact.value
        last, lines = len(WIDTHS) - 1, 1
        self._sheet.write_string(self._row, 0, label, self._styles.of("header", label))
        if isinstance(value, date):
            style = self._styles.of("day", label)
            self._sheet.merge_range(self._row, 1, self._row, last, "", style)
            self._sheet.write_datetime(self._row, 1, value, style)
        else:
            text = fitted(str(value) if fact.is_kept else mask(str(value)))
            style = self._styles.of("text", "", text)
            self._sheet.merge_range(self._row, 1, self._row, last, "", style)
            self._sheet.write_string(self._row, 1, text, style)
            lines = _lines(text, sum(WIDTHS[1:]))
        self._sheet.set_row(self._row, height(lines))
        self._row += 1

    def _table(self, section: Section) -> None:
        self._line(section.title, self._section, 27)
        if not section.rows:
            self._line(section.none, self._plain, height(1))
            return
        for column, name in enumerate(section.columns):
            self._sheet.write_string(self._row, column, name, self._styles.of("header", name))
        self._sheet.set_row(self._row, height(1))
        self._row += 1
        for row in section.rows:
            self._cells({name: column(row) for name, column in section.columns.items()})
            self._row += 1

    def _cells(self, row: Mapping[str, Value]) -> None:
        lines = 1
        for column, (name, value) in enumerate(row.items()):
            if isinstance(value, str) and value:
                text = fitted(mask(value))
                lines = max(lines, _lines(text, WIDTHS[column]))
                self._sheet.write_string(self._row, column, text, self._styles.of("text", name, text))
            elif isinstance(value, date):
                self._sheet.write_datetime(self._row, column, value, self._styles.of("day", name))
            elif value in (None, ""):
                self._sheet.write_blank(self._row, column, None, self._styles.of("text", name))
            else:
                kind = "share" if name in SHARES else "number"
                self._sheet.write_number(self._row, column, value, self._styles.of(kind, name))
        self._sheet.set_row(self._row, height(lines))


def _lines(text: str, width: int) -> int:
    """Return on how many lines text stands in a column; lines break before words, so that some room stays empty."""
    return sum(max(1, -(-wide(each) * 8 // (width * 7))) for each in text.split("\n"))
