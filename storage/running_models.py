"""The tables of what runs by itself: plans of visits, jobs, the daemon, lanes' clocks, reminders, messages."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Name, Number
from storage.rows import Base, table_of


class PlanRow(Base):
    """When a source is to be visited next, and by when at the latest so that nothing is lost."""

    __tablename__ = "plans"
    __table_args__ = (Index(None, "due_at"),)

    source_id: Mapped[int] = mapped_column(Number, ForeignKey("sources.source_id"), primary_key=True)
    due_at: Mapped[datetime]
    latest: Mapped[datetime]
    why: Mapped[str]
    failures: Mapped[int]
    planned_at: Mapped[datetime]


class JobRow(Base):
    """The newest run of a job; ``key`` is the month of an inspection, "" for a job that only recurs."""

    __tablename__ = "jobs"

    job: Mapped[str] = mapped_column(Name, primary_key=True)
    key: Mapped[str] = mapped_column(Name, primary_key=True)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]  # of the newest run that came to its end
    state: Mapped[str]  # running, done, failed, stopped
    note: Mapped[str]
    inputs: Mapped[str]  # a fingerprint of what the completed run rested on
    next_at: Mapped[datetime | None]


class DaemonRow(Base):
    """The daemon that runs, or ran last: one row, ``number`` 1."""

    __tablename__ = "daemons"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    host: Mapped[str]
    pid: Mapped[int]
    version: Mapped[str]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    offline_since: Mapped[datetime | None]
    clock_offset: Mapped[int | None]  # seconds that the servers are ahead of us, NULL where nobody told
    notes: Mapped[str]  # what the office should know of the daemon itself, a line each


class LaneClockRow(Base):
    """How far the servers of a lane are ahead of our own clock, by their newest ``Date`` header."""

    __tablename__ = "lane_clocks"

    lane: Mapped[str] = mapped_column(Name, primary_key=True)
    offset: Mapped[int]  # seconds
    at: Mapped[datetime]


class ReminderRow(Base):
    """One reminder (提醒): of one account, rule and window, made once."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("account_id", "rule", "first_day", "last_day"), Index(None, "made_at"))

    reminder_id: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[str] = mapped_column(Name, ForeignKey("accounts.account_id"))
    organizer: Mapped[str]
    account_name: Mapped[str]
    platform: Mapped[str]
    rule: Mapped[str] = mapped_column(Name)  # of the deadline: GX-02, GX-03, YC-01, GX-01
    first_day: Mapped[date]
    last_day: Mapped[date]
    ends_at: Mapped[datetime]
    last_post_at: Mapped[datetime | None]
    text: Mapped[str]
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # when the first channel took it


class MessageRow(Base):
    """A message for one recipient over one channel, from being made to being sent, given up or expired."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_waiting",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "made_at"),
    )

    message_id: Mapped[int] = mapped_column(Number, primary_key=True)
    channel: Mapped[str] = mapped_column(Name)
    recipient: Mapped[str]  # an e-mail address or mobile numbers to be named, "" where the channel says it all
    kind: Mapped[str]  # reminder, digest, weekly, alarm, test
    subject: Mapped[str]
    body: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # after this it is not sent any more
    state: Mapped[str]  # waiting, sent, failed, expired
    parts_sent: Mapped[int]  # how many parts of a split message have gone
    tries: Mapped[int]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str]


class MessageReminderRow(Base):
    """Which reminders a message carries."""

    __tablename__ = "message_reminders"
    __table_args__ = (Index(None, "reminder_id"),)

    message_id: Mapped[int] = mapped_column(Number, ForeignKey("messages.message_id"), primary_key=True)
    reminder_id: Mapped[int] = mapped_column(Number, ForeignKey("reminders.reminder_id"), primary_key=True)


plans = table_of(PlanRow)
jobs = table_of(JobRow)
daemons = table_of(DaemonRow)
lane_clocks = table_of(LaneClockRow)
reminders = table_of(ReminderRow)
messages = table_of(MessageRow)
message_reminders = table_of(MessageReminderRow)
