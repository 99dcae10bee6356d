"""Every version can be searched; check marks; removals that are known become changes.

Revision: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations import full_text
from storage.models import Id, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_mark",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_check_mark_article_id")),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_check_mark")),
    )
    op.execute(
        "INSERT INTO change (article_id, at, kind) SELECT id, removed_at, 'removed' FROM article"
        " WHERE removed_at IS NOT NULL"
    )
    full_text.make_anew(op.get_bind())  # its rows had the ids of articles


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
