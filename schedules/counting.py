"""Months by name, as inspections are kept and counted."""

import re
from datetime import date

from monitor.findings import Window
from monitor.frame import ONE_DAY, month_of
from schedules.office import RequestError

_MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])")


def read_month(text: str) -> Window:
    """Return the month that ``2026-10`` names; RequestError for anything else."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise RequestError(f"检查月份“{text}”写法不正确；应为“年-月”，例如 2026-10。")
    return month_of(date(int(found[1]), int(found[2]), 1))


def months_before(first: date, count: int) -> list[str]:
    """Return the ``count`` - 1 months before the one that begins on ``first``: with it they are the counter window."""
    months: list[str] = []
    for _ in range(count - 1):
        first = month_of(first - ONE_DAY).first
        months.append(f"{first:%Y-%m}")
    return months
