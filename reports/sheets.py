"""A sheet of a workbook, written row by row from a table of columns; what does not fit goes on in a further sheet."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from xlsxwriter.utility import xl_rowcol_to_cell

from monitor.masking import mask
from reports.cells import Cell, flat
from reports.folder import Folder
from reports.sheet_links import MOST, Links, StreamedSheet, target
from reports.sheet_styles import LINKS, MARKED, SHARES, TIMES, Styles, cap, header_width, height, lines, wide
from reports.tables import UNMASKED

R = TypeVar("R")

_LONGEST = 32_767
"""Excel's limit of one cell, in units of UTF-16."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SHARE = re.compile(r"\d+(?:\.\d+)?%")
_FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - a spreadsheet's, in no zone: it counts a day before that never was
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.75, "bottom": 0.6}
_A4 = 9
_SIGN = 3  # before a verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """How a sheet is shown and printed: columns up to ``frozen`` stay in sight; on ``pages`` side by side.

    ``repeated`` are the first and the last of the columns that stand on each of these pages again. ``rows`` and
    ``links`` are the most that Excel opens in one sheet.
    """

    header: str
    footer: str
    frozen: str = ""
    repeated: tuple[str, str] | None = None
    pages: int = 1
    rows: int = 1_048_575
    links: int = MOST


class Book:
    """What the sheets of a workbook share."""

    def __init__(self, book: Any, folder: Folder) -> None:
        """Begin; ``book`` is XlsxWriter's, ``folder`` holds what waits to be put in."""
        self._book = book
        self._folder = folder
        folder.at_end(self._drop)
        self.styles = Styles(book)
        self.links: list[Links] = []

    def sheet(self, name: str) -> Any:
        """Return a new sheet, which has ``links``."""
        sheet = self._book.add_worksheet(name, StreamedSheet)
        sheet.links = Links(sheet, self._folder)
        self.links.append(sheet.links)
        return sheet

    def _drop(self) -> None:
        """Close the files in which XlsxWriter keeps rows, where the workbook was given up."""
        for sheet in self._book.worksheets():
            with suppress(OSError):  # a full disk refuses the last flush too
                sheet.row_data_fh.close()


class Sheet(Generic[R]):
    """A table as a sheet, or several where there are too many rows."""

    def __init__(self, book: Book, name: str, columns: Mapping[str, Callable[[R], Cell]], paper: Paper) -> None:
        """Write the header."""
        self._book = book
        self._name = name
        self._columns = columns
        self._paper = paper
        self._number = 0
        self._row = self._filtered = 0
        self._begin()

    def write(self, rows: Iterable[R]) -> None:
        """Append rows."""
        for row in rows:
            if self._row == self._paper.rows:
                self.close()
                self._begin()
            self._put(row)
            self._filtered = self._row

    def write_total(self, row: R, notes: Iterable[str]) -> None:
        """Append a last row in bold, which the filter leaves alone, and lines under the table."""
        self._put(row, bold=True)
        for at, note in enumerate(notes, self._row + 2):
            self._sheet.write_string(at, 0, note, self._book.styles.note)
            self._sheet.height = None

    def close(self) -> None:
        """Set what is known at the end: widths, filter, print."""
        sheet, paper, names = self._sheet, self._paper, list(self._columns)
        for at, width in enumerate(self._widths):
            sheet.set_column(at, at, width + 1)
        sheet.autofilter(0, 0, self._filtered, len(names) - 1)
        sheet.freeze_panes(1, names.index(paper.frozen) + 1 if paper.frozen else 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(**_MARGINS)
        sheet.center_horizontally()
        sheet.fit_to_pages(paper.pages, 0)
        sheet.print_across()
        sheet.repeat_rows(0)
        if paper.repeated:
            sheet.repeat_columns(*map(names.index, paper.repeated))
        sheet.set_header(paper.header, {"margin": 0.35})
        sheet.set_footer(paper.footer, {"margin": 0.3})

    def _begin(self) -> None:
        self._number += 1
        self._sheet = self._book.sheet(self._name if self._number == 1 else f"{self._name}({self._number})")
        self._widths = [header_width(name) for name in self._columns]
        self._row = self._filtered = 0
        for at, name in enumerate(self._columns):
            self._sheet.write_string(0, at, name, self._book.styles.of("header", name))
        self._sheet.height = height(2)

    def _put(self, row: R, *, bold: bool = False) -> None:
        self._row += 1
        most_lines = 1
        for at, (name, column) in enumerate(self._columns.items()):
            value = column(row)
            if isinstance(value, str):
                value = flat(value if name in UNMASKED else mask(value))
            if not value and value != 0:
                self._sheet.write_blank(self._row, at, None, self._book.styles.of("text", name, bold=bold))
            elif isinstance(value, int):
                self._widen(at, name, len(str(value)))
                self._sheet.write_number(self._row, at, value, self._book.styles.of("number", name, bold=bold))
            else:
                width = wide(value) + (_SIGN if name in MARKED else 0)
                self._widen(at, name, width)
                self._put_text(at, name, value, bold=bold)
                most_lines = max(most_lines, lines(name, width))
        self._sheet.height = height(most_lines)  # once its first cell is written: the row before it leaves with that

    def _put_text(self, at: int, name: str, value: str, *, bold: bool) -> None:
        """Write text as what it means in its column, or as text."""
        sheet, styles = self._sheet, self._book.styles
        moment = _moment(value) if name in TIMES else None
        if moment is not None:
            kind = "day" if len(value) == len("2026-10-31") else "moment"
            sheet.write_datetime(self._row, at, moment, styles.of(kind, name, bold=bold))
        elif name in SHARES and _SHARE.fullmatch(value):
            sheet.write_number(self._row, at, _share(value), styles.of("share", name, bold=bold))
        else:
            address = target(value) if name in LINKS and sheet.links.count < self._paper.links else None
            if address is not None:
                sheet.links.add(xl_rowcol_to_cell(self._row, at), address)
            kind = "link" if address is not None else "text"
            sheet.write_string(self._row, at, fitted(value), styles.of(kind, name, value, bold=bold))

    def _widen(self, at: int, name: str, width: int) -> None:
        if self._widths[at] < width:
            self._widths[at] = min(cap(name), width)


def fitted(value: str) -> str:
    """Return text as a cell can hold it: without what XML cannot hold; what is too long says so at its end."""
    plain = _UNWRITABLE.sub(" ", value)
    if plain.startswith("<r>") and plain.endswith("</r>"):
        plain += " "  # XlsxWriter would take it for marked-up text
    if len(plain) * 2 <= _LONGEST or _units(plain) <= _LONGEST:
        return plain
    note = f"……（以下省略：全文共{len(plain)}字，超出单元格上限，完整内容见同时生成的CSV文件）"
    kept = plain.encode("utf-16-le")[: (_LONGEST - _units(note)) * 2].decode("utf-16-le", "ignore")
    return kept + note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _moment(value: str) -> datetime | None:
    """Return what ``2026-10-31`` or ``2026-10-31 09:15`` says, None for anything else."""
    if len(value) not in (len("2026-10-31"), len("2026-10-31 09:15")):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is None and found >= _FIRST_DAY else None


def _share(value: str) -> float:
    """Return ``97.3%`` as 0.973, the float that is read so."""
    return float(f"{value[:-1]}e-2")
