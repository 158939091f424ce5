"""What people decide, enter and record: stages, decisions, entered findings, rechecks, dispositions, attached files."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
STRUCTURE = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Make the tables."""
    standing = sa.text("withdrawn_at IS NULL")
    op.create_table(
        "inspection_stages",
        sa.Column("inspection_id", NUMBER, nullable=False),
        sa.Column("stage", NAME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("files", STRUCTURE, nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_stages_inspection_id")),
        sa.PrimaryKeyConstraint("inspection_id", "stage", name=op.f("pk_inspection_stages")),
    )
    op.create_table(
        "rechecks",
        sa.Column("inspection_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("windows", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_rechecks_inspection_id")),
        sa.PrimaryKeyConstraint("inspection_id", "position", name=op.f("pk_rechecks")),
    )
    op.create_index(op.f("ix_rechecks_account_id"), "rechecks", ["account_id"])
    op.create_table(
        "decisions",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("posts", STRUCTURE, nullable=False),
        sa.Column("unseen", sa.Text(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_account_id"), "decisions", ["account_id"])
    op.create_index(
        "ux_decisions_standing",
        "decisions",
        ["account_id", "code", "first", "last", "key"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "entered_findings",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_entered_findings")),
    )
    op.create_index(op.f("ix_entered_findings_account_id"), "entered_findings", ["account_id"])
    op.create_table(
        "rectifications",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rectifications")),
    )
    op.create_index(op.f("ix_rectifications_account_id"), "rectifications", ["account_id"])
    op.create_table(
        "dispositions",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("months", STRUCTURE, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rectified", sa.Boolean(), nullable=True),
        sa.Column("rectified_by", sa.Text(), nullable=True),
        sa.Column("rectified_at", MOMENT, nullable=True),
        sa.Column("rectified_note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dispositions")),
    )
    op.create_index(op.f("ix_dispositions_account_id"), "dispositions", ["account_id"])
    op.create_table(
        "attachments",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("entered", NUMBER, nullable=True),
        sa.Column("disposition", NUMBER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["disposition"], ["dispositions.number"], name=op.f("fk_attachments_disposition")),
        sa.ForeignKeyConstraint(["entered"], ["entered_findings.number"], name=op.f("fk_attachments_entered")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_disposition"), "attachments", ["disposition"])
    op.create_index(op.f("ix_attachments_entered"), "attachments", ["entered"])


def downgrade() -> None:
    """Drop the tables."""
    for name in (
        "attachments",
        "dispositions",
        "rectifications",
        "entered_findings",
        "decisions",
        "rechecks",
        "inspection_stages",
    ):
        op.drop_table(name)
