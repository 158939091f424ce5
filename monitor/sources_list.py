"""The list of sources (稿源名单) from which an office lets its accounts repost, as rows of a table."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.originality import comparable

NAME, ALIASES, NOTE = "稿源名称", "别名", "备注"
COLUMNS = (NAME, ALIASES, NOTE)

_BETWEEN = re.compile(r"[、;；]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """The names in comparable form, and a Chinese sentence for every row that is wrong; with one, nothing counts."""

    names: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def read_source_list(rows: Iterable[Sequence[str]]) -> SourceList:
    """Read a table whose first row names its columns (稿源名称, optional 别名 and 备注); empty rows are passed over.

    别名 are separated by ``、`` or ``;``. Bad data is told in ``problems``, each with its line (the first is 1).
    """
    numbered = [(line, [cell.strip() for cell in row]) for line, row in enumerate(rows, 1)]
    filled = [(line, row) for line, row in numbered if any(row)]
    if not filled:
        return SourceList(problems=(f"稿源名单是空的；第1行应为列名 {'、'.join(COLUMNS)}。",))
    (top, header), *body = filled
    if problems := tuple(_wrong_columns(top, header)):
        return SourceList(problems=problems)
    names: dict[str, int] = {}
    wrong: list[str] = []
    for line, row in body:
        cells = dict(zip(header, row, strict=False))
        wrong += _wrong_row(line, row, header, cells, names)
    if not body:
        wrong.append(f"稿源名单只有列名，没有稿源；请在第{top + 1}行起逐行填写{NAME}。")
    return SourceList(problems=tuple(wrong)) if wrong else SourceList(names=frozenset(names))


def _wrong_columns(line: int, header: Sequence[str]) -> Iterator[str]:
    found = "、".join(cell or "（空）" for cell in header)
    if NAME not in header:
        yield f"稿源名单第{line}行应为列名，缺少“{NAME}”一列；现为：{found}。"
        return
    for cell in header:
        if cell and cell not in COLUMNS:
            yield f"稿源名单第{line}行：没有“{cell}”这一列；可用的列是 {'、'.join(COLUMNS)}。"
    if len({cell for cell in header if cell}) < sum(map(bool, header)):
        yield f"稿源名单第{line}行：有重复的列名；现为：{found}。"


def _wrong_row(
    line: int, row: Sequence[str], header: Sequence[str], cells: dict[str, str], names: dict[str, int]
) -> Iterator[str]:
    """Put a row's names into ``names``, and tell what is wrong with it."""
    if any(row[len(header) :]):
        yield f"稿源名单第{line}行：多于{len(header)}列；名称中有逗号的，请用引号括起。"
    name = comparable(cells[NAME])
    if not name:
        yield f"稿源名单第{line}行：{NAME}为空；请填写名称，或删去该行。"
    elif name in names and names[name] != line:
        yield f"稿源名单第{line}行：{NAME}“{cells[NAME]}”与第{names[name]}行重复；请删去其中一行。"
    for each in (name, *map(comparable, _BETWEEN.split(cells.get(ALIASES, "")))):
        if each:
            names.setdefault(each, line)
