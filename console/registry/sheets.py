"""What a registry file is once it is open: rows of cells under a header, whatever the format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from console.errors import RegistryError
from console.nearest import hint
from console.registry.columns import COLUMNS, REQUIRED

HEADER_ROWS = 10  # a title, a unit and a date may stand above the header
MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell without a value that could be read; ``cause`` says why and what to do."""

    cause: str


Cell = str | date | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it stands; ``place`` is how a person finds it: 第3行."""

    place: str
    cells: tuple[Cell, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing at all stands in the row."""
        return not any(is_filled(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with its header found: ``column`` gives the place of each known column among a row's cells."""

    where: str
    column: dict[str, int]
    rows: tuple[Row, ...]


def is_filled(cell: Cell) -> bool:
    """Say whether anything stands in a cell."""
    return not isinstance(cell, str) or bool(cell.strip())


def header_name(cell: Cell) -> str:
    """Return a header cell without the spaces, line breaks and invisible characters that creep into it."""
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff]+", "", cell) if isinstance(cell, str) else ""


def header_score(row: Row) -> int:
    """Count the known column names that stand in a row."""
    return len({header_name(cell) for cell in row.cells} & set(COLUMNS))


def header_index(rows: Sequence[Row]) -> int | None:
    """Return where among the first rows the header stands, or None."""
    scores = [header_score(row) for row in rows[:HEADER_ROWS]]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def make_sheet(where: str, rows: Sequence[Row]) -> Sheet:
    """Find the header above the filled rows and check it; every problem with it is in the RegistryError."""
    at = header_index(rows)
    if at is None:
        raise RegistryError([_no_header(where, rows)])
    header = rows[at]
    body = tuple(rows[at + 1 :])
    problems = [f"{where}：{problem}" for problem in _header_problems(header, body)]
    if problems:
        raise RegistryError(problems)
    if len(body) > MAX_ROWS:
        raise RegistryError([f"{where}：台账超过 {MAX_ROWS} 行，请分成几个文件导入。"])
    names = [header_name(cell) for cell in header.cells]
    return Sheet(where=where, column={name: names.index(name) for name in COLUMNS if name in names}, rows=body)


def _no_header(where: str, rows: Sequence[Row]) -> str:
    if not rows:
        return f"{where}：文件是空的，没有表头，第一行应为：{'、'.join(COLUMNS)}。"
    found = "、".join(filter(None, map(header_name, rows[0].cells)))[:80] or "没有文字"
    return f"{where}：没有找到表头，第一行应为：{'、'.join(COLUMNS)}；现在是：{found}。"


def _header_problems(header: Row, body: Sequence[Row]) -> list[str]:
    names = [header_name(cell) for cell in header.cells]
    missing = [name for name in COLUMNS if name not in names]
    problems = []
    for at, name in enumerate(names):
        if name and name not in COLUMNS:
            like = hint(name, missing)
            cure = f"，不需要的列请删去；可用的列：{'、'.join(COLUMNS)}" if not like else ""
            problems.append(f"{header.place}的列“{name}”不认识{like}{cure}。")
        elif name and name in names[:at]:
            both = f"第{names.index(name) + 1}列和第{at + 1}列"
            problems.append(f"{header.place}的列“{name}”出现了两次（{both}），请只留一列。")
    problems += [f"{header.place}缺少必填的列“{name}”，请补上。" for name in REQUIRED if name not in names]
    stray = _stray(names, body)
    if stray is not None:
        problems.append(stray)
    return problems


def _stray(names: Sequence[str], body: Sequence[Row]) -> str | None:
    """Return the problem of the first cell that stands under no column name: a shifted row, or a forgotten header."""
    named = {at for at, name in enumerate(names) if name}
    for row in body:
        for at, cell in enumerate(row.cells):
            if at not in named and is_filled(cell):
                cure = "请补上列名或清空该列（也可能是这一行多了分隔符）"
                return f"{row.place}第{at + 1}列有内容，但表头该列没有列名，{cure}。"
    return None
