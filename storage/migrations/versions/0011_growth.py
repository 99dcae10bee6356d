"""What keeps questions quick in large archives: facets in the search index, and indexes for sums.

Revision: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations import full_text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEPT = sa.text("current_version_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_url_source_id_first_seen_at", "url", ["source_id", "first_seen_at", "outcome"])
    op.create_index("ix_article_kept", "article", ["source_id"], sqlite_where=KEPT, postgresql_where=KEPT)
    full_text.make_anew(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
