"""What each look met, day by day; alarms, and who was told of them.

Runs of before are not counted: what their looks met was not kept.

Revision: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import Id, PageText, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COUNTS = (
    "answered",
    "failed",
    "gone",
    "announced",
    "news",
    "pages",
    "stored",
    "read",
    "no_byline",
    "no_date",
    "no_picture",
    "paywalled",
    "no_body",
    "blocked",
    "errors",
    "elsewhere",
)


def upgrade() -> None:
    op.add_column("run", sa.Column("tally", sa.JSON(), nullable=True))
    op.add_column("run", sa.Column("other_site", PageText(), nullable=True))
    op.execute("UPDATE run SET tally = '{}'")
    op.create_table(
        "source_day",
        sa.Column("source_id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("blind_looks", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("silence", sa.Integer(), nullable=False),
        sa.Column("longest_silence", sa.Integer(), nullable=True),
        sa.Column("last_look_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_news_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_stored_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_day_source_id")),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_source_day")),
    )
    _alarms()


def _alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", Id, nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("subject", PageText(), nullable=False),
        sa.Column("raised_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("detail", PageText(), nullable=False),
        sa.Column("cleared_detail", PageText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    is_open, waits = sa.text("cleared_at IS NULL"), sa.text("sent_at IS NULL")
    op.create_index(
        "ix_alarm_open",
        "alarm",
        ["rule", "subject"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_alarm_raised_at", "alarm", ["raised_at"])
    op.create_table(
        "alarm_notice",
        sa.Column("id", Id, nullable=False),
        sa.Column("alarm_id", Id, nullable=False),
        sa.Column("turn", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sent_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_error", PageText(), nullable=True),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_notice_alarm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_notice")),
        sa.UniqueConstraint(
            "alarm_id", "turn", "channel", name=op.f("uq_alarm_notice_alarm_id_turn_channel")
        ),
    )
    op.create_index(
        "ix_alarm_notice_waiting", "alarm_notice", ["id"], sqlite_where=waits, postgresql_where=waits
    )


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
