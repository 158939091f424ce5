"""Reads the dates that sources state, in every form that they are written in."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.values import UNSTATED, Precision, Stated

# No feed of a county is older; what lies before is an empty field in disguise (1970, 0001, 1899-12-30).
EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
UNREADABLE: Final = "unreadable"
IMPOSSIBLE: Final = "impossible"
TOO_OLD: Final = "before 1995"
AMBIGUOUS: Final = "ambiguous"
COARSE: Final = "coarse"
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A date as it is written: ``clock`` is None where only a day is, ``offset`` None where no zone is."""

    day: date
    form: str
    clock: time | None = None
    to_the_second: bool = False
    offset: tzinfo | None = None
    clock_bound: bool = False
    carry: timedelta = timedelta(0)


class _UnreadError(Exception):
    """A text that is a date of some form and yet says no day; the message is the form's name."""


def read_date(raw: str, at: datetime, zone: tzinfo) -> Stated:
    """Read ``raw`` as seen at ``at`` (aware); a date without a zone of its own is in ``zone``. Never raises.

    What cannot be read, is impossible, ambiguous (03/04/2026), too coarse (2个月前) or lies before 1995 has no ``at``,
    and ``form`` says which: a date that is read wrong would prove what was not seen. Source: SOURCES, Dates.
    """
    return _read(raw, at, zone)[0]


def read_dates(raws: Sequence[str], at: datetime, zone: tzinfo) -> tuple[Stated, ...]:
    """Read the dates of one document; one written as midnight in ``zone`` states a day, not a moment.

    So do all where every one of them is midnight: 00:00:00 as written, in whatever zone (the day is the one that is
    written), or else midnight in ``zone`` (a day that a bridge converted to GMT: 16:00:00 GMT for Shanghai). One date
    is enough to say so.
    """
    pairs = [_read(raw, at, zone) for raw in raws]
    read = [(stated, written) for stated, written in pairs if written is not None]
    timed = [(stated, written) for stated, written in read if written.clock is not None]
    if not timed:
        return tuple(stated for stated, _ in pairs)
    if all(written.clock == time() and not written.clock_bound for _, written in timed):
        days = [written.day + written.carry if written else None for _, written in pairs]
        return tuple(_as_day(stated, day, zone) for (stated, _), day in zip(pairs, days, strict=True))
    local = [_local_midnight(stated, zone) for stated, _ in timed]
    if all(local):
        return tuple(_as_day(stated, _local_midnight(stated, zone), zone) for stated, _ in pairs)
    return tuple(_as_day(stated, _midnight_written(stated, written, zone), zone) for stated, written in pairs)


def _midnight_written(stated: Stated, written: _Written | None, zone: tzinfo) -> date | None:
    """Return the day of a date written as midnight of ``zone``: what a site that once knew only days makes of them."""
    if written is None or written.clock != time() or written.clock_bound:
        return None
    return _local_midnight(stated, zone)


def _local_midnight(stated: Stated, zone: tzinfo) -> date | None:
    moment = stated.at.astimezone(zone) if stated.at is not None else None
    return moment.date() if moment is not None and moment.time() == time() else None


def _as_day(stated: Stated, day: date | None, zone: tzinfo) -> Stated:
    if stated.at is None or day is None or stated.precision is Precision.DAY:
        return stated
    whole = _stated_day(day, zone)
    return replace(whole, raw=stated.raw, form=f"{stated.form}, midnight", clock_bound=stated.clock_bound)


def _stated_day(day: date, zone: tzinfo) -> Stated:
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return Stated(at=start, precision=Precision.DAY, day_end=end)


def _read(raw: str, at: datetime, zone: tzinfo) -> tuple[Stated, _Written | None]:
    kept = raw.strip()[:_LONGEST]
    if not kept:
        return UNSTATED, None
    if len(raw.strip()) > _LONGEST:
        return Stated(raw=kept, form=UNREADABLE), None
    try:
        written = _written(_plain(kept), at.astimezone(zone))
        stated = _stated(written, zone)
    except _UnreadError as unread:
        return Stated(raw=kept, form=str(unread)), None
    except (ValueError, OverflowError):
        return Stated(raw=kept, form=IMPOSSIBLE), None
    if stated.at is None or stated.at < EARLIEST:
        return Stated(raw=kept, form=TOO_OLD), None
    return replace(stated, raw=kept, form=written.form, clock_bound=written.clock_bound), written


def _stated(written: _Written, zone: tzinfo) -> Stated:
    if written.clock is None:
        return _stated_day(written.day, zone)
    moment = datetime.combine(written.day, written.clock, written.offset or zone).astimezone(UTC) + written.carry
    return Stated(at=moment, precision=Precision.SECOND if written.to_the_second else Precision.MINUTE)


_DASHES: Final = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "〜": "~", "．": ".", "。": "."})
_LABEL: Final = re.compile(r"\A(?:发布|发表|更新|发稿|创建|刊发)?(?:时间|日期|于)\s*[::]?\s*")
_COMMENT: Final = re.compile(r"\s*\((?:[^()]*)\)\s*\Z")


def _plain(raw: str) -> str:
    """Return ``raw`` with half-width digits and signs, single spaces, and without a label or brackets around it."""
    text = " ".join(unicodedata.normalize("NFKC", raw).translate(_DASHES).split())
    text = _LABEL.sub("", text)
    if text[:1] in "[(【〔" and text[-1:] in "])】〕":
        text = text[1:-1].strip()
    return _COMMENT.sub("", text)  # RFC 822 allows (comments): GMT+0800 (中国标准时间)


_WEEKDAY_CN: Final = r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?"
_WEEKDAY: Final = r"(?:[A-Za-z]{2,9}\.?(?:,\s?|\s))?"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})\.?"
_CLOCK: Final = (
    r"(?P<half>上午|下午|早上|晚上|中午|凌晨)?\s?(?P<hour>\d{1,2})\s?[:时点]\s?(?P<minute>\d{1,2})"
    r"(?:\s?[:分]\s?(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s?秒?|\s?分)?\s?(?P<meridiem>[AaPp]\.?[Mm]\.?)?"
)
_AHEAD: Final = r"[+-]\s?\d{1,2}:?(?:\d{2})?"
_ZONE: Final = rf"(?:\s?(?P<zone>[A-Za-z][A-Za-z_]*(?:/[A-Za-z_]+){{0,2}}(?:\s?{_AHEAD})?|{_AHEAD}|北京时间))?"
_TIME: Final = rf"{_CLOCK}{_ZONE}"
_YMD: Final = r"(?P<year>\d{4})\s?(?:[-/.]|年)\s?(?P<month>\d{1,2})\s?(?:[-/.]|月)\s?(?P<day>\d{1,2})\s?[日号]?"
_GAP: Final = rf"(?:\s*,?\s*{_WEEKDAY_CN})?(?:\s*[T,]\s*|\s*)"

_Reader = Callable[[re.Match[str], datetime], _Written]


def _part(found: re.Match[str], name: str) -> str:
    return found.groupdict().get(name) or ""


def _clock_of(found: re.Match[str]) -> tuple[time, timedelta]:
    """Return the time of day and what to add to it (24:00 is the next day's midnight)."""
    hour, minute = int(found["hour"]), int(found["minute"])
    second = int(_part(found, "second") or 0)
    second = 59 if second == 60 else second  # a leap second
    half = _part(found, "half") or _part(found, "meridiem")[:1].lower()
    if (half in {"下午", "晚上", "p"} and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half in {"上午", "凌晨", "a"} and hour == 12:
        hour = 0
    carry = timedelta(0)
    if (hour, minute, second) == (24, 0, 0):
        hour, carry = 0, timedelta(days=1)
    micro = int(_part(found, "fraction").ljust(6, "0")[:6])
    return time(hour, minute, second, micro), carry


def _timed(found: re.Match[str], day: date, form: str, *, clock_bound: bool = False) -> _Written:
    if not _part(found, "hour"):
        return _Written(day=day, form=form, clock_bound=clock_bound)
    clock, carry = _clock_of(found)
    return _Written(
        day=day,
        form=form,
        clock=clock,
        to_the_second=bool(_part(found, "second")),
        offset=_offset(_part(found, "zone")),
        clock_bound=clock_bound,
        carry=carry,
    )


# CST is China's in a Chinese feed; the others are RFC 822's, and a few that bridges print.
_OFFSETS: Final[dict[str, float]] = {
    **dict.fromkeys(("z", "utc", "gmt", "ut", "wet"), 0),
    **dict.fromkeys(("cst", "北京时间", "asia/beijing", "hkt", "sgt", "prc"), 8),
    **dict.fromkeys(("jst", "kst"), 9),
    **dict.fromkeys(("edt",), -4),
    **dict.fromkeys(("est", "cdt"), -5),
    **dict.fromkeys(("mdt",), -6),
    **dict.fromkeys(("mst", "pdt"), -7),
    **dict.fromkeys(("pst",), -8),
    **dict.fromkeys(("bst", "cet"), 1),
    **dict.fromkeys(("cest", "eet"), 2),
    **dict.fromkeys(("eest", "msk"), 3),
}
_SIGNED: Final = re.compile(r"(?P<name>[A-Za-z]*)\s?(?P<sign>[+-])\s?(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?\Z")


def _offset(name: str) -> tzinfo | None:
    """Return the zone that ``name`` says, None for none (the source's own then)."""
    if not name:
        return None
    if signed := _SIGNED.match(name):
        ahead = timedelta(hours=int(signed["hours"]), minutes=int(signed["minutes"] or 0))
        if ahead > timedelta(hours=15):
            raise _UnreadError(IMPOSSIBLE)
        return timezone(-ahead if signed["sign"] == "-" else ahead)
    if name.lower() in _OFFSETS:
        return timezone(timedelta(hours=_OFFSETS[name.lower()]))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _UnreadError(UNREADABLE) from None


def _ymd(found: re.Match[str], _: datetime) -> _Written:
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    return _timed(found, day, "年月日" if "年" in found[0] else "y-m-d")


def _short_year(found: re.Match[str], _: datetime) -> _Written:
    return _timed(found, date(2000 + int(found["yy"]), int(found["month"]), int(found["day"])), "年月日")


def _packed(found: re.Match[str], _: datetime) -> _Written:
    return _timed(found, date(int(found["year"]), int(found["month"]), int(found["day"])), "yyyymmdd")


def _rfc822(found: re.Match[str], _: datetime) -> _Written:
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 2000 if year < 69 else 1900
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    return _timed(found, date(year, month, int(found["day"])), "rfc822")


def _slashed(found: re.Match[str], _: datetime) -> _Written:
    first, second, year = int(found["first"]), int(found["second_"]), int(found["year"])
    if first <= 12 and second <= 12 and first != second:
        raise _UnreadError(AMBIGUOUS)
    month, day = (first, second) if first <= 12 else (second, first)
    return _timed(found, date(year, month, day), "m/d/y")


def _yearless(found: re.Match[str], now: datetime) -> _Written:
    month, day = int(found["month"]), int(found["day"])
    for year in range(now.year, now.year - 9, -1):  # 29 February comes again within eight years
        try:
            past = date(year, month, day)
        except ValueError:
            continue
        if past <= now.date():
            return _timed(found, past, "m-d", clock_bound=True)
    raise _UnreadError(IMPOSSIBLE)


def _epoch(found: re.Match[str], _: datetime) -> _Written:
    digits = found["digits"]
    milliseconds = len(digits) == 13
    since = timedelta(milliseconds=int(digits)) if milliseconds else timedelta(seconds=int(digits))
    fraction = timedelta(microseconds=int(_part(found, "fraction").ljust(6, "0")[:6]))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + since + fraction
    return _Written(
        day=moment.date(),
        clock=moment.time(),
        to_the_second=True,
        offset=UTC,
        form="epoch ms" if milliseconds else "epoch s",
    )


_DAYS_AGO: Final[dict[str, int]] = {
    **dict.fromkeys(("今天", "今日", "today"), 0),
    **dict.fromkeys(("昨天", "昨日", "yesterday"), 1),
    **dict.fromkeys(("前天", "前日"), 2),
}


def _named_day(found: re.Match[str], now: datetime) -> _Written:
    day = now.date() - timedelta(days=_DAYS_AGO[found["name"].lower()])
    return _timed(found, day, "昨天", clock_bound=True)


def _weekday(found: re.Match[str], now: datetime) -> _Written:
    wanted = "一二三四五六日天".index(found["name"]) % 7 if found["name"] != "天" else 6
    back = (now.weekday() - wanted) % 7
    written = _timed(found, now.date() - timedelta(days=back), "星期", clock_bound=True)
    if back == 0 and written.clock is not None and written.clock > now.time():
        return replace(written, day=written.day - timedelta(days=7))
    return written


def _clock_only(found: re.Match[str], now: datetime) -> _Written:
    written = _timed(found, now.date(), "h:m", clock_bound=True)
    if written.clock is not None and written.clock > now.time():
        return replace(written, day=written.day - timedelta(days=1))
    return written


_UNITS: Final[dict[str, timedelta]] = {
    **dict.fromkeys(("秒", "秒钟", "second", "sec"), timedelta(seconds=1)),
    **dict.fromkeys(("分", "分钟", "minute", "min"), timedelta(minutes=1)),
    **dict.fromkeys(("时", "小时", "钟头", "hour", "hr"), timedelta(hours=1)),
}


def _ago(found: re.Match[str], now: datetime) -> _Written:
    count, unit = 0.5 if found["count"] == "半" else int(found["count"]), found["unit"].lower()
    if unit in {"天", "日", "day"}:
        return _Written(day=now.date() - timedelta(days=int(count)), form="前", clock_bound=True)
    if unit not in _UNITS:
        raise _UnreadError(COARSE)
    return _moment(now - _UNITS[unit] * count, "前")


def _now(_: re.Match[str], now: datetime) -> _Written:
    return _moment(now, "刚刚")


def _moment(moment: datetime, form: str) -> _Written:
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
    return _Written(day=minute.date(), clock=minute.time(), offset=UTC, form=form, clock_bound=True)


_ORDINAL: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_THEN: Final = rf"(?:[,\s]+(?:at\s)?{_TIME})?"
_SHORT_CLOCK: Final = r"(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?"
_SPAN: Final = r"秒钟?|分钟?|小?时|钟头|天|日|周|星期|月|年|sec|second|min|minute|hr|hour|day|week|month|year"
_FORMS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (rf"{_YMD}(?:{_GAP}{_TIME})?(?:\s?{_WEEKDAY_CN})?", _ymd),
        (rf"{_WEEKDAY}{_ORDINAL}[\s-]+{_MONTH}[\s,-]+(?P<year>\d{{4}}|\d{{2}}){_THEN}", _rfc822),
        (rf"{_WEEKDAY}{_MONTH}\s?{_ORDINAL},?\s(?P<year>\d{{4}}){_THEN}", _rfc822),
        (rf"{_WEEKDAY}{_MONTH}\s?{_ORDINAL},?\s{_TIME}\s(?P<year>\d{{4}})", _rfc822),
        (r"(?P<digits>\d{13}|\d{9,10}|0)(?:\.(?P<fraction>\d{1,9}))?", _epoch),
        (rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:[T ]?{_SHORT_CLOCK}{_ZONE})?", _packed),
        (rf"(?P<yy>\d{{2}})年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]?(?:{_GAP}{_TIME})?", _short_year),
        (rf"(?P<first>\d{{1,2}})[/.-](?P<second_>\d{{1,2}})[/.-](?P<year>\d{{4}})(?:{_GAP}{_TIME})?", _slashed),
        (rf"(?P<month>\d{{1,2}})\s?(?:[-/.]|月)\s?(?P<day>\d{{1,2}})\s?[日号]?(?:{_GAP}{_TIME})?", _yearless),
        (rf"(?P<name>今天|今日|昨天|昨日|前天|前日|today|yesterday)(?:[\s,]*{_TIME})?", _named_day),
        (rf"(?:星期|周|礼拜)(?P<name>[一二三四五六日天])(?:\s*{_TIME})?", _weekday),
        (rf"(?P<count>\d{{1,4}}|半)\s?个?(?P<unit>{_SPAN})s?(?:以?前|\sago)", _ago),
        (r"刚刚|刚才|just now|now", _now),
        (_TIME, _clock_only),
    )
)


def _written(text: str, now: datetime) -> _Written:
    for pattern, reader in _FORMS:
        if found := pattern.fullmatch(text):
            return reader(found, now)
    raise _UnreadError(UNREADABLE)
