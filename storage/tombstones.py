"""What was taken down, as anybody may ask: without what taking down needs (numpy, for the copies)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.models import article, source, tombstone
from storage.records import Tombstone


def tombstones(connection: Connection, article_id: int | None = None) -> list[Tombstone]:
    """What was taken down, the last one first; of one article, where an id is given."""
    columns = (article.c.canonical_url, source.c.slug.label("source"), *tombstone.c)
    query = (
        select(*columns)
        .select_from(tombstone)
        .join(article, article.c.id == tombstone.c.article_id)
        .join(source, source.c.id == tombstone.c.source_id)
        .order_by(tombstone.c.taken_down_at.desc(), tombstone.c.article_id.desc())
    )
    if article_id is not None:
        query = query.where(tombstone.c.article_id == article_id)
    return [
        Tombstone(
            article_id=row.article_id,
            source=row.source,
            canonical_url=row.canonical_url,
            reason=row.reason,
            taken_down_at=row.taken_down_at,
            versions=row.versions,
            content_hashes=tuple(row.content_hashes),
        )
        for row in connection.execute(query)
    ]
