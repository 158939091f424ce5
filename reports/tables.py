"""Write a table as CSV that Excel and WPS open right: UTF-8 with BOM, CRLF, no cell that a spreadsheet runs."""

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TextIO, TypeVar

from monitor.masking import mask
from reports.cells import Cell, text

R = TypeVar("R")

UNMASKED = frozenset({"账号编号", "账号名称", "平台", "主办单位", "主管单位", "链接", "信息链接", "采集地址"})
"""Columns that stand as the registry has them, and addresses; personal numbers in all others are masked."""


class Table(Generic[R]):
    """A CSV file being written, row by row."""

    def __init__(self, file: TextIO, columns: Mapping[str, Callable[[R], Cell]]) -> None:
        """Write the header; ``file`` must have been opened with newline="" and utf-8-sig."""
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._columns = tuple((column, name in UNMASKED) for name, column in columns.items())
        self._writer.writerow(columns)

    def write(self, rows: Iterable[R]) -> None:
        """Append rows."""
        self._writer.writerows([_cell(column(row), kept) for column, kept in self._columns] for row in rows)


def _cell(value: Cell, kept: bool) -> str:  # noqa: FBT001 - a column's own
    if value is None:
        return ""
    return text(value if kept else mask(value)) if isinstance(value, str) else str(value)
