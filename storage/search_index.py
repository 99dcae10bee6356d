"""The full-text index: what of an article is searched, and how it gets there.

Each version is indexed under its own id, so that a search can ask for the words
of today or of any earlier day; which versions count is `storage.standing`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Integer, column, select, table, text

from storage.records import Article
from storage.words import index_text

# Column and weight in the ranking: a word in the headline says more than one in the body.
COLUMNS = {"headline": 8.0, "description": 4.0, "body": 1.0, "captions": 2.0, "bylines": 4.0, "keywords": 4.0}

INDEX = table("article_search", column("rowid", Integer), *(column(name) for name in COLUMNS))
INSERT = text(
    f"INSERT INTO article_search (rowid, {', '.join(COLUMNS)}) VALUES (:id, :{', :'.join(COLUMNS)})"  # noqa: S608
)
DELETE = text("DELETE FROM article_search WHERE rowid = :id")


def put(connection: Connection, version_id: int, article: Article) -> None:
    """Index `article` in place of what was indexed for this version."""
    connection.execute(DELETE, {"id": version_id})
    connection.execute(INSERT, {"id": version_id, **terms(article)})


def remove(connection: Connection, version_id: int) -> None:
    """Let a version be found no longer."""
    connection.execute(DELETE, {"id": version_id})


def indexed(connection: Connection, version_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What is indexed under each of these ids, by column."""
    chosen = select(INDEX).where(INDEX.c.rowid.in_(version_ids))
    return {row.rowid: {name: getattr(row, name) for name in COLUMNS} for row in connection.execute(chosen)}


def ids(connection: Connection) -> Iterator[int]:
    """Every id that the index has."""
    return iter(connection.scalars(select(INDEX.c.rowid)))


def terms(article: Article) -> dict[str, str]:
    """What the index takes of `article`, by column."""
    return {name: index_text(value) for name, value in searched_texts(article).items()}


def searched_texts(article: Article) -> dict[str, str]:
    """What of `article` can be found, by column of the index."""
    pictures = [part for i in article.images for part in (i.caption, i.credit_line, i.alt_text) if part]
    return {
        "headline": article.headline or "",
        "description": article.description or "",
        "body": article.body,
        "captions": "\n".join(pictures),
        "bylines": "\n".join([*(named.name for named in article.bylines), article.byline or ""]),
        "keywords": "\n".join(article.keywords),
    }
