"""Write a table as CSV that Excel and WPS open right: UTF-8 with BOM, CRLF, no cell that a spreadsheet runs."""

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TextIO, TypeVar

from reports.cells import Cell, text

R = TypeVar("R")


class Table(Generic[R]):
    """A CSV file being written, row by row."""

    def __init__(self, file: TextIO, columns: Mapping[str, Callable[[R], Cell]]) -> None:
        """Write the header; ``file`` must have been opened with newline="" and utf-8-sig."""
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._columns = tuple(columns.values())
        self._writer.writerow(columns)

    def write(self, rows: Iterable[R]) -> None:
        """Append rows."""
        self._writer.writerows([_cell(column(row)) for column in self._columns] for row in rows)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return text(value) if isinstance(value, str) else str(value)
