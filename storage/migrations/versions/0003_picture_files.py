"""Pictures as files, and which of an article's pictures are wanted as such.

Revision: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import PageText, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fetched_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture_file")),
    )
    with op.batch_alter_table("image") as image:
        image.add_column(sa.Column("file_state", sa.String(length=10), nullable=True))
        image.add_column(sa.Column("file_detail", PageText(), nullable=True))
        image.add_column(sa.Column("file_sha256", sa.String(length=64), nullable=True))
        image.create_foreign_key(op.f("fk_image_file_sha256"), "picture_file", ["file_sha256"], ["sha256"])
    op.create_index(
        "ix_image_file_state_url",
        "image",
        ["file_state", "url"],
        unique=False,
        sqlite_where=sa.text("file_state IS NOT NULL"),
        postgresql_where=sa.text("file_state IS NOT NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
