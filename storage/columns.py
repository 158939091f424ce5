"""The column types that both databases store alike: moments, and texts that sort by code point."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_number(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970 UTC; a naive one is a ValueError."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"moment: {moment!r} has no time zone; stored times must be aware")
    return (moment - EPOCH) // MICROSECOND


def to_moment(number: int) -> datetime:
    """Return the aware UTC moment ``number`` microseconds after 1970."""
    return EPOCH + MICROSECOND * number


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as microseconds since 1970 UTC, so that both databases keep and order it exactly."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy calls it so
        """Return the number that is stored; a naive datetime is a ValueError."""
        return None if value is None else to_number(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Return the stored moment in UTC."""
        return None if value is None else to_moment(value)


Name = Text().with_variant(Text(collation="C"), "postgresql")
"""Identifiers: PostgreSQL orders them by code point, as SQLite does, so that both give the same order."""

Number = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit row number: SQLite takes only INTEGER for the row's own number."""

Structure = JSON(none_as_null=True)
"""Lists and tables of plain values; None is NULL."""
