"""The search index knows each version's source, language and day (storage.facets).

Revision: 0010
"""

from __future__ import annotations

from alembic import op

from storage.migrations import full_text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    full_text.make_anew(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
