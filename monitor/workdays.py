"""Working days: what the yearly notices on holidays say of each day, and how to count by them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from monitor.errors import WorkdaysError
from monitor.plain import only_known, shown, text_of

FIRST_YEAR = 1949
LAST_YEAR = 2200
REACH = timedelta(days=31)  # a notice settles the days around the turn of the year, never more than a month outside
LONGEST = 31  # days of one range; the longest holiday so far had 10
TAIL = (12, 29)  # no notice since 2004 has changed a day of the old year before 29 December

OWN_KEYS = ("year", "notices", "holidays")
NOTICE_KEYS = ("title", "number")
HOLIDAY_KEYS = ("name", "off", "work")
DAY_KEYS = ("name", "date", "isOffDay")

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDay:
    """What a notice says of one day: the holiday's name, and whether the day is off (放假) or worked (上班)."""

    day: date
    name: str
    off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class YearNotice:
    """The arrangement of one year; ``papers`` name its notices. Without days there is no notice yet."""

    year: int
    days: tuple[NoticeDay, ...] = ()
    papers: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days that a set of notices makes.

    Notices are laid over one another by year, and within a year in the order given: a later one (a supplementary
    notice) overrides the days that it names and leaves all others. A day that none names is worked from Monday to
    Friday; in a year without a notice that is an assumption, and ``is_known`` says so.
    """

    notices: tuple[YearNotice, ...]
    _days: Mapping[date, NoticeDay] = field(init=False, repr=False, compare=False)
    _years: frozenset[int] = field(init=False, repr=False, compare=False)

    def __init__(self, notices: Iterable[YearNotice]) -> None:
        ordered = tuple(sorted((each for each in notices if each.days), key=_year))
        object.__setattr__(self, "notices", ordered)
        object.__setattr__(self, "_days", {each.day: each for notice in ordered for each in notice.days})
        object.__setattr__(self, "_years", frozenset(map(_year, ordered)))

    def years(self) -> tuple[int, ...]:
        """Return the years that have a notice, in order."""
        return tuple(sorted(self._years))

    def is_workday(self, day: date) -> bool:
        """Say whether ``day`` is worked: by its notice, else Monday to Friday."""
        named = self._days.get(day)
        return day.weekday() < _SATURDAY if named is None else not named.off

    def is_known(self, day: date) -> bool:
        """Say whether ``day`` rests on a notice.

        False in a year without one, and on 29 to 31 December while the next year's is missing: it may change them yet.
        """
        return self._missing(day) is None

    def missing(self, start: date, end: date) -> tuple[int, ...]:
        """Return the years whose notice is missing to know every day from ``start`` to ``end`` (both included)."""
        found = (self._missing(day) for day in _days_between(start, end))
        return tuple(sorted({year for year in found if year is not None}))

    def name_of(self, day: date) -> str:
        """Return the holiday's name (国庆节), for a make-up working day 国庆节调休, "" for any other day."""
        named = self._days.get(day)
        if named is not None and named.off:
            return named.name
        return f"{named.name}调休" if named is not None and day.weekday() >= _SATURDAY else ""

    def between(self, start: date, end: date) -> tuple[date, ...]:
        """Return the working days from ``start`` to ``end``, both included."""
        return tuple(filter(self.is_workday, _days_between(start, end)))

    def add(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day`` (``day`` itself is never counted; 0 gives it back)."""
        if n < 0:
            raise ValueError(f"workdays: cannot add {n}")
        while n:
            day += _ONE_DAY
            n -= self.is_workday(day)
        return day

    def _missing(self, day: date) -> int | None:
        if day.year not in self._years:
            return day.year
        if (day.month, day.day) >= TAIL and day.year + 1 not in self._years:
            return day.year + 1
        return None


def read_year(data: Mapping[str, object], where: str) -> YearNotice:
    """Read one year file: our own TOML shape, or the JSON shape of holiday-cn (``papers``, ``days``).

    Raises WorkdaysError naming ``where``, the key and what is expected. No notice and no days: a year without one.
    """
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise WorkdaysError(f"{where}：year 应为 {FIRST_YEAR} 至 {LAST_YEAR} 的年份，现为 {shown(year)}")
    if "isOffDay" in data or "days" in data or "papers" in data:
        papers, days = _foreign(data, where)
    else:
        papers, days = _own(data, where)
    return YearNotice(year=year, days=_checked(days, year, where), papers=papers, where=where)


def _own(data: Mapping[str, object], where: str) -> tuple[tuple[str, ...], list[NoticeDay]]:
    only_known(data, OWN_KEYS, where, WorkdaysError)
    papers: list[str] = []
    for at, notice in _tables(data, "notices", where):
        only_known(notice, NOTICE_KEYS, at, WorkdaysError)
        number = text_of(notice, "number", at, WorkdaysError) if "number" in notice else ""
        papers.append(text_of(notice, "title", at, WorkdaysError) + (f"（{number}）" if number else ""))
    days: list[NoticeDay] = []
    for at, holiday in _tables(data, "holidays", where):
        only_known(holiday, HOLIDAY_KEYS, at, WorkdaysError)
        name = text_of(holiday, "name", at, WorkdaysError)
        for key, off in (("off", True), ("work", False)):
            days += (NoticeDay(day=day, name=name, off=off) for day in _dates(holiday.get(key, []), f"{at} {key}"))
    if bool(papers) != bool(days):
        lacking, given = ("notices", "holidays") if days else ("holidays", "notices")
        raise WorkdaysError(f"{where}：有 {given} 而缺少 {lacking}，放假安排应写明所依据的通知和全部放假、上班日期")
    return tuple(papers), days


def _foreign(data: Mapping[str, object], where: str) -> tuple[tuple[str, ...], list[NoticeDay]]:
    days: list[NoticeDay] = []
    for at, each in _tables(data, "days", where):
        only_known(each, DAY_KEYS, at, WorkdaysError)
        off = each.get("isOffDay")
        if not isinstance(off, bool):
            raise WorkdaysError(f"{at} isOffDay 应为 true（放假）或 false（上班），现为 {shown(off)}")
        found = _dates([each.get("date")], f"{at} date")
        days += (NoticeDay(day=day, name=text_of(each, "name", at, WorkdaysError), off=off) for day in found)
    papers = data.get("papers", [])
    given = cast("list[object]", papers) if isinstance(papers, list) else [None]
    names = tuple(each for each in given if isinstance(each, str))
    if len(names) != len(given):
        raise WorkdaysError(f"{where}：papers 应为通知网址的列表，现为 {shown(data['papers'])}")
    return names, days


def _checked(days: Sequence[NoticeDay], year: int, where: str) -> tuple[NoticeDay, ...]:
    found: dict[date, NoticeDay] = {}
    for each in days:
        if not date(year, 1, 1) - REACH <= each.day <= date(year, 12, 31) + REACH:
            raise WorkdaysError(f"{where}：{each.day} 不在 {year} 年前后 31 日之内，请核对年份")
        known = found.setdefault(each.day, each)
        if known.off != each.off:
            raise WorkdaysError(f"{where}：{each.day} 既写为放假又写为上班，同一日期只能取其一")
    return tuple(found[day] for day in sorted(found))


def _tables(data: Mapping[str, object], key: str, where: str) -> list[tuple[str, Mapping[str, object]]]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise WorkdaysError(f"{where}：{key} 应为一组表，现为 {shown(value)}")
    found: list[tuple[str, Mapping[str, object]]] = []
    for number, each in enumerate(cast("list[object]", value), 1):
        at = f"{where}：{key} 第 {number} 项"
        if not isinstance(each, Mapping):
            raise WorkdaysError(f"{at} 应为表，现为 {shown(each)}")
        found.append((at, cast("Mapping[str, object]", each)))
    return found


def _dates(value: object, at: str) -> list[date]:
    if not isinstance(value, list):
        raise WorkdaysError(f"{at} 应为日期的列表，现为 {shown(value)}")
    found: list[date] = []
    for each in cast("list[object]", value):
        first, _, last = each.partition("/") if isinstance(each, str) else (each, "", "")
        start = _date(first, each, at)
        end = _date(last, each, at) if last else start
        if not timedelta(0) <= end - start < timedelta(days=LONGEST):
            raise WorkdaysError(f"{at} 的 {shown(each)} 止日应不早于起日，且不超过 {LONGEST} 日")
        found += _days_between(start, end)
    return found


def _date(raw: object, whole: object, at: str) -> date:
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    elif type(raw) is date:  # TOML's own date; a datetime would be one too many
        return raw
    raise WorkdaysError(f"{at} 应为日期 2026-10-01 或起止日期 2026-10-01/2026-10-07，现为 {shown(whole)}")


def _days_between(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _year(notice: YearNotice) -> int:
    return notice.year
