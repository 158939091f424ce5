"""How values stand in the cells of a table: dates, local times, shares, lists; text that no spreadsheet runs."""

from datetime import date, datetime, tzinfo
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from monitor.spans import Coverage
from monitor.values import Post

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | None


def text(value: str) -> str:
    """Return text as a cell holds it: on one line, and never run as a formula by a spreadsheet."""
    shown = flat(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def flat(value: str) -> str:
    """Return text on one line."""
    return " ".join(value.split("\n")).replace("\r", " ").replace("\0", "")


def day(value: date | None) -> str:
    """Return ``2026-10-31``, or nothing."""
    return "" if value is None else value.isoformat()


def moment(value: datetime | None, zone: tzinfo) -> str:
    """Return a moment in the office's zone, ``2026-10-31 09:15``, or nothing."""
    return "" if value is None else f"{value.astimezone(zone):%Y-%m-%d %H:%M}"


def published(post: Post | None, zone: tzinfo) -> str:
    """Return when a post was published: a day where its source states no more, nothing where it states nothing."""
    if post is None or post.published_at is None:
        return ""
    if post.precision == "day":
        return day(post.published_at.astimezone(zone).date())
    return moment(post.published_at, zone)


def share(value: float | None) -> str:
    """Return a share of 1 as ``97.3%``, cut off and not rounded up, so that only the whole is ever 100.0%."""
    if value is None:
        return ""
    percent = (Decimal(str(value)) * 100).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return f"{percent}%"


def rate(value: float | None) -> str:
    """Return a share of 1 as ``66.7%``, rounded half up."""
    if value is None:
        return ""
    return f"{(Decimal(str(value)) * 100).quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"


def spans(found: Coverage, zone: tzinfo) -> str:
    """Return covered stretches, ``2026-10-01 00:00/2026-11-01 00:00``, joined with ``;``."""
    return ";".join(f"{moment(each.start, zone)}/{moment(each.end, zone)}" for each in found)
