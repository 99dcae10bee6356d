"""Every version can be searched; check marks; removals that are known become changes.

Revision: 0005
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage import search_index
from storage.migrations import full_text
from storage.models import Id, UTCDateTime
from storage.words import index_text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VERSIONS = """
SELECT id, headline, description, body, byline FROM version
WHERE id > :last AND NOT is_superseded ORDER BY id LIMIT 200"""
CAPTIONS = "SELECT version_id, caption, credit_line, alt_text FROM image WHERE {} ORDER BY position"
NAMES = """
SELECT version_id, name FROM byline JOIN person ON person.id = byline.person_id
WHERE {} ORDER BY position"""
KEYWORDS = "SELECT version_id, keyword FROM keyword WHERE {} ORDER BY position"


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
    _index_every_version(op.get_bind())


def _index_every_version(connection: sa.Connection) -> None:
    connection.exec_driver_sql("DROP TABLE article_search")  # its rows had the ids of articles
    full_text.create(connection)
    last = 0
    while rows := connection.execute(sa.text(VERSIONS), {"last": last}).all():
        last = rows[-1].id
        search_index.insert(connection, list(_index_rows(connection, rows)))


def _index_rows(
    connection: sa.Connection, rows: Sequence[sa.Row[Any]]
) -> Iterator[tuple[int, dict[str, str]]]:
    ids = f"version_id BETWEEN {rows[0].id} AND {rows[-1].id}"
    captions, names, keywords = (
        _parts(connection, query.format(ids)) for query in (CAPTIONS, NAMES, KEYWORDS)
    )
    for row in rows:
        texts = {
            "headline": row.headline or "",
            "description": row.description or "",
            "body": row.body,
            "captions": "\n".join(captions[row.id]),
            "bylines": "\n".join([*names[row.id], row.byline or ""]),
            "keywords": "\n".join(keywords[row.id]),
        }
        yield row.id, {name: index_text(text) for name, text in texts.items()}


def _parts(connection: sa.Connection, query: str) -> dict[int, list[str]]:
    """The texts of each version, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for version_id, *texts in connection.exec_driver_sql(query):
        found[version_id] += [text for text in texts if text]
    return found


def downgrade() -> None:
    raise NotImplementedError("an archive keeps what it has")
