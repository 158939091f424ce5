"""Every file of an inspection and of its year read back, each cell as a CSV file has it."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
from lxml import html

Row = dict[str, str]
Table = list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook: its sheets by name, and where the cells of each of their rows lead."""

    sheets: Mapping[str, Table]
    links: Mapping[str, list[list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A bulletin: its paragraphs and its tables."""

    lines: list[str]
    tables: list[Table]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def table(self, column: str, *others: str) -> Table:
        """The rows of the table that has these columns and is the first such; [] where there is none."""
        return next((each for each in self.tables if {column, *others} <= each[0].keys()), [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The public page: its tables by class, its totals by name, and all of its text."""

    tables: Mapping[str, Table]
    totals: Row
    bars: list[str]
    text: str


def read_csv(file: Path) -> Table:
    """Return the rows of a CSV file, its cells as they were before they were neutralised."""
    text = file.read_bytes().decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: re.sub(r"\A'(?=[=+\-@\t])", "", cell) for name, cell in row.items()} for row in reader]


def read_book(file: Path, above: int = 0) -> Book:
    """Return the sheets of a workbook whose headers have ``above`` rows over them.

    What stands under a table with a free row between is left out.
    """
    book = openpyxl.load_workbook(file)
    rows = {each.title: [list(row) for row in each.iter_rows()][above:] for each in book}
    return Book(
        sheets={name: _table([_shown(cell) for cell in row] for row in some) for name, some in rows.items()},
        links={name: [_targets(row) for row in some[1:]] for name, some in rows.items()},
    )


def read_bulletin(file: Path) -> Bulletin:
    document = docx.Document(str(file))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return Bulletin(
        lines=[each.text for each in document.paragraphs],
        tables=[found for each in tables if (found := _table(each))],
    )


def read_page(file: Path) -> Page:
    tree: Any = html.fromstring(file.read_bytes())
    tables = {
        str(each.get("class")): _table([_text(cell) for cell in row.xpath("th|td")] for row in each.iter("tr"))
        for each in tree.iter("table")
    }
    totals = {_text(each.find("dt")): _text(each.find("dd")) for each in tree.xpath('//dl[@class="totals"]/div')}
    return Page(
        tables=tables,
        totals=totals,
        bars=[str(each) for each in tree.xpath("//svg/rect/@width")],
        text=_text(tree),
    )


def read_record(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _table(rows: Iterable[list[str]]) -> Table:
    header, *others = list(rows)
    end = next((at for at, row in enumerate(others) if not any(row)), len(others))
    return [dict(zip(header, row, strict=True)) for row in others[:end]]


def _targets(row: Iterable[Any]) -> list[str]:
    return [cell.hyperlink.target or "" for cell in row if cell.hyperlink is not None]


def _shown(cell: Any) -> str:
    value, form = cell.value, cell.number_format
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if form == "yyyy-mm-dd" else f"{value:%Y-%m-%d %H:%M}"
    if form == "0.0%" and not isinstance(value, str):
        return "" if value is None else f"{value * 100:.1f}%"
    if form == "0.0" and value is not None:
        return f"{value:.1f}"
    return "" if value is None else str(value)


def _text(element: Any) -> str:
    return "".join(element.itertext())
