"""Whole archives in batches: each batch in a transaction of its own, so that writers go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, select

from storage.database import reading
from storage.models import article, version
from storage.reading import BATCH, load_versions
from storage.records import ArchivedArticle
from storage.standing import Standing

T = TypeVar("T")


def streamed(
    engine: Engine, found: Select[Any], read: Callable[[Connection, Sequence[int]], Iterable[T]]
) -> Iterator[T]:
    """What `read` makes of the articles of `found` (a column `id`), a batch of ids at a time."""
    own_id = found.selected_columns.id
    found = found.order_by(own_id).limit(BATCH)
    last = 0
    while True:
        with reading(engine) as connection:
            ids = list(connection.scalars(found.where(own_id > last)))
            batch = list(read(connection, ids))
        yield from batch
        if len(ids) < BATCH:
            return
        last = ids[-1]


def every_version(connection: Connection, ids: Sequence[int]) -> Iterator[ArchivedArticle]:
    """All versions of these articles, each in its last reading."""
    query = (
        select(version.c.id)
        .where(version.c.article_id.in_(ids), version.c.is_superseded.is_(False))
        .order_by(version.c.article_id, version.c.number)
    )
    version_ids = list(connection.scalars(query))
    for start in range(0, len(version_ids), BATCH):
        batch = version_ids[start : start + BATCH]
        loaded = load_versions(connection, batch)
        yield from (loaded[one] for one in batch)


def of_article(standing: Standing, *, every: bool) -> ColumnElement[bool]:
    """Which version of an `article` is meant: the one that stands, or each one."""
    if every:
        return and_(version.c.article_id == article.c.id, version.c.is_superseded.is_(False))
    return version.c.id == standing.version_id
