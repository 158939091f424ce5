"""The tables of posts: their versions, texts, own pages, likenesses, and what people decided of them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Name, Number
from storage.rows import Base, table_of


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


posts = table_of(PostRow)
post_keys = table_of(PostKeyRow)
post_texts = table_of(PostTextRow)
post_revisions = table_of(PostRevisionRow)
corrections = table_of(CorrectionRow)
pages = table_of(PageRow)
sketches = table_of(SketchRow)
compared = table_of(ComparedRow)
likenesses = table_of(LikenessRow)
