"""What happened in the archive, in the order of its writing, for consumers that follow it.

An archive that has articles already tells of them as if they had come one after another: each version in the
order in which it was written, then what is gone, what was taken down, and who is in which cluster.

Revision: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models import Id, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

VERSIONS = """
INSERT INTO event (at, kind, article_id, version_id, number)
SELECT coalesce(read_at, fetched_at),
       CASE WHEN reading > 1 THEN 'reading'
            WHEN id = (SELECT min(id) FROM version AS one WHERE one.article_id = version.article_id)
                THEN 'stored'
            ELSE 'version' END,
       article_id, id, number
FROM version ORDER BY id"""
REMOVED = """
INSERT INTO event (at, kind, article_id)
SELECT removed_at, 'removed', id FROM article
WHERE removed_at IS NOT NULL AND id NOT IN (SELECT article_id FROM tombstone) ORDER BY removed_at, id"""
TAKEN_DOWN = """
INSERT INTO event (at, kind, article_id)
SELECT taken_down_at, 'taken_down', article_id FROM tombstone ORDER BY taken_down_at, article_id"""
CLUSTERS = """
INSERT INTO event (at, kind, article_id, cluster_id)
SELECT article.last_checked_at, 'cluster', article.id, copy.cluster_id
FROM copy JOIN article ON article.id = copy.article_id ORDER BY article.id"""


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("version_id", Id, nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("cluster_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_event_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    for statement in (VERSIONS, REMOVED, TAKEN_DOWN, CLUSTERS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
