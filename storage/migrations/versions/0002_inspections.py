"""Inspections, their results and findings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "inspections",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("time_point", MOMENT, nullable=False),
        sa.Column("as_of", MOMENT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    op.create_index(op.f("ix_inspections_month"), "inspections", ["month"], unique=False)
    op.create_table(
        "inspection_findings",
        sa.Column("inspection_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("windows", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_findings_inspection_id")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "position", name=op.f("pk_inspection_findings")),
    )
    op.create_index(op.f("ix_inspection_findings_account_id"), "inspection_findings", ["account_id"], unique=False)
    op.create_table(
        "inspection_results",
        sa.Column("inspection_id", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("organizer", sa.Text(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_results_inspection_id")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "account_id", name=op.f("pk_inspection_results")),
    )
    op.create_index(op.f("ix_inspection_results_account_id"), "inspection_results", ["account_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("inspection_results")
    op.drop_table("inspection_findings")
    op.drop_table("inspections")
