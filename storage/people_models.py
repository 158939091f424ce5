"""The tables of what people decide, enter and record."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Name, Number
from storage.rows import Base, table_of

_STANDING = text("withdrawn_at IS NULL")


class DecisionRow(Base):
    """A decision on a finding's window or post; one that was replaced or taken back stays, with who did it and when."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "account_id"),
        # Of two people who decide at once, one is told so.
        Index(
            "ux_decisions_standing",
            "account_id",
            "code",
            "first",
            "last",
            "key",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    number: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[str] = mapped_column(Name)
    code: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    key: Mapped[str]  # of the post, "" where the window is meant
    posts: Mapped[list[str]]
    unseen: Mapped[str]  # of a CJ-01: the days that were not all seen, as ``2026-10-05/2026-10-11;2026-10-20``
    ruling: Mapped[str]
    severity: Mapped[str | None]
    reason: Mapped[str | None]
    note: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_why: Mapped[str | None]


class EnteredRow(Base):
    """A finding that a person entered."""

    __tablename__ = "entered_findings"
    __table_args__ = (Index(None, "account_id"),)

    number: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[str] = mapped_column(Name)
    code: Mapped[str]
    severity: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    description: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_why: Mapped[str | None]


class RectificationRow(Base):
    """What a person found when looking whether a finding was rectified; the newest counts."""

    __tablename__ = "rectifications"
    __table_args__ = (Index(None, "account_id"),)

    number: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[str] = mapped_column(Name)
    month: Mapped[str]
    code: Mapped[str]
    result: Mapped[str]
    day: Mapped[date]
    note: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class DispositionRow(Base):
    """A step of the four that was taken (处置台账); one that was recorded wrongly stays, withdrawn."""

    __tablename__ = "dispositions"
    __table_args__ = (Index(None, "account_id"),)

    number: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[str] = mapped_column(Name)
    step: Mapped[str]
    on: Mapped[date]
    document: Mapped[str]
    signer: Mapped[str]
    note: Mapped[str]
    months: Mapped[list[str]]
    by: Mapped[str]
    at: Mapped[datetime]
    rectified: Mapped[bool | None]
    rectified_by: Mapped[str | None]
    rectified_at: Mapped[datetime | None]
    rectified_note: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_why: Mapped[str | None]


class AttachmentRow(Base):
    """A file that a person attached, kept under its digest; it belongs to an entered finding or to a disposition."""

    __tablename__ = "attachments"
    __table_args__ = (Index(None, "entered"), Index(None, "disposition"))

    number: Mapped[int] = mapped_column(Number, primary_key=True)
    entered: Mapped[int | None] = mapped_column(Number, ForeignKey("entered_findings.number"))
    disposition: Mapped[int | None] = mapped_column(Number, ForeignKey("dispositions.number"))
    name: Mapped[str]
    digest: Mapped[str]  # SHA-256, hexadecimal
    size: Mapped[int]
    at: Mapped[datetime]


decisions = table_of(DecisionRow)
entered_findings = table_of(EnteredRow)
rectifications = table_of(RectificationRow)
dispositions = table_of(DispositionRow)
attachments = table_of(AttachmentRow)
