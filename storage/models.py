"""The tables. Statements use the ``Table`` values at the end of the file; rows never leave the package."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import BigInteger, ForeignKey, Index, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.columns import Moment, Name, Number, Structure


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
    __table_args__ = (Index(None, "account_id", "started_at"), Index(None, "source_id", "started_at"))

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


class Version:
    """The columns that both a post's newest version and its superseded ones have."""

    source_id: Mapped[int] = mapped_column(Number)  # the source that stated this version
    known_from: Mapped[datetime]
    title: Mapped[str]
    url: Mapped[str]
    published_at: Mapped[datetime | None]
    precision: Mapped[str]
    stated: Mapped[str]
    form: Mapped[str]
    rung: Mapped[str]
    kind: Mapped[str]
    author: Mapped[str]
    publisher: Mapped[str]
    credits: Mapped[str | None]
    mark: Mapped[str]
    flags: Mapped[str | None]
    other_times: Mapped[str | None]


class PageSaid:
    """The columns of what a post's own page says, in its newest version and in superseded ones."""

    page_at: Mapped[datetime | None]
    page_credits: Mapped[str | None]
    page_mark: Mapped[str | None]


UNREAD = (
    "page_at IS NULL AND (text_hash = '' OR precision = 'day' OR published_at IS NULL OR "
    "(credits IS NULL AND mark = ''))"
)
"""Posts whose own page can tell something: text, time or source line are missing, and it was not read yet."""


class PostRow(PageSaid, Version, Base):
    """A post in its newest version; ``post_id`` is the visit_id of its first sighting times 2^20 + its place there."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index(None, "account_id", "published_at"),
        Index(
            "ix_posts_undated",
            "account_id",
            "seen_at",
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
        Index(
            "ix_posts_moved",
            "account_id",
            sqlite_where=text("other_times IS NOT NULL"),
            postgresql_where=text("other_times IS NOT NULL"),
        ),
        Index(
            "ix_posts_revised",
            "account_id",
            "known_from",
            sqlite_where=text("known_from > seen_at"),
            postgresql_where=text("known_from > seen_at"),
        ),
        Index(
            "ix_posts_unread",
            "account_id",
            "published_at",
            sqlite_where=text(UNREAD),
            postgresql_where=text(UNREAD),
        ),
    )

    post_id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    account_id: Mapped[str] = mapped_column(Name, ForeignKey("accounts.account_id"))
    key: Mapped[str] = mapped_column(Name)
    seen_at: Mapped[datetime]
    text_hash: Mapped[str]
    deleted_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    not_after: Mapped[datetime | None]


class PostKeyRow(Base):
    """Every key by which an item of an account was recognised as one post."""

    __tablename__ = "post_keys"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account_id: Mapped[str] = mapped_column(Name, primary_key=True)
    key: Mapped[str] = mapped_column(Name, primary_key=True)
    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"))


class PostTextRow(Base):
    """The newest text of a post, apart from ``posts`` so that judging does not read it."""

    __tablename__ = "post_texts"

    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True, autoincrement=False)
    text: Mapped[str]


class PostRevisionRow(PageSaid, Version, Base):
    """A superseded version of a post; ``text`` and ``page_text`` are NULL where the next version has the same."""

    __tablename__ = "post_revisions"

    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # counted from 1
    superseded_by: Mapped[int | None] = mapped_column(Number, ForeignKey("visits.visit_id"))  # NULL: by its own page
    deleted_at: Mapped[datetime | None]  # since when it was proven to be deleted while this version stood
    text: Mapped[str | None]
    page_text: Mapped[str | None]


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


class PageRow(Base):
    """What is known of a post's own page: the newest attempt to read it, what it said, and proofs that it is gone."""

    __tablename__ = "pages"
    __table_args__ = (
        Index(
            "ix_pages_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True, autoincrement=False)
    tried_at: Mapped[datetime | None]  # NULL where it is only wanted
    tries: Mapped[int]  # attempts since it was last read
    due_at: Mapped[datetime | None]  # not before this it is to be asked for again, NULL: never
    outcome: Mapped[str]
    reason: Mapped[str]
    status: Mapped[int | None]
    final_url: Mapped[str]
    read_at: Mapped[datetime | None]  # when it was last read
    title: Mapped[str]
    stated: Mapped[str]
    published_at: Mapped[datetime | None]
    precision: Mapped[str]
    account_name: Mapped[str]
    author: Mapped[str]
    publisher: Mapped[str]
    text: Mapped[str]
    body_hash: Mapped[str | None]
    gone_at: Mapped[datetime | None]  # the first positive proof of deletion; a second on another day makes it deleted
    missed_at: Mapped[datetime | None]  # since when its source's list, which reaches back to it, does not show it
    listed_title: Mapped[str | None]  # what the page completed in place: the title, and the day, that its list states
    listed_day: Mapped[datetime | None]


class SketchRow(Base):
    """One value of a post's sketch; posts that share several are compared."""

    __tablename__ = "sketches"
    __table_args__ = (Index(None, "post_id"), {"sqlite_with_rowid": False})

    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True, autoincrement=False)


class ComparedRow(Base):
    """A post whose text was compared with those of others, and by which text."""

    __tablename__ = "compared"

    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True, autoincrement=False)
    text_hash: Mapped[str]


class LikenessRow(Base):
    """Two posts of different accounts with near-identical texts; each pair is kept both ways."""

    __tablename__ = "likenesses"

    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True, autoincrement=False)
    other_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True, autoincrement=False)
    similarity: Mapped[int]  # thousandths
    known_from: Mapped[datetime]  # when both texts were known


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


class LaneRow(Base):
    """The pause that a lane was last told to make."""

    __tablename__ = "lanes"

    lane: Mapped[str] = mapped_column(Name, primary_key=True)
    paused_until: Mapped[datetime]
    paused_for: Mapped[str]
    level: Mapped[int] = mapped_column(server_default="0")  # how many pauses in a row, without a good answer between


class CorrectionRow(Base):
    """A person's decisions on a post's originality; the newest one counts, earlier ones serve ``--as-of``."""

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "account_id"),)

    post_id: Mapped[int] = mapped_column(Number, ForeignKey("posts.post_id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(Name, ForeignKey("accounts.account_id"))
    originality: Mapped[str]
    by: Mapped[str]
    why: Mapped[str]


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


def table_of(row: type[Base]) -> Table:
    """Return the table of a row's class, for statements."""
    return cast("Table", row.__table__)


accounts = table_of(AccountRow)
sources = table_of(SourceRow)
visits = table_of(VisitRow)
posts = table_of(PostRow)
post_keys = table_of(PostKeyRow)
post_texts = table_of(PostTextRow)
post_revisions = table_of(PostRevisionRow)
coverage = table_of(CoverageRow)
lanes = table_of(LaneRow)
corrections = table_of(CorrectionRow)
inspections = table_of(InspectionRow)
inspection_results = table_of(InspectionResultRow)
inspection_findings = table_of(InspectionFindingRow)
coverage_kinds = table_of(CoverageKindRow)
pages = table_of(PageRow)
sketches = table_of(SketchRow)
compared = table_of(ComparedRow)
likenesses = table_of(LikenessRow)
records = table_of(RecordRow)
finding_visits = table_of(FindingVisitRow)
