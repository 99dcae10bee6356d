"""The newest runs of a source by an index in their order: PostgreSQL read and sorted all that it ever had.

Revision: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_run_source_id_id", "run", ["source_id", "id"])
    op.drop_index("ix_run_source_id", "run")


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
