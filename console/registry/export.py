"""The registry written as CSV or XLSX, cells neutralised so that a spreadsheet never runs them."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from console.errors import RegistryError
from console.files import write_whole
from console.registry.columns import COLUMNS
from console.registry.texts import MAX_CELL, neutralised
from monitor.values import Account

WIDTHS = (14, 24, 12, 28, 24, 8, 48, 12, 12, 12, 14, 12, 28, 12, 18, 28)


def write_registry(path: Path, accounts: Sequence[Account]) -> None:
    """Write the accounts to ``path``, .csv (UTF-8 with BOM, CRLF) or .xlsx by its ending, whole or not at all.

    Raises RegistryError for another ending or a text that no cell can hold, FileError where the disk refuses.
    """
    rows = [_cells(account) for account in accounts]
    match path.suffix.lower():
        case ".csv":
            body = csv_body(rows)
        case ".xlsx":
            body = _xlsx_body(rows)
        case _:
            raise RegistryError([f"导出文件 {path} 的扩展名不能用，应为 .csv 或 .xlsx。"])
    write_whole(path, body, "台账")


def csv_body(rows: Sequence[Sequence[str]]) -> bytes:
    """Return header and rows as CSV that every spreadsheet opens in the right encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx_body(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for at, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    for row in rows:
        cells = [WriteOnlyCell(sheet) for _ in row]
        for cell, text in zip(cells, row, strict=True):
            cell.value = text
            cell.data_type = "s"  # whatever it looks like, it is text
        sheet.append(cells)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _cells(account: Account) -> tuple[str, ...]:
    cells = (
        account.account_id,
        account.name,
        account.platform.value,
        account.organizer,
        account.supervisor,
        "是" if account.main else "否",
        "\n".join(map(str, account.addresses)),
        account.state.value,
        _day(account.opened),
        _day(account.filed),
        _day(account.closing_notice),
        _day(account.closed),
        "、".join(account.aliases),
        account.contact,
        account.phone,
        account.note,
    )
    for column, text in zip(COLUMNS, cells, strict=True):
        if len(text) > MAX_CELL:
            cause = f"的“{column}”有 {len(text)} 个字，单元格放不下，请先缩短"
            raise RegistryError([f"账号 {account.account_id} {cause}。"])
    return tuple(map(neutralised, cells))


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
