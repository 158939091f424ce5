"""What runs by itself: plans of visits, jobs, the daemon, lanes' clocks, reminders, messages."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Make the tables, and the columns of lanes and inspections."""
    op.add_column("lanes", sa.Column("level", sa.Integer(), server_default="0", nullable=False))
    op.add_column("inspections", sa.Column("why", sa.Text(), nullable=True))
    cut_off = sa.text("outcome = 'LOCAL_OUTAGE'")
    op.create_index("ix_visits_cut_off", "visits", ["started_at"], sqlite_where=cut_off, postgresql_where=cut_off)
    op.create_table(
        "plans",
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("latest", MOMENT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_plans_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_due_at"), "plans", ["due_at"])
    op.create_table(
        "jobs",
        sa.Column("job", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("job", "key", name=op.f("pk_jobs")),
    )
    op.create_table(
        "daemons",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("offline_since", MOMENT, nullable=True),
        sa.Column("clock_offset", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_daemons")),
    )
    op.create_table(
        "lane_clocks",
        sa.Column("lane", NAME, nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lane_clocks")),
    )
    op.create_table(
        "reminders",
        sa.Column("reminder_id", NUMBER, nullable=False),
        sa.Column("account_id", NAME, nullable=False),
        sa.Column("organizer", sa.Text(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("rule", NAME, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("last_post_at", MOMENT, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_reminders_account_id")),
        sa.PrimaryKeyConstraint("reminder_id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "account_id", "rule", "first_day", "last_day", name=op.f("uq_reminders_account_id_rule_first_day_last_day")
        ),
    )
    op.create_index(op.f("ix_reminders_made_at"), "reminders", ["made_at"])
    op.create_table(
        "messages",
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("channel", NAME, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("parts_sent", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_messages")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_messages_waiting", "messages", ["next_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index(op.f("ix_messages_made_at"), "messages", ["made_at"])
    op.create_table(
        "message_reminders",
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("reminder_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.message_id"], name=op.f("fk_message_reminders_message_id")),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminders.reminder_id"], name=op.f("fk_message_reminders_reminder_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "reminder_id", name=op.f("pk_message_reminders")),
    )
    op.create_index(op.f("ix_message_reminders_reminder_id"), "message_reminders", ["reminder_id"])


def downgrade() -> None:
    """Drop the tables and the columns."""
    for name in ("message_reminders", "messages", "reminders", "lane_clocks", "daemons", "jobs", "plans"):
        op.drop_table(name)
    op.drop_index("ix_visits_cut_off", table_name="visits")
    op.drop_column("inspections", "why")
    op.drop_column("lanes", "level")
