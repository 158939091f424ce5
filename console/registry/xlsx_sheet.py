"""A registry in an XLSX workbook: the sheet that has the header, its cells as values."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import repeat
from typing import Any

from openpyxl import load_workbook

from console.errors import RegistryError
from console.registry.sheets import HEADER_ROWS, MAX_ROWS, Cell, Row, Unreadable, header_index

MAX_UNPACKED = 300 * 2**20  # bytes; 100,000 full rows need about a third of it
MAX_COLUMNS = 256
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_RESULT = Unreadable("是公式而没有计算结果，请复制该列后“选择性粘贴”为数值")


def is_workbook(body: bytes) -> bool:
    """Say whether a file is a workbook, old or new, whatever its name."""
    return body.startswith((b"PK\x03\x04", b"PK\x05\x06", OLD_OFFICE))


def read_xlsx(body: bytes, where: str) -> list[Row]:
    """Return the rows of the first sheet that has the header, sheets that are shown before hidden ones."""
    _refuse_what_is_no_xlsx(body, where)
    try:
        sheets = _sheets(body)
        name, rows = next(
            ((name, rows) for name, rows in sheets if header_index(rows) is not None), sheets[0] if sheets else ("", [])
        )
    except RegistryError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part of the file makes it run into
        cure = "请在 Excel 中打开后另存为 XLSX 再导入"
        raise RegistryError([f"{where}：工作簿已损坏或不是真正的 XLSX，{cure}。"]) from error
    prefix = f"工作表“{name}”" if len(sheets) > 1 else ""
    return [Row(place=f"{prefix}{row.place}", cells=row.cells) for row in rows]


def _refuse_what_is_no_xlsx(body: bytes, where: str) -> None:
    if body.startswith(OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in body
        cause = "文件有打开密码，请先取消密码" if locked else "是旧的 XLS 格式，请在 Excel 中另存为 XLSX 或 CSV"
        raise RegistryError([f"{where}：{cause}再导入。"])
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise RegistryError([f"{where}：工作簿不完整，请重新保存或重新拷贝后再导入。"]) from error
    if any(part.flag_bits & 1 for part in parts):
        raise RegistryError([f"{where}：压缩包有密码，请取消密码再导入。"])
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        cause = f"解压后超过 {MAX_UNPACKED // 2**20} MB，不像台账"
        raise RegistryError([f"{where}：{cause}，请把台账另存为新的工作簿再导入。"])
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise RegistryError([f"{where}：是压缩包但不是 XLSX 工作簿，请导入 CSV 或 XLSX 文件。"])


def _sheets(body: bytes) -> list[tuple[str, list[Row]]]:
    """Return name and rows of every sheet, the hidden ones last, up to the first that has the header."""
    computed = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    # Only a second reading tells a formula without a result from an empty cell.
    written = load_workbook(io.BytesIO(body), read_only=True) if _has_formulas(body) else computed
    try:
        sheets = sorted(written.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        found: list[tuple[str, list[Row]]] = []
        for sheet in sheets:
            results = computed[sheet.title]
            for each in (sheet, results):
                each.reset_dimensions()  # some writers state a range that is too small
            cells = results.iter_rows(max_col=MAX_COLUMNS)
            formulas = sheet.iter_rows(max_col=MAX_COLUMNS) if written is not computed else None
            rows = list(_rows(cells, formulas))
            found.append((sheet.title, rows))
            if header_index(rows) is not None:
                break
        return found
    finally:
        written.close()
        computed.close()


def _has_formulas(body: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheets = (part for part in archive.infolist() if part.filename.startswith("xl/worksheets/"))
        return any(re.search(rb"<(\w+:)?f[\s>/]", archive.read(part)) for part in sheets)


def _rows(cells: Iterable[tuple[Any, ...]], formulas: Iterable[tuple[Any, ...]] | None) -> Iterator[Row]:
    filled = 0
    written = formulas if formulas is not None else repeat(())
    for number, (values, sources) in enumerate(zip(cells, written, strict=False), start=1):
        row = Row(place=f"第{number}行", cells=tuple(map(_cell, values, sources or values)))
        if not row.blank:
            filled += 1
            yield row
        if filled > MAX_ROWS + HEADER_ROWS:
            return


def _cell(computed: Any, written: Any) -> Cell:
    """Turn a cell into text or a date; ``computed`` has a formula's stored result, ``written`` tells that it is one."""
    value = computed.value
    if value is None:
        return NO_RESULT if written.data_type == "f" else ""
    if computed.data_type == "e":
        return Unreadable(f"是错误值 {value}，请改正公式或直接填写")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(computed.number_format or ""))
    return str(value).replace("_x000D_", "")  # how a workbook writes a carriage return


def _number(value: float, form: str) -> str:
    """Write a number as its digits, with the leading zeros that its number format shows."""
    whole = int(value) if float(value).is_integer() else None
    if whole is None:
        return repr(value)
    return str(whole).zfill(len(form)) if re.fullmatch(r"0{2,32}", form) else str(whole)
