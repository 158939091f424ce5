"""Dates as people write them into a registry."""

import re
from datetime import date

FORMS = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?$")
FIRST_YEAR = 1990  # the first account was opened long after; an earlier year is a slip
LAST_YEAR = 2100
EXPECTED = "应为 2020-08-29 这样的年-月-日"


def read_day(text: str) -> date | str:
    """Return the date that ``text`` states, or in Chinese why it states none."""
    plain = MIDNIGHT.sub("", text)
    found = next(filter(None, (form.fullmatch(re.sub(r"\s", "", plain)) for form in FORMS)), None)
    if found is None:
        return _strange(text)
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        return f"没有“{text}”这一天，{EXPECTED}"
    return checked_day(day)


def checked_day(day: date) -> date | str:
    """Return the day, or in Chinese why no account can have it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return f"年份 {day.year} 不合常理，{EXPECTED}"
    return day


def _strange(text: str) -> str:
    if re.fullmatch(r"[2-6]\d{4}(\.0)?", text):
        return f"“{text}”像是 Excel 的日期序号，请把该列设为日期格式后重新保存，{EXPECTED}"
    if re.fullmatch(r"\d{4}[-/.年]?\d{0,2}月?", text):
        return f"“{text}”缺少月或日，{EXPECTED}"
    return f"“{text}”不是日期，{EXPECTED}"
