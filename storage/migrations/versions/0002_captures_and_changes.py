"""Captures, several readings of one capture, changes, and what extraction has learned to find.

Revision: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import Id, PageText, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "capture",
        sa.Column("id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=True),
        sa.Column("url", PageText(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("warc_file", PageText(), nullable=False),
        sa.Column("warc_offset", sa.BigInteger(), nullable=False),
        sa.Column("warc_length", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=False),
        sa.Column("fetched_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_capture_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint("warc_file", "warc_offset", name=op.f("uq_capture_warc_file_warc_offset")),
    )
    op.create_index(op.f("ix_capture_run_id"), "capture", ["run_id"], unique=False)
    op.create_index("ix_capture_url", "capture", ["url"], unique=False)
    with op.batch_alter_table("version") as version:
        version.add_column(sa.Column("reading", sa.Integer(), server_default=sa.text("1"), nullable=False))
        version.add_column(
            sa.Column("is_superseded", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        version.add_column(sa.Column("extractor", sa.String(length=40), nullable=True))
        version.add_column(sa.Column("capture_id", Id, nullable=True))
        version.add_column(sa.Column("read_at", UTCDateTime(timezone=True), nullable=True))
        version.add_column(sa.Column("paywall_selector", PageText(), nullable=True))
        version.add_column(sa.Column("genre", sa.String(length=20), nullable=True))
        version.add_column(sa.Column("breadcrumbs", sa.JSON(), nullable=True))
        version.add_column(sa.Column("corrections", sa.JSON(), nullable=True))
        version.add_column(sa.Column("amp_url", PageText(), nullable=True))
        version.add_column(sa.Column("license_url", PageText(), nullable=True))
        version.create_foreign_key(op.f("fk_version_capture_id"), "capture", ["capture_id"], ["id"])
        version.drop_constraint(op.f("uq_version_article_id_number"), type_="unique")
        version.create_unique_constraint(
            op.f("uq_version_article_id_number_reading"), ["article_id", "number", "reading"]
        )
        version.create_index(op.f("ix_version_capture_id"), ["capture_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("version_id", Id, nullable=True),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("detail", PageText(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_change_article_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_change_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_article_id"), "change", ["article_id"], unique=False)
    with op.batch_alter_table("image") as image:
        image.add_column(sa.Column("block_position", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
