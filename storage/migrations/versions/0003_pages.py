"""The posts' own pages, likenesses between posts, coverage by kind of post, and the archive of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
UNREAD = (
    "page_at IS NULL AND (text_hash = '' OR precision = 'day' OR published_at IS NULL OR "
    "(credits IS NULL AND mark = ''))"
)
VERSION = (
    "source_id, known_from, title, url, published_at, precision, stated, form, rung, kind, author, publisher, "
    "credits, mark, flags, other_times"
)


def upgrade() -> None:
    """Make the tables, and the columns of posts and visits."""
    op.add_column("posts", sa.Column("page_at", MOMENT, nullable=True))
    op.add_column("posts", sa.Column("page_credits", sa.Text(), nullable=True))
    op.add_column("posts", sa.Column("page_mark", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("read_as", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("view", sa.Text(), nullable=True))
    op.add_column("visits", sa.Column("view", sa.Text(), nullable=True))
    op.add_column("visits", sa.Column("sees", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "coverage_kinds",
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_coverage_kinds_account_id")),
        sa.PrimaryKeyConstraint("account_id", "kind", "starts_at", name=op.f("pk_coverage_kinds")),
    )
    op.create_table(
        "pages",
        sa.Column("post_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.Column("missed_at", MOMENT, nullable=True),
        sa.Column("listed_title", sa.Text(), nullable=True),
        sa.Column("listed_day", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_pages_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_pages")),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_pages_due", "pages", ["due_at"], sqlite_where=due, postgresql_where=due)
    unread = sa.text(UNREAD)
    op.create_index(
        "ix_posts_unread", "posts", ["account_id", "published_at"], sqlite_where=unread, postgresql_where=unread
    )
    count_revisions()
    op.create_table(
        "sketches",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_sketches_post_id")),
        sa.PrimaryKeyConstraint("value", "post_id", name=op.f("pk_sketches")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sketches_post_id"), "sketches", ["post_id"], unique=False)
    op.create_table(
        "compared",
        sa.Column("post_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_compared_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_compared")),
    )
    op.create_table(
        "likenesses",
        sa.Column("post_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("other_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("similarity", sa.Integer(), nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_likenesses_post_id")),
        sa.ForeignKeyConstraint(["other_id"], ["posts.post_id"], name=op.f("fk_likenesses_other_id")),
        sa.PrimaryKeyConstraint("post_id", "other_id", name=op.f("pk_likenesses")),
    )
    op.create_table(
        "records",
        sa.Column("record_id", NAME, nullable=False),
        sa.Column("visit_id", NUMBER, nullable=True),
        sa.Column("post_id", NUMBER, nullable=True),
        sa.Column("file", NAME, nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("digest", NAME, nullable=False),
        sa.Column("revisit_of", NAME, nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.visit_id"], name=op.f("fk_records_visit_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_records_post_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_records")),
    )
    for column in ("visit_id", "post_id", "file", "digest"):
        op.create_index(op.f(f"ix_records_{column}"), "records", [column], unique=False)
    op.create_table(
        "finding_visits",
        sa.Column("inspection_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("visit_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_finding_visits_inspection_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.visit_id"], name=op.f("fk_finding_visits_visit_id")),
        sa.PrimaryKeyConstraint("inspection_id", "position", "visit_id", name=op.f("pk_finding_visits")),
    )
    op.create_index(op.f("ix_finding_visits_visit_id"), "finding_visits", ["visit_id"], unique=False)


def revisions(*key: sa.Column[int]) -> None:
    """Make the table of superseded versions with this key beside post_id."""
    columns = (
        *("title", "url", "precision", "stated", "form", "rung", "kind", "author", "publisher", "mark"),
        *("credits", "flags", "other_times", "text"),
    )
    op.create_table(
        "post_revisions",
        sa.Column("post_id", NUMBER, autoincrement=False, nullable=False),
        *key,
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=position > 9) for position, name in enumerate(columns)),  # noqa: PLR2004
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_post_revisions_post_id")),
        sa.ForeignKeyConstraint(["superseded_by"], ["visits.visit_id"], name=op.f("fk_post_revisions_superseded_by")),
        sa.PrimaryKeyConstraint("post_id", key[0].name, name=op.f("pk_post_revisions")),
    )


def count_revisions() -> None:
    """Number the versions of a post: one can now be superseded by the post's own page as well as by a visit."""
    op.execute("CREATE TABLE revisions_before AS SELECT * FROM post_revisions")
    op.drop_table("post_revisions")
    number = sa.Column("version", sa.Integer(), autoincrement=False, nullable=False)
    revisions(number, sa.Column("superseded_by", NUMBER, nullable=True))
    for name in ("page_credits", "page_mark", "page_text"):
        op.add_column("post_revisions", sa.Column(name, sa.Text(), nullable=True))
    for name in ("page_at", "deleted_at"):
        op.add_column("post_revisions", sa.Column(name, MOMENT, nullable=True))
    op.execute(
        f"INSERT INTO post_revisions (post_id, version, superseded_by, text, {VERSION}) "  # noqa: S608 - names, no values
        "SELECT post_id, row_number() OVER (PARTITION BY post_id ORDER BY superseded_by), superseded_by, text, "
        f"{VERSION} FROM revisions_before"
    )
    op.drop_table("revisions_before")


def uncount_revisions() -> None:
    """Bring back the table as it was; versions that a page superseded go."""
    op.execute("CREATE TABLE revisions_after AS SELECT * FROM post_revisions WHERE superseded_by IS NOT NULL")
    op.drop_table("post_revisions")
    revisions(sa.Column("superseded_by", NUMBER, nullable=False))
    op.execute(
        f"INSERT INTO post_revisions (post_id, superseded_by, text, {VERSION}) "  # noqa: S608 - as above
        f"SELECT post_id, superseded_by, text, {VERSION} FROM revisions_after"
    )
    op.drop_table("revisions_after")


def downgrade() -> None:
    """Drop the tables and columns."""
    uncount_revisions()
    op.drop_index("ix_posts_unread", "posts")
    for name in (*("finding_visits", "records", "likenesses", "compared", "sketches", "pages", "coverage_kinds"),):
        op.drop_table(name)
    op.drop_column("visits", "sees")
    op.drop_column("visits", "view")
    op.drop_column("sources", "view")
    op.drop_column("sources", "read_as")
    for column in ("page_mark", "page_credits", "page_at"):
        op.drop_column("posts", column)
