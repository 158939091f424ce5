"""A registry in a text file: its encoding, its delimiter, its rows."""

import codecs
import csv
import io
from itertools import islice

from console.errors import RegistryError
from console.registry.sheets import HEADER_ROWS, Row, header_score

DELIMITERS = (",", "\t", ";", "，")
DECLARED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
GUESSED = ("utf-8", "gb18030")


def read_csv(body: bytes, where: str) -> list[Row]:
    """Return the rows of a CSV file in UTF-8, UTF-16 or GB18030, separated by commas, tabs or semicolons."""
    text = _decoded(body, where)
    return _rows(text, max(DELIMITERS, key=lambda delimiter: _header_strength(text, delimiter)), where)


def _decoded(body: bytes, where: str) -> str:
    encodings = next(((name,) for mark, name in DECLARED if body.startswith(mark)), GUESSED)
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RegistryError([f"{where}：不是 UTF-8 或 GBK 编码的文本，请在 Excel 中另存为“CSV UTF-8（逗号分隔）”或 XLSX。"])


def _rows(text: str, delimiter: str, where: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    number, line = 1, 1
    try:
        for cells in reader:
            row = Row(place=_place(number, line), cells=tuple(cells))
            if not row.blank:
                rows.append(row)
            number, line = number + 1, reader.line_num + 1
    except csv.Error as error:
        raise RegistryError([f"{where}：{_place(number, line)}{_csv_cause(str(error))}。"]) from error
    return rows


def _place(number: int, line: int) -> str:
    """Name a row by its number in a spreadsheet; where cells hold line breaks, the line of the text differs."""
    return f"第{number}行" if number == line else f"第{number}行（文本第{line}行）"


def _csv_cause(error: str) -> str:
    if "field larger" in error:
        return "有一个单元格过长，多半是双引号没有成对"
    if "unexpected end of data" in error:
        return "起有双引号没有成对，文件到末尾仍未结束"
    return "的双引号用法不对，单元格里的双引号应写成两个"


def _header_strength(text: str, delimiter: str) -> int:
    """Count the known column names that the header has if ``delimiter`` separates the cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        first = [Row(place="", cells=tuple(cells)) for cells in islice(filter(any, reader), HEADER_ROWS)]
    except csv.Error:
        return 0
    return max(map(header_score, first), default=0)
