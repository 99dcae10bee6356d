"""The table of the search index, which no model describes: each engine has its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from storage import fts5, search_index, tsvector
from storage.words import index_text

VERSIONS = """
SELECT id, headline, description, body, byline FROM version
WHERE id > :last AND NOT is_superseded ORDER BY id LIMIT 200"""
CAPTIONS = "SELECT version_id, caption, credit_line, alt_text FROM image WHERE {} ORDER BY position"
NAMES = """
SELECT version_id, name FROM byline JOIN person ON person.id = byline.person_id
WHERE {} ORDER BY position"""
KEYWORDS = "SELECT version_id, keyword FROM keyword WHERE {} ORDER BY position"
STATEMENTS = {"sqlite": (fts5.TABLE,), "postgresql": (tsvector.TABLE, *tsvector.INDEXES)}


def create(connection: Connection) -> None:
    """Make the table, empty."""
    for statement in STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def make_anew(connection: Connection) -> None:
    """Make the table in its present form, and index every version."""
    connection.exec_driver_sql("DROP TABLE article_search")
    create(connection)
    last = 0
    while rows := connection.execute(text(VERSIONS), {"last": last}).all():
        last = rows[-1].id
        search_index.insert(connection, list(_index_rows(connection, rows)))


def _index_rows(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[tuple[int, dict[str, str]]]:
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
        yield row.id, {name: index_text(told) for name, told in texts.items()}


def _parts(connection: Connection, query: str) -> dict[int, list[str]]:
    """The texts of each version, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for version_id, *texts in connection.exec_driver_sql(query):
        found[version_id] += [told for told in texts if told]
    return found
