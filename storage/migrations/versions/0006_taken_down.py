"""Articles that were taken down, and raw bytes that are kept no longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("capture") as capture:
        capture.add_column(sa.Column("drop_reason", sa.String(length=20), nullable=True))
        capture.add_column(sa.Column("dropped_at", UTCDateTime(timezone=True), nullable=True))
        capture.create_index(
            "ix_capture_drop_reason",
            ["drop_reason"],
            sqlite_where=sa.text("drop_reason IS NOT NULL"),
            postgresql_where=sa.text("drop_reason IS NOT NULL"),
        )
    op.create_table(
        "tombstone",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_down_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("content_hashes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_tombstone_article_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_tombstone_source_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_tombstone")),
    )
    op.create_index("ix_tombstone_source_id_text_hash", "tombstone", ["source_id", "text_hash"])


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
