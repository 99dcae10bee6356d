"""Clusters of copies, and the sketches by which they are found.

Revision: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import Id, PageText, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("sketch", sa.LargeBinary(), nullable=True))
    op.create_table(
        "cluster",
        sa.Column("id", Id, nullable=False),
        sa.Column("earliest_id", Id, nullable=False),
        sa.Column("likely_origin_id", Id, nullable=True),
        sa.Column("agency", PageText(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["earliest_id"], ["article.id"], name=op.f("fk_cluster_earliest_id")),
        sa.ForeignKeyConstraint(
            ["likely_origin_id"], ["article.id"], name=op.f("fk_cluster_likely_origin_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
    )
    op.create_table(
        "copy",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("cluster_id", Id, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("order_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("is_dated", sa.Boolean(), nullable=False),
        sa.Column("compared_with_id", Id, nullable=True),
        sa.Column("share_reused", sa.Float(), nullable=True),
        sa.Column("agency", PageText(), nullable=True),
        sa.Column("is_agency", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_copy_article_id")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_copy_cluster_id")),
        sa.ForeignKeyConstraint(["compared_with_id"], ["article.id"], name=op.f("fk_copy_compared_with_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_copy_source_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_copy")),
    )
    op.create_index("ix_copy_cluster_id_order_at", "copy", ["cluster_id", "order_at"])
    op.create_index("ix_copy_compared_with_id", "copy", ["compared_with_id"])
    op.create_table(
        "sketch",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value", "article_id", name=op.f("pk_sketch")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
