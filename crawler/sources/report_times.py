"""When a row of a self-report says that its post was published."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.dates import read_date

_READ_AT: Final = datetime(2200, 1, 1, tzinfo=UTC)  # only whether a time can be read is asked here, not what it says
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_SERIAL: Final = re.compile(r"[45]\d{4}(?:\.\d+)?")
_FIRST_SERIAL: Final = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's days have no zone
_YEARLESS: Final = re.compile(
    r"(?P<month>\d{1,2})\s?(?P<sign>[-/.]|月)\s?(?P<day>\d{1,2})\s?[日号]?(?P<rest>[^\d年月日/-].*)?", re.DOTALL
)
_TENS: Final = frozenset({"1", "2", "3"})
_YEAR: Final = re.compile(r"(?<!\d)(20\d{2})\s?(?:年|[-./]\d{1,2}(?!\d))")
_MONTH: Final = re.compile(r"(?<!\d)(?:20\d{2}[-./])?(1[0-2]|0?[1-9])\s?(?:月|[-—~至、]\s?(?:1[0-2]|[1-9])月)")
_FILLED_IN: Final = re.compile(r"(?:填报|填表|报送|制表|上报)(?:时间|日期)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The year that a report is about, 0 where it does not say, and its last month."""

    year: int = 0
    month: int = 12


def period_of(texts: Iterable[str]) -> Period:
    """Return the period that stands above a table (高县2026年11月自查上报表); two years there are none."""
    said = [unicodedata.normalize("NFKC", text) for text in texts if not _FILLED_IN.search(text)]
    years = {int(each) for text in said for each in _YEAR.findall(text)}
    months = {int(each) for text in said for each in _MONTH.findall(text)}
    return Period(year=years.pop(), month=max(months, default=12)) if len(years) == 1 else Period()


def written_time(day: str, clock: str, period: Period) -> str:
    """Return the time of a row: its day with the time of day beside it, or what states both."""
    whole = clock or day
    if _CLOCK.fullmatch(unicodedata.normalize("NFKC", clock)):
        whole = f"{_with_year(_from_serial(day), period)} {clock}" if day else ""
    return _with_year(_from_serial(whole), period)


def unread(written: str) -> str:
    """Return in Chinese why a time cannot be used, "" where it can."""
    if not written:
        return "“发布时间”为空"
    stated = read_date(written, _READ_AT, UTC)
    if stated.at is None:
        return f"“发布时间”无法识别（“{written[:30]}”）"
    if not stated.clock_bound:
        return ""
    found = _YEARLESS.fullmatch(written)
    if found and _is_cut(found):
        return f"“发布时间”（“{written[:30]}”）可能是{found['day']}日，也可能是{found['day']}0日"
    return f"“发布时间”不完整（“{written[:30]}”），缺少年份或日期"


def _from_serial(written: str) -> str:
    """Return the day, with its time, that a spreadsheet's number of days states where the cell is not set as a date."""
    if not _SERIAL.fullmatch(written):
        return written
    moment = _FIRST_SERIAL + timedelta(seconds=round(float(written) * 86400))
    return moment.isoformat(sep=" ") if "." in written else moment.date().isoformat()


def _with_year(written: str, period: Period) -> str:
    """Return a date without a year with that of the report, where its month lies within the report's."""
    plain = unicodedata.normalize("NFKC", written)
    found = _YEARLESS.fullmatch(plain)
    if not found or not period.year or int(found["month"]) > period.month or _is_cut(found):
        return written
    return f"{period.year}-{found['month']}-{found['day']}{found['rest'] or ''}"


def _is_cut(found: re.Match[str]) -> bool:
    """Say whether a spreadsheet may have taken 11.10 for the number 11.1."""
    return found["sign"] == "." and found["day"] in _TENS and not found["rest"]
