"""The tables of the registry and of looking: accounts, sources, visits, coverage, pauses of lanes."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Name, Number
from storage.rows import Base, table_of


class AccountRow(Base):
    """One row of the registry (备案台账); its addresses are in ``sources``."""

    __tablename__ = "accounts"

    account_id: Mapped[str] = mapped_column(Name, primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    platform: Mapped[str]
    organizer: Mapped[str]
    supervisor: Mapped[str]
    main: Mapped[bool]
    state: Mapped[str]
    opened: Mapped[date | None]
    filed: Mapped[date | None]
    closing_notice: Mapped[date | None]
    closed: Mapped[date | None]
    aliases: Mapped[list[str] | None]
    contact: Mapped[str]
    phone: Mapped[str]
    note: Mapped[str]
    imported_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SourceRow(Base):
    """An address of an account, or a lane's control source (no account, but a lane), and what is remembered of it."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("account_id", "url"), UniqueConstraint("lane", "url"))

    source_id: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[str | None] = mapped_column(Name, ForeignKey("accounts.account_id"))
    lane: Mapped[str | None] = mapped_column(Name)
    url: Mapped[str] = mapped_column(Name)
    kind: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool]
    visited_at: Mapped[datetime | None]  # the newest visit whose memory is kept
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    full_at: Mapped[datetime | None]
    body_hash: Mapped[str | None]
    reach: Mapped[datetime | None]
    oldest: Mapped[datetime | None]
    newest: Mapped[datetime | None]
    item_count: Mapped[int]
    clock_bound: Mapped[bool]
    moved_to: Mapped[str | None]
    read_as: Mapped[str | None]
    view: Mapped[str | None]  # which list of its page is looked at now: what others proved does not count


class VisitRow(Base):
    """One attempt to read one source, whatever came of it, and the span that it proves."""

    __tablename__ = "visits"
    __table_args__ = (
        Index(None, "account_id", "started_at"),
        Index(None, "source_id", "started_at"),
        Index(
            "ix_visits_cut_off",
            "started_at",
            sqlite_where=text("outcome = 'LOCAL_OUTAGE'"),
            postgresql_where=text("outcome = 'LOCAL_OUTAGE'"),
        ),
    )

    visit_id: Mapped[int] = mapped_column(Number, primary_key=True)
    source_id: Mapped[int] = mapped_column(Number, ForeignKey("sources.source_id"))
    account_id: Mapped[str | None] = mapped_column(Name, ForeignKey("accounts.account_id"))
    url: Mapped[str]
    lane: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    outcome: Mapped[str]
    reason: Mapped[str]
    status: Mapped[int | None]
    final_url: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    item_count: Mapped[int]
    undated_count: Mapped[int]
    oldest: Mapped[datetime | None]
    newest: Mapped[datetime | None]
    reach: Mapped[datetime | None]
    proof_start: Mapped[datetime | None]
    proof_end: Mapped[datetime | None]
    warnings: Mapped[list[str] | None]
    sees: Mapped[list[str] | None]  # the kinds of post that the proof is for, NULL for all
    view: Mapped[str | None]  # which list of its page was looked at


class CoverageRow(Base):
    """One merged span of an account's coverage."""

    __tablename__ = "coverage"

    account_id: Mapped[str] = mapped_column(Name, ForeignKey("accounts.account_id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]


class CoverageKindRow(Base):
    """One merged span in which an account's posts of one kind would have been seen, by sources that see only some."""

    __tablename__ = "coverage_kinds"

    account_id: Mapped[str] = mapped_column(Name, ForeignKey("accounts.account_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Name, primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]


class LaneRow(Base):
    """The pause that a lane was last told to make."""

    __tablename__ = "lanes"

    lane: Mapped[str] = mapped_column(Name, primary_key=True)
    paused_until: Mapped[datetime]
    paused_for: Mapped[str]
    level: Mapped[int] = mapped_column(server_default="0")  # how many pauses in a row, without a good answer between


accounts = table_of(AccountRow)
sources = table_of(SourceRow)
visits = table_of(VisitRow)
coverage = table_of(CoverageRow)
lanes = table_of(LaneRow)
coverage_kinds = table_of(CoverageKindRow)
