"""Articles put into an archive without a crawl, for benchmarks that need many."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, update

from storage.database import open_engine
from storage.models import article, source, version
from storage.words import count_words

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@contextmanager
def temporary_archive() -> Iterator[Engine]:
    """An empty archive that goes when the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(str(Path(folder) / "archive.db"))
        try:
            yield engine
        finally:
            engine.dispose()


def add_source(connection: Connection, slug: str) -> int:
    """A source, by its id."""
    row = {"slug": slug, "name": slug.title(), "home_page": f"https://{slug}.example/"}
    return int(connection.execute(insert(source).returning(source.c.id), row).scalar_one())


def add_articles(connection: Connection, source_id: int, first_id: int, bodies: Sequence[str]) -> list[int]:
    """Articles with these bodies and consecutive ids, each published a minute after the one before."""
    ids = list(range(first_id, first_id + len(bodies)))
    connection.execute(insert(article), [_article(number, source_id) for number in ids])
    connection.execute(
        insert(version), [_version(number, body) for number, body in zip(ids, bodies, strict=True)]
    )
    connection.execute(
        update(article).where(article.c.id.between(ids[0], ids[-1])).values(current_version_id=article.c.id)
    )
    return ids


def _article(number: int, source_id: int) -> dict[str, object]:
    address = f"https://benchmark.example/{number}"
    seen = {"first_seen_at": START, "last_checked_at": START}
    return {"id": number, "source_id": source_id, "canonical_url": address, "key": address, **seen}


def _version(number: int, body: str) -> dict[str, object]:
    return {
        "id": number,
        "article_id": number,
        "number": 1,
        "fetched_at": START,
        "url": f"https://benchmark.example/{number}",
        "date_published": START + dt.timedelta(minutes=number),
        "date_published_precision": "instant",
        "body": body,
        "blocks": [],
        "word_count": count_words(body),
        "content_hash": str(number),
        "evidence": [],
    }
