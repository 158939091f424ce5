"""The tables of inspections, and of the evidence that they rest on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Name, Number
from storage.rows import Base, table_of


class RecordRow(Base):
    """Where an answer is kept in the archive: a WARC file of one day, and the record's place in it."""

    __tablename__ = "records"
    __table_args__ = (Index(None, "visit_id"), Index(None, "post_id"), Index(None, "file"), Index(None, "digest"))

    record_id: Mapped[str] = mapped_column(Name, primary_key=True)
    visit_id: Mapped[int | None] = mapped_column(Number, ForeignKey("visits.visit_id"))
    post_id: Mapped[int | None] = mapped_column(Number, ForeignKey("posts.post_id"))
    file: Mapped[str] = mapped_column(Name)
    offset: Mapped[int] = mapped_column(BigInteger)
    url: Mapped[str]
    at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(Name)
    revisit_of: Mapped[str | None] = mapped_column(Name)  # the record that holds the body, where this one has none


class FindingVisitRow(Base):
    """A visit that a finding of an inspection rests on."""

    __tablename__ = "finding_visits"
    __table_args__ = (Index(None, "visit_id"),)

    inspection_id: Mapped[int] = mapped_column(Number, ForeignKey("inspections.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(Number, ForeignKey("visits.visit_id"), primary_key=True)


class InspectionRow(Base):
    """One monthly inspection; it counts for later months once its state is ``complete``."""

    __tablename__ = "inspections"
    __table_args__ = (Index(None, "month"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    month: Mapped[str]  # YYYY-MM
    time_point: Mapped[datetime]
    as_of: Mapped[datetime | None]
    made_at: Mapped[datetime]
    policy: Mapped[str]
    state: Mapped[str]  # incomplete, complete
    why: Mapped[str | None]  # why it was made again, NULL for the first of its month


class InspectionResultRow(Base):
    """The result of one account in one inspection."""

    __tablename__ = "inspection_results"
    __table_args__ = (Index(None, "account_id"),)

    inspection_id: Mapped[int] = mapped_column(Number, ForeignKey("inspections.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(Name, primary_key=True)
    organizer: Mapped[str]
    account_name: Mapped[str]
    platform: Mapped[str]
    result: Mapped[str]
    payload: Mapped[dict[str, Any]]


class InspectionFindingRow(Base):
    """One row of findings.csv, in the order of the file."""

    __tablename__ = "inspection_findings"
    __table_args__ = (Index(None, "account_id"),)

    inspection_id: Mapped[int] = mapped_column(Number, ForeignKey("inspections.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(Name)
    code: Mapped[str]
    category: Mapped[str]
    severity: Mapped[str]
    verdict: Mapped[str]
    times: Mapped[int]
    windows: Mapped[str]
    description: Mapped[str]
    due: Mapped[date | None]
    payload: Mapped[dict[str, Any]]


class StageRow(Base):
    """That a person brought an inspection to a stage; one without any is a draft."""

    __tablename__ = "inspection_stages"

    inspection_id: Mapped[int] = mapped_column(Number, ForeignKey("inspections.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(Name, primary_key=True)
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    files: Mapped[dict[str, Any]]  # SHA-256 of each file that was written with it, by its name


class RecheckRow(Base):
    """What became, by an inspection, of a finding of an earlier month whose rectification was due."""

    __tablename__ = "rechecks"
    __table_args__ = (Index(None, "account_id"),)

    inspection_id: Mapped[int] = mapped_column(Number, ForeignKey("inspections.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(Name)
    month: Mapped[str]  # of the finding
    code: Mapped[str]
    category: Mapped[str]
    windows: Mapped[str]
    since: Mapped[date]  # the day of the time point of that month's inspection
    due: Mapped[date]
    result: Mapped[str]
    first: Mapped[date | None]  # the days over which the rule was judged again
    last: Mapped[date | None]
    day: Mapped[date | None]  # on which the duty was met again
    why: Mapped[str]


inspections = table_of(InspectionRow)
inspection_results = table_of(InspectionResultRow)
inspection_findings = table_of(InspectionFindingRow)
records = table_of(RecordRow)
finding_visits = table_of(FindingVisitRow)
inspection_stages = table_of(StageRow)
rechecks = table_of(RecheckRow)
