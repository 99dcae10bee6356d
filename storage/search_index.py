"""The full-text index: what of an article is searched, and how it gets there.

Each version is indexed under its own id, so that a search can ask for the words
of today or of any earlier day; which versions count is `storage.standing`'s.

The index is a table `article_search` on both engines, whose `rowid` is a version's id: SQLite's
FTS5 (`storage.fts5`), or words with a tsvector in PostgreSQL (`storage.tsvector`). `Matches` becomes what the
engine understands when a query is compiled; the answers are the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    bindparam,
    column,
    select,
    table,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

from storage import facets, fts5, tsvector
from storage.filters import PUBLISHED
from storage.gathering import later
from storage.models import article as article_table
from storage.models import source, version
from storage.records import Article
from storage.search_query import Node
from storage.search_terms import terms

# Column and weight in the ranking: a word in the headline says more than one in the body. Facets have none.
COLUMNS = {"headline": 8.0, "description": 4.0, "body": 1.0, "captions": 2.0, "bylines": 4.0, "keywords": 4.0}

INDEX = table("article_search", column("rowid", BigInteger))
FTS5_INSERT = fts5.insert((*COLUMNS, "facets"))
TOLD = (
    select(version.c.id, source.c.slug, version.c.in_language, PUBLISHED)
    .join(article_table, article_table.c.id == version.c.article_id)
    .join(source, source.c.id == article_table.c.source_id)
    .where(version.c.id.in_(bindparam("ids", expanding=True)))
)
DELETE = text("DELETE FROM article_search WHERE rowid = :id")


class Matches(ColumnElement[bool]):
    """Whether a version, by its row in `article_search`, is an answer to a query."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 (so SQLAlchemy declares it)
        ("in_fts5", InternalTraversal.dp_clauseelement),
        ("in_tsvector", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, node: Node) -> None:
        self.in_fts5 = fts5.matches(node)
        self.in_tsvector = tsvector.matches(node)

    def self_group(self, against: object = None) -> Self:
        """A condition in itself; else SQLAlchemy would have SQLite compare it with 1."""
        return self


def parameters(node: Node) -> dict[str, str | None]:
    """What `Matches` compares with, by name, on either engine.

    A statement with another query of the same shape asks this one when it is given these.
    """
    return fts5.parameters(node) | tsvector.parameters(node)


@compiles(Matches, "sqlite")
def _fts5_matches(element: Matches, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.in_fts5, **kw))


@compiles(Matches, "postgresql")
def _tsvector_matches(element: Matches, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.in_tsvector, **kw)})"


def put(connection: Connection, version_id: int, article: Article) -> None:
    """Index `article` in place of what was indexed for this version."""
    remove(connection, version_id)
    insert(connection, [(version_id, terms(article))])


def insert(connection: Connection, rows: Sequence[tuple[int, Mapping[str, str]]]) -> None:
    """Index versions that are not yet, and whose rows are there: the id and the `terms` of each."""
    known = facets_of(connection, [i for i, _ in rows])
    put_rows(connection, [(i, {**found, "facets": known.get(i, "")}) for i, found in rows])


def insert_told(
    connection: Connection,
    version_id: int,
    found: Mapping[str, str],
    *,
    slug: str,
    language: str | None,
    published: dt.date,
) -> None:
    """Index a version of which is known what `insert` would have to ask (`storage.facets`)."""
    told = " ".join(facets.facets(slug, language, published))
    put_rows(connection, [(version_id, {**found, "facets": told})])


def put_rows(connection: Connection, rows: Sequence[tuple[int, Mapping[str, str]]]) -> None:
    """Write rows of the index: the id, and the terms with the facets."""
    if connection.dialect.name == "sqlite":
        later(connection, FTS5_INSERT, [{"rowid": i, **found} for i, found in rows])
    else:
        later(connection, tsvector.INSERT, [tsvector.row(i, found, COLUMNS) for i, found in rows])


def facets_of(connection: Connection, version_ids: Sequence[int]) -> dict[int, str]:
    """The facets of versions, as their rows have them."""
    rows = connection.execute(TOLD, {"ids": version_ids})
    return {i: " ".join(facets.facets(*told)) for i, *told in rows}


def refresh(connection: Connection, article_id: int) -> None:
    """Let all versions of an article be found by what its rows say now."""
    own = select(version.c.id).where(version.c.article_id == article_id)
    for number, found in indexed(connection, connection.scalars(own).all()).items():
        remove(connection, number)
        insert(connection, [(number, found)])


def remove(connection: Connection, version_id: int) -> None:
    """Let a version be found no longer."""
    connection.execute(DELETE, {"id": version_id})


def indexed(connection: Connection, version_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What is indexed under each of these ids, by column."""
    if connection.dialect.name != "sqlite":
        return tsvector.indexed(connection, version_ids, COLUMNS)
    names = (*COLUMNS, "facets")
    chosen = select(INDEX.c.rowid, *map(column, names)).where(INDEX.c.rowid.in_(version_ids))
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in connection.execute(chosen)}


def ids(connection: Connection) -> Iterator[int]:
    """Every id that the index has."""
    return iter(connection.scalars(select(INDEX.c.rowid)))
