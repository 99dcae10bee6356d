"""By which an endpoint's answer is known again: its bytes, the rules by which it was read, and when that was.

Of before, nothing is known: each endpoint is read once more.

Revision: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endpoint", sa.Column("read_at", UTCDateTime(timezone=True), nullable=True))
    op.add_column("endpoint", sa.Column("digest", sa.String(length=64), nullable=True))
    op.add_column("endpoint", sa.Column("rules", sa.String(length=64), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
