"""How officials write dates, windows and titles in sentences."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from monitor.findings import Window
from monitor.values import Account, Post

WEEKDAYS = "一二三四五六日"


def full_day(day: date) -> str:
    """Return ``2026年10月9日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(day: date, year: int) -> str:
    """Return ``10月9日``, with the year where it is not ``year``."""
    return f"{day.month}月{day.day}日" if day.year == year else full_day(day)


def weekday_day(day: date, year: int) -> str:
    """Return ``10月12日（周一）``."""
    return f"{short_day(day, year)}（周{WEEKDAYS[day.weekday()]}）"


def short_window(window: Window, year: int) -> str:
    """Return ``10月5日至10月11日``, or the one day."""
    first = short_day(window.first, year)
    return first if window.first == window.last else f"{first}至{short_day(window.last, year)}"


def short_moment(moment: datetime, year: int) -> str:
    """Return ``10月15日9时`` of a local moment, with the year where it is not ``year``."""
    return f"{short_day(moment.date(), year)}{time_of_day(moment)}"


def time_of_day(moment: datetime) -> str:
    """Return ``9时`` of a local moment, with its minutes where it has any: ``15时07分``."""
    return f"{moment.hour}时{moment.minute:02}分" if moment.minute else f"{moment.hour}时"


def length(days: int) -> str:
    """Return ``2周`` for whole weeks, else ``90天``."""
    return f"{days // 7}周" if days % 7 == 0 else f"{days}天"


def titled(post: Post) -> str:
    """Return ``《title》``, with the marks of a title inside it made single."""
    inner = post.title.replace("《", "〈").replace("》", "〉")
    return f"《{inner}》" if inner else "（无标题）"


def named(account: Account) -> str:
    """Return ``“名称”（平台）``, as an account stands in a sentence."""
    return f"“{account.name}”（{account.platform}）"


def listed(parts: Sequence[str], most: int, unit: str) -> str:
    """Join parts with ``、``; past ``most`` of them the rest is counted: ``…等12个``."""
    shown = "、".join(parts[:most])
    return shown if len(parts) <= most else f"{shown}等{len(parts)}{unit}"


def joined(windows: Iterable[Window]) -> str:
    """Return windows as a cell holds them, ``2026-10-05/2026-10-11;2026-10-12``."""
    return ";".join(str(window) for window in windows)


def windows_in(text: str) -> tuple[Window, ...]:
    """Return the windows of such a cell."""
    ends = [each.split("/") for each in text.split(";") if each]
    return tuple(Window(date.fromisoformat(each[0]), date.fromisoformat(each[-1])) for each in ends)
