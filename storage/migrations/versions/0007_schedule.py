"""What is due and who is at it: leases, each endpoint's next look, paused sources.

Revision: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import PageText, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", PageText(), nullable=False),
        sa.Column("holder", PageText(), nullable=True),
        sa.Column("task", PageText(), nullable=True),
        sa.Column("who", PageText(), nullable=True),
        sa.Column("taken_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("until", UTCDateTime(timezone=True), nullable=True),
        sa.Column("wanted_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("next_at", UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_lease")),
    )
    op.create_index("ix_lease_holder", "lease", ["holder"])
    op.create_table(
        "scheduler_job",
        sa.Column("id", sa.Unicode(length=191), nullable=False),
        sa.Column("next_run_time", sa.Float(precision=25), nullable=True),
        sa.Column("job_state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_job")),
    )
    op.create_index(op.f("ix_scheduler_job_next_run_time"), "scheduler_job", ["next_run_time"])
    op.add_column("source", sa.Column("paused_at", UTCDateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("profile", sa.JSON(), nullable=True))
    op.add_column("capture", sa.Column("reservations", sa.JSON(), nullable=True))
    op.add_column("source", sa.Column("lateness", sa.JSON(), nullable=True))
    op.add_column("article", sa.Column("next_check_at", UTCDateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_article_next_check",
        "article",
        ["source_id", "next_check_at"],
        sqlite_where=sa.text("next_check_at IS NOT NULL"),
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.add_column("endpoint", sa.Column("failure", sa.String(length=20), nullable=True))
    op.add_column("endpoint", sa.Column("next_check_at", UTCDateTime(timezone=True), nullable=True))
    op.add_column("endpoint", sa.Column("rate", sa.Float(), nullable=True))
    op.add_column("endpoint", sa.Column("asked_interval", sa.Integer(), nullable=True))
    op.add_column("endpoint", sa.Column("moved_to", PageText(), nullable=True))
    op.create_index(
        "ix_url_next",
        "url",
        ["source_id", "next_fetch_at"],
        sqlite_where=sa.text("next_fetch_at IS NOT NULL"),
        postgresql_where=sa.text("next_fetch_at IS NOT NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
