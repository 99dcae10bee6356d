"""Asking for copies: the articles that are made of one text, and one article for each such text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.models import article, cluster, copy, source, version
from storage.reading import moment
from storage.records import Moment

# The same number for all members of a cluster, and for nothing else. The query is joined to `copy`.
STORY = func.coalesce(copy.c.cluster_id, -article.c.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """An article that shares its text with others."""

    article_id: int
    source: str
    # The source's slug.
    canonical_url: str
    headline: str | None
    date_published: Moment | None
    first_seen_at: dt.datetime
    word_count: int
    share_reused: float | None
    # 0 to 1: of its words, those that stand in the text of `compared_with`. None for the earliest.
    compared_with: int | None
    # The article that was the earliest member when this one joined.
    agency: str | None
    # The news agency that its own text names.
    is_earliest: bool
    # Published before the others, as far as the archive knows.
    is_likely_origin: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """The articles that are made of one text."""

    id: int
    agency: str | None
    # Whose text it is, as the members say.
    likely_origin: str | None
    # That agency; where none is named, the slug of the source that published it first, if that is certain.
    copies: tuple[Copy, ...]
    # All members, the earliest first.


def of_article(connection: Connection, article_id: int) -> Cluster | None:
    """The cluster of an article, or None where it shares its text with no other."""
    query = (
        select(cluster.c.id, cluster.c.agency, cluster.c.earliest_id, cluster.c.likely_origin_id)
        .join(copy, copy.c.cluster_id == cluster.c.id)
        .where(copy.c.article_id == article_id)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    copies = tuple(_copy(row, found) for row in connection.execute(_members(found.id)))
    origin = next((member.source for member in copies if member.is_likely_origin), None)
    return Cluster(id=found.id, agency=found.agency, likely_origin=found.agency or origin, copies=copies)


def others(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """How many other articles share the text of each of these, for those that are in a cluster."""
    query = (
        select(copy.c.article_id, cluster.c.size)
        .join(cluster, cluster.c.id == copy.c.cluster_id)
        .where(copy.c.article_id.in_(ids))
    )
    return {row.article_id: row.size - 1 for row in connection.execute(query)}


def count_stories(found: Select[Any]) -> Select[Any]:
    """How many stories the articles of `found` (a column `id`) are."""
    ids = found.subquery()
    return (
        select(func.count(STORY.distinct()))
        .select_from(ids)
        .join(article, article.c.id == ids.c.id)
        .outerjoin(copy, copy.c.article_id == article.c.id)
    )


def stories(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """The story of each of these articles: a number that the members of a cluster share, and nobody else."""
    query = select(copy.c.article_id, copy.c.cluster_id).where(copy.c.article_id.in_(ids))
    clusters = {row.article_id: row.cluster_id for row in connection.execute(query)}
    return {one: clusters.get(one, -one) for one in ids}


def _members(cluster_id: int) -> Select[Any]:
    return (
        select(
            article.c.id,
            article.c.canonical_url,
            article.c.first_seen_at,
            source.c.slug,
            version.c.headline,
            version.c.date_published,
            version.c.date_published_precision,
            version.c.date_published_raw,
            version.c.date_published_origin,
            version.c.word_count,
            copy,
        )
        .join(copy, copy.c.article_id == article.c.id)
        .join(source, source.c.id == article.c.source_id)
        .join(version, version.c.id == article.c.current_version_id)
        .where(copy.c.cluster_id == cluster_id)
        .order_by(copy.c.order_at, article.c.id)
    )


def _copy(row: Any, found: Any) -> Copy:
    return Copy(
        article_id=row.id,
        source=row.slug,
        canonical_url=row.canonical_url,
        headline=row.headline,
        date_published=moment(row, "date_published"),
        first_seen_at=row.first_seen_at,
        word_count=row.word_count,
        share_reused=row.share_reused,
        compared_with=row.compared_with_id,
        agency=row.agency,
        is_earliest=row.id == found.earliest_id,
        is_likely_origin=row.id == found.likely_origin_id,
    )
