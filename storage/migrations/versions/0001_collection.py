"""Accounts, sources, visits, posts and coverage."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("organizer", sa.Text(), nullable=False),
        sa.Column("supervisor", sa.Text(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened", sa.Date(), nullable=True),
        sa.Column("filed", sa.Date(), nullable=True),
        sa.Column("closing_notice", sa.Date(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "lanes",
        sa.Column("lane", NAME, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=False),
        sa.Column("paused_for", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lanes")),
    )
    op.create_table(
        "coverage",
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_coverage_account_id")),
        sa.PrimaryKeyConstraint("account_id", "starts_at", name=op.f("pk_coverage")),
    )
    op.create_table(
        "posts",
        sa.Column("post_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("not_after", MOMENT, nullable=True),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("credits", sa.Text(), nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=True),
        sa.Column("other_times", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_posts_account_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_posts")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_posts_account_id_key")),
    )
    op.create_index(op.f("ix_posts_account_id_published_at"), "posts", ["account_id", "published_at"], unique=False)
    op.create_index(
        "ix_posts_moved",
        "posts",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("other_times IS NOT NULL"),
        postgresql_where=sa.text("other_times IS NOT NULL"),
    )
    op.create_index(
        "ix_posts_revised",
        "posts",
        ["account_id", "known_from"],
        unique=False,
        sqlite_where=sa.text("known_from > seen_at"),
        postgresql_where=sa.text("known_from > seen_at"),
    )
    op.create_index(
        "ix_posts_undated",
        "posts",
        ["account_id", "seen_at"],
        unique=False,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "sources",
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=True),
        sa.Column("lane", NAME, nullable=True),
        sa.Column("url", NAME, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("visited_at", MOMENT, nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("full_at", MOMENT, nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("reach", MOMENT, nullable=True),
        sa.Column("oldest", MOMENT, nullable=True),
        sa.Column("newest", MOMENT, nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("clock_bound", sa.Boolean(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_sources_account_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
        sa.UniqueConstraint("account_id", "url", name=op.f("uq_sources_account_id_url")),
        sa.UniqueConstraint("lane", "url", name=op.f("uq_sources_lane_url")),
    )
    op.create_table(
        "corrections",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("originality", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_corrections_account_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_corrections_post_id")),
        sa.PrimaryKeyConstraint("post_id", "at", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_account_id"), "corrections", ["account_id"], unique=False)
    op.create_table(
        "post_keys",
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_post_keys_post_id")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_post_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "post_texts",
        sa.Column("post_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_post_texts_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_texts")),
    )
    op.create_table(
        "visits",
        sa.Column("visit_id", NUMBER, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("undated_count", sa.Integer(), nullable=False),
        sa.Column("oldest", MOMENT, nullable=True),
        sa.Column("newest", MOMENT, nullable=True),
        sa.Column("reach", MOMENT, nullable=True),
        sa.Column("proof_start", MOMENT, nullable=True),
        sa.Column("proof_end", MOMENT, nullable=True),
        sa.Column("warnings", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_visits_account_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_visits_source_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_account_id_started_at"), "visits", ["account_id", "started_at"], unique=False)
    op.create_index(op.f("ix_visits_source_id_started_at"), "visits", ["source_id", "started_at"], unique=False)
    op.create_table(
        "post_revisions",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("superseded_by", NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("known_from", MOMENT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("credits", sa.Text(), nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=True),
        sa.Column("other_times", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_post_revisions_post_id")),
        sa.ForeignKeyConstraint(["superseded_by"], ["visits.visit_id"], name=op.f("fk_post_revisions_superseded_by")),
        sa.PrimaryKeyConstraint("post_id", "superseded_by", name=op.f("pk_post_revisions")),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("post_revisions")
    op.drop_table("visits")
    op.drop_table("post_texts")
    op.drop_table("post_keys")
    op.drop_table("corrections")
    op.drop_table("sources")
    op.drop_table("posts")
    op.drop_table("coverage")
    op.drop_table("lanes")
    op.drop_table("accounts")
