"""Printing of times as sources state them, and of how they were read."""

from datetime import datetime, tzinfo

from monitor.values import Precision, Stated

PRECISIONS = {Precision.SECOND: "精确到秒", Precision.MINUTE: "精确到分", Precision.DAY: "只有日期"}


def minute(at: datetime | None, zone: tzinfo) -> str:
    """Return a moment in ``zone``, "" for none."""
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def moment_record(at: datetime | None) -> str | None:
    """Return a moment as ``--json`` prints it, in UTC."""
    return None if at is None else at.isoformat()


def stated_words(stated: Stated, zone: tzinfo) -> str:
    """Return a time as it was read: a day where its source states no more."""
    if stated.at is None:
        return "时间未能识别" if stated.raw else "没有时间"
    pattern = "%Y-%m-%d" if stated.precision is Precision.DAY else "%Y-%m-%d %H:%M"
    return f"{stated.at.astimezone(zone):{pattern}}"


def how_read(stated: Stated) -> str:
    """Return the time as it stood and how it was read, "" where none was stated."""
    if not stated.raw:
        return ""
    if stated.at is None:
        return f"原文“{stated.raw}”（{stated.form}）"
    relative = "，随采集时间推算" if stated.clock_bound else ""
    return f"原文“{stated.raw}”（{stated.form}，{PRECISIONS[stated.precision]}{relative}）"


def stated_record(stated: Stated, zone: tzinfo) -> dict[str, object]:
    """Return a time as it was stated and read."""
    return {
        "at": moment_record(stated.at),
        "local": None if stated.at is None else stated_words(stated, zone),
        "raw": stated.raw or None,
        "form": stated.form or None,
        "precision": stated.precision.value,
        "clock_bound": stated.clock_bound,
    }
