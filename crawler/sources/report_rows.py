"""The rows of a table that a unit hands in, CSV or XLSX, as text with the number that a spreadsheet gives them."""

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import islice
from typing import Final

from crawler.encoding import clean, decode
from crawler.sources.report_sheets import Beside, beside

MOST_ROWS: Final = 20_000
HEADER_ROWS: Final = 10
"""So many rows, at most, the header and what stands above it take."""

_MOST_COLUMNS: Final = 100
_MOST_SHEETS: Final = 20
_LONGEST_CELL: Final = 2000
_UNPACKED: Final = 200 * 2**20  # bytes
_DELIMITERS: Final = (",", "\t", ";", "，")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_PACKED: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: ``number`` as the spreadsheet shows it, cells trimmed; ``sheet`` is "" where there is only one.

    ``links`` are the addresses that cells lead to, with their columns (from 0).
    """

    number: int
    cells: tuple[str, ...]
    sheet: str = ""
    links: tuple[tuple[int, str], ...] = ()

    def link(self, column: int) -> str:
        """Return the address that a cell leads to, "" where it leads nowhere."""
        return next((address for at, address in self.links if at == column), "")

    @property
    def place(self) -> str:
        """Where it stands, in an official's words."""
        return f"工作表“{self.sheet}”第{self.number}行" if self.sheet else f"第{self.number}行"


Table = list[Row]
"""One sheet without blank rows; more than ``MOST_ROWS`` where it has more; no cells: unread from there on."""


def tables(body: bytes, content_type: str, is_header: Callable[[tuple[str, ...]], int]) -> list[Table] | str:
    """Return the sheets of a table, or in Chinese why it can not be read; ``is_header`` weighs a row as a header."""
    if body.startswith(_OLD_OFFICE):
        return "是旧版Excel（XLS）或加密的文件，请在Excel中取消密码并另存为XLSX或CSV"
    if body.startswith(_PACKED):
        return _workbook(body)
    text = decode(body, content_type).text
    if text.lstrip()[:1] in {"<", "{"}:
        return "是网页或其他数据，不是CSV或XLSX表格"
    found = [_csv(text, delimiter) for delimiter in _DELIMITERS]
    return [max(found, key=lambda table: max((is_header(row.cells) for row in table[:HEADER_ROWS]), default=0))]


def _csv(text: str, delimiter: str) -> Table:
    rows: Table = []
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            _keep(rows, number, cells)
            if len(rows) > MOST_ROWS + HEADER_ROWS:
                break
    except csv.Error:  # a cell without end: what stands before it was read, the caller is told of the rest
        rows.append(Row(number=number + 1, cells=()))
    return rows


def _keep(rows: Table, number: int, cells: Iterable[object], sheet: str = "") -> None:
    plain = tuple(islice(map(_plain, cells), _MOST_COLUMNS))
    if any(plain):
        rows.append(Row(number=number, cells=plain, sheet=sheet))


def _workbook(body: bytes) -> list[Table] | str:
    broken = "是压缩文件但不是完好的XLSX工作簿，请在Excel中打开后另存为XLSX或CSV"
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _UNPACKED:
                return "解压后过大，请把要上报的内容另存为新的工作簿"
        with warnings.catch_warnings(action="ignore"):  # openpyxl talks of styles that it does not know
            return list(_sheets(body, beside(body)))
    except Exception:  # noqa: BLE001  openpyxl raises whatever a damaged part of the file makes it run into
        return broken


def _sheets(body: bytes, besides: Mapping[str, Beside]) -> Iterator[Table]:
    from openpyxl import load_workbook  # here, because most children never read a workbook

    book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        shown = (visible or book.worksheets)[:_MOST_SHEETS]
        for sheet in shown:
            sheet.reset_dimensions()  # some writers state a range that is too small
            rows: Table = []
            name = sheet.title if len(shown) > 1 else ""
            for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
                _keep(rows, number, cells, name)
                if len(rows) > MOST_ROWS + HEADER_ROWS:
                    break
            yield _completed(rows, besides.get(sheet.title, Beside()))
    finally:
        book.close()


def _completed(rows: Table, held: Beside) -> Table:
    """Return rows with the addresses of their cells, and with what stands in the first row of a merged range in all."""
    filled = {row.number: list(row.cells) for row in rows}
    for top, column, bottom in held.merged:
        value = next(iter(filled.get(top, [])[column : column + 1]), "")
        for number in range(top + 1, bottom + 1):
            cells = filled.get(number, [])
            if value and column < len(cells) and not cells[column]:
                cells[column] = value
    links: dict[int, list[tuple[int, str]]] = {}
    for (number, column), address in held.links.items():
        links.setdefault(number, []).append((column, address))
    return [replace(row, cells=tuple(filled[row.number]), links=tuple(links.get(row.number, ()))) for row in rows]


def _plain(value: object) -> str:
    """Return a cell as text: a date as its day, with its time where it has one."""
    if isinstance(value, datetime):
        whole = value.replace(microsecond=0, tzinfo=None)
        return whole.date().isoformat() if whole.time() == time() else whole.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0, tzinfo=None).isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else " ".join(clean(str(value)).split())
    return text.removeprefix("'")[:_LONGEST_CELL]  # a sign by which spreadsheets keep a cell as text
