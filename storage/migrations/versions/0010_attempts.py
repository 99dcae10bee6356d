"""What each attempt to fetch a URL brought.

Of before, the responses that were kept are known (`capture`), and of each URL its last outcome.

Revision: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import Id, PageText, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", Id, nullable=False),
        sa.Column("url_id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("detail", PageText(), nullable=True),
        sa.Column("capture_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["url_id"], ["url.id"], name=op.f("fk_attempt_url_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_attempt_run_id")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_attempt_capture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_url_id", "attempt", ["url_id"])


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
