"""Rows back into records: articles with all their parts, a few queries for a whole batch."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select, true

from storage.models import article, byline, image, keyword, person, source, version
from storage.records import (
    ArchivedArticle,
    Article,
    Block,
    BlockKind,
    Byline,
    Candidate,
    Genre,
    Image,
    Moment,
    Role,
)
from storage.standing import NOW, Standing

BATCH = 200  # articles in one query, and in memory while streaming


def load(connection: Connection, ids: Sequence[int], standing: Standing = NOW) -> Iterator[ArchivedArticle]:
    """The articles with these ids as they stand, in the order of `ids`."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        stands = version.c.id == standing.version_id
        found = {i.id: i for _, i in _loaded(connection, article.c.id.in_(batch), stands, standing)}
        yield from (found[i] for i in batch if i in found)


def load_version(connection: Connection, article_id: int, number: int) -> ArchivedArticle | None:
    """One version of an article, in its last reading."""
    is_it = and_(
        version.c.article_id == article.c.id, version.c.number == number, version.c.is_superseded.is_(False)
    )
    return next((item for _, item in _loaded(connection, article.c.id == article_id, is_it)), None)


def load_versions(connection: Connection, version_ids: Sequence[int]) -> dict[int, ArchivedArticle]:
    """Versions by their own ids, with all that belongs to each."""
    is_it = and_(version.c.article_id == article.c.id, version.c.id.in_(version_ids))
    return dict(_loaded(connection, true(), is_it))


def _loaded(
    connection: Connection,
    which: ColumnElement[bool],
    in_which_version: ColumnElement[bool],
    standing: Standing = NOW,
) -> list[tuple[int, ArchivedArticle]]:
    """The articles, each with the id of its version."""
    columns = [c for c in version.c if c.name not in ("id", "article_id")]
    query = (
        select(
            article.c.id,
            article.c.canonical_url,
            article.c.first_seen_at,
            standing.last_checked_at.label("last_checked_at"),
            standing.removed_at.label("removed_at"),
            source.c.slug,
            version.c.id.label("version_id"),
            *(c.label(f"v_{c.name}") for c in columns),
        )
        .select_from(article)
        .join(version, in_which_version)
        .join(source, source.c.id == article.c.source_id)
        .where(which)
    )
    rows = connection.execute(query).all()
    parts = Parts(connection, [row.version_id for row in rows])
    return [(row.version_id, _archived(row, parts)) for row in rows]


class Parts:
    """Bylines, pictures and keywords of a batch of versions, by version, read as they are asked for."""

    def __init__(self, connection: Connection, version_ids: Sequence[int]) -> None:
        self._connection = connection
        self._version_ids = version_ids

    @cached_property
    def bylines(self) -> Mapping[int, list[Row[Any]]]:
        """Rows of `byline`, with the person's name."""
        named = select(byline, person.c.name).join(person, person.c.id == byline.c.person_id)
        return self._grouped(named, byline)

    @cached_property
    def images(self) -> Mapping[int, list[Row[Any]]]:
        """Rows of `image`."""
        return self._grouped(select(image), image)

    @cached_property
    def keywords(self) -> Mapping[int, list[Row[Any]]]:
        """Rows of `keyword`."""
        return self._grouped(select(keyword), keyword)

    def _grouped(self, query: Select[Any], table: Any) -> Mapping[int, list[Row[Any]]]:
        groups: dict[int, list[Row[Any]]] = defaultdict(list)
        query = query.where(table.c.version_id.in_(self._version_ids)).order_by(table.c.position)
        for row in self._connection.execute(query):
            groups[row.version_id].append(row)
        return groups


def _archived(row: Row[Any], parts: Parts) -> ArchivedArticle:
    return ArchivedArticle(
        id=row.id,
        source=row.slug,
        version=row.v_number,
        first_seen_at=row.first_seen_at,
        fetched_at=row.v_fetched_at,
        last_checked_at=row.last_checked_at,
        removed_at=row.removed_at,
        word_count=row.v_word_count,
        article=_article(row, parts),
    )


def _article(row: Row[Any], parts: Parts) -> Article:
    return Article(
        url=row.v_url,
        canonical_url=row.canonical_url,
        headline=row.v_headline,
        description=row.v_description,
        byline=row.v_byline,
        bylines=tuple(map(byline_of, parts.bylines[row.version_id])),
        date_published=moment(row, "v_date_published"),
        date_modified=moment(row, "v_date_modified"),
        blocks=tuple(map(block_of, row.v_blocks)),
        images=tuple(image_of(r) for r in parts.images[row.version_id]),
        keywords=tuple(r.keyword for r in parts.keywords[row.version_id]),
        article_section=row.v_article_section,
        in_language=row.v_in_language,
        site_name=row.v_site_name,
        is_accessible_for_free=row.v_is_accessible_for_free,
        paywall_selector=row.v_paywall_selector,
        genre=Genre(row.v_genre) if row.v_genre else None,
        breadcrumbs=tuple(row.v_breadcrumbs or ()),
        corrections=tuple(row.v_corrections or ()),
        amp_url=row.v_amp_url,
        license_url=row.v_license_url,
        evidence=tuple(Candidate(**candidate) for candidate in row.v_evidence),
    )


def block_of(stored: Mapping[str, Any]) -> Block:
    """A block out of the column that has them all."""
    return Block(kind=BlockKind(stored["kind"]), text=stored["text"], url=stored.get("url"))


def byline_of(row: Row[Any]) -> Byline:
    """A name out of its row and its person's."""
    return Byline(name=row.name, role=Role(row.role))


def image_of(row: Row[Any]) -> Image:
    """A picture out of its row."""
    return Image(
        url=row.url,
        caption=row.caption,
        credit_line=row.credit_line,
        alt_text=row.alt_text,
        is_lead=row.is_lead,
        block_position=row.block_position,
        file_sha256=row.file_sha256,
    )


def moment(row: Row[Any], column: str) -> Moment | None:
    """The point in time in `column` and those beside it, as precisely as it is known."""
    value: dt.datetime | None = getattr(row, column)
    if value is None:
        return None
    return Moment(
        value=value.date() if getattr(row, f"{column}_precision") == "day" else value,
        raw=getattr(row, f"{column}_raw"),
        origin=getattr(row, f"{column}_origin"),
    )
