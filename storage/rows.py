"""What all tables have, and how statements get at them."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase

from storage.columns import Moment, Structure


class Base(DeclarativeBase):
    """What all tables have: names of constraints and column types that are the same on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment(), str: Text(), dict[str, Any]: Structure, list[str]: Structure}  # noqa: RUF012 - SQLAlchemy's own declaration


def table_of(row: type[Base]) -> Table:
    """Return the table of a row's class, for statements."""
    return cast("Table", row.__table__)
