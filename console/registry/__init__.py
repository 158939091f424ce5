"""The registry (备案台账) as a file: read it whole or not at all, write it so that reading gives the same."""

from datetime import date
from pathlib import Path

from console.errors import RegistryError
from console.files import read_whole
from console.registry.csv_sheet import read_csv
from console.registry.export import write_registry
from console.registry.row import RowReader
from console.registry.sheets import Sheet, make_sheet
from console.registry.xlsx_sheet import is_workbook, read_xlsx
from monitor.values import Account

MAX_BYTES = 50 * 2**20

__all__ = ["read_registry", "write_registry"]


def read_registry(path: Path, today: date) -> list[Account]:
    """Read the accounts of a CSV or XLSX file in the order of its rows; ``today`` is the office's date.

    Raises RegistryError with a sentence for every bad cell, FileError where the file cannot be read at all.
    """
    body = read_whole(path, "台账", limit=MAX_BYTES)
    rows = read_xlsx(body, path.name) if is_workbook(body) else read_csv(body, path.name)
    return _accounts(make_sheet(path.name, rows), today)


def _accounts(sheet: Sheet, today: date) -> list[Account]:
    problems: list[str] = []
    accounts: list[Account] = []
    seen: dict[str, str] = {}
    for row in sheet.rows:
        reader = RowReader(sheet, row)
        account = reader.account(today)
        account_id = reader.account_id
        if account_id and account_id in seen:
            reader.blame_repeated(seen[account_id])
        elif account_id:
            seen[account_id] = row.place
        problems += reader.problems
        if account is not None:
            accounts.append(account)
    if problems:
        raise RegistryError(problems)
    return accounts
