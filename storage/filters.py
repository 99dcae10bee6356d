"""Which articles: the conditions that search, exports and listings share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from storage.models import PageText, article, byline, person, source, version
from storage.standing import NOW, Standing
from storage.words import fold


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Conditions on an article; each one that is given holds."""

    source: str | None = None
    # The source's slug.
    author: str | None = None
    # A part of a name in the byline, in any case and with or without accents.
    since: dt.date | None = None
    # Published (where that is not known: first seen) on this UTC day or later.
    until: dt.date | None = None
    # … on this UTC day or earlier.
    language: str | None = None
    # "pt" finds "pt-BR" too.


EVERYTHING = Filter()
SelectAny = Select[Any]
PUBLISHED: ColumnElement[Any] = func.coalesce(version.c.date_published, article.c.first_seen_at)


def filtered(query: SelectAny, where: Filter, standing: Standing = NOW) -> SelectAny:
    """`query`, which selects from `article`, narrowed to what is there and `where` lets through."""
    if where == EVERYTHING and standing == NOW:
        return query.where(article.c.current_version_id.is_not(None))  # else it was taken down
    return narrowed(query.join(version, version.c.id == standing.version_id), where)


def count_all(connection: Connection) -> int:
    """How many articles there are."""
    # Without a condition on its column SQLite does not use the index that has these articles alone.
    every = filtered(select(func.count()).where(article.c.source_id > 0), EVERYTHING)
    return connection.scalar(every) or 0


def narrowed(query: SelectAny, where: Filter) -> SelectAny:
    """`query`, which selects from `article` and its `version`, narrowed to what `where` lets through."""
    if where.source is not None:
        query = query.join(source, source.c.id == article.c.source_id).where(source.c.slug == where.source)
    if where.author is not None:
        query = query.where(_written_by(where.author))
    if where.since is not None:
        query = query.where(dt.datetime.combine(where.since, dt.time.min, dt.UTC) <= PUBLISHED)
    if where.until is not None:
        query = query.where(dt.datetime.combine(where.until, dt.time.max, dt.UTC) >= PUBLISHED)
    if where.language is not None:
        tag = where.language.lower()
        written_in = func.lower(version.c.in_language, type_=PageText)
        query = query.where(or_(written_in == tag, written_in.startswith(f"{tag}-", autoescape=True)))
    return query


def _written_by(author: str) -> Any:
    named = select(byline.c.version_id).join(person, person.c.id == byline.c.person_id)
    return exists(
        named.where(
            and_(
                byline.c.version_id == version.c.id,
                person.c.folded.contains(fold(author), autoescape=True),
            )
        )
    )
