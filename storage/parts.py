"""Pictures and names of articles as rows of their own, without loading the articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from storage.models import article, byline, image, person, source, version
from storage.reading import image_of, moment
from storage.records import Image, Moment, Role
from storage.standing import NOW, Standing
from storage.streaming import of_article

OF_ARTICLE = (
    article.c.id.label("article_id"),
    source.c.slug.label("source"),
    article.c.canonical_url,
    version.c.number.label("version"),
    version.c.headline,
    version.c.date_published,
    version.c.date_published_precision,
    version.c.date_published_raw,
    version.c.date_published_origin,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Caption:
    """A picture of an article."""

    article_id: int
    source: str
    canonical_url: str
    version: int
    headline: str | None
    date_published: Moment | None
    position: int
    image: Image


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """A name in the byline of an article."""

    article_id: int
    source: str
    canonical_url: str
    version: int
    headline: str | None
    date_published: Moment | None
    position: int
    name: str
    role: Role


def captions(
    connection: Connection, ids: Sequence[int], standing: Standing = NOW, *, every: bool = False
) -> Iterator[Caption]:
    """The pictures of these articles, in order; `every`: of each version."""
    query = _parts(image, ids, of_article(standing, every=every)).add_columns(image)
    for row in connection.execute(query):
        yield Caption(**_of_article(row), position=row.position, image=image_of(row))


def credits(
    connection: Connection, ids: Sequence[int], standing: Standing = NOW, *, every: bool = False
) -> Iterator[Credit]:
    """The names in the bylines of these articles, in order; `every`: of each version."""
    query = _parts(byline, ids, of_article(standing, every=every)).add_columns(byline, person.c.name)
    for row in connection.execute(query.join(person, person.c.id == byline.c.person_id)):
        yield Credit(**_of_article(row), position=row.position, name=row.name, role=Role(row.role))


def _parts(table: Table, ids: Sequence[int], in_which_version: Any) -> Select[Any]:
    return (
        select(*OF_ARTICLE)
        .select_from(article)
        .join(source, source.c.id == article.c.source_id)
        .join(version, in_which_version)
        .join(table, table.c.version_id == version.c.id)
        .where(article.c.id.in_(ids))
        .order_by(article.c.id, version.c.number, table.c.position)
    )


def _of_article(row: Row[Any]) -> dict[str, Any]:
    names = ("article_id", "source", "canonical_url", "version", "headline")
    return {**{name: getattr(row, name) for name in names}, "date_published": moment(row, "date_published")}
