"""An article that a search found, and the part of its text that shows why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from storage import copies
from storage.models import article, source, version
from storage.reading import Parts, block_of, byline_of, image_of, moment
from storage.records import Moment, authors_of, body_of
from storage.search_query import Phrase, highlight
from storage.standing import NOW, Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An article that a search found."""

    id: int
    source: str
    canonical_url: str
    headline: str | None
    authors: tuple[str, ...]
    date_published: Moment | None
    excerpt: str
    # The part of the text where the words stand.
    marks: tuple[tuple[int, int], ...]
    # (start, end) of each found word in the excerpt.
    score: float
    # The larger the better; comparable within one search only.
    copies: int = 0
    # How many other articles of the archive share its text.


def hits(
    connection: Connection, scores: Mapping[int, float], wanted: list[Phrase], standing: Standing = NOW
) -> list[Hit]:
    """The articles with these ids, with a score each, as the results of a search for `wanted`; in that order.

    Not all that belongs to an article is read, since somebody waits.
    """
    rows = {row.id: row for row in connection.execute(_rows(list(scores), standing))}
    parts = Parts(connection, [row.version_id for row in rows.values()])
    others = copies.others(connection, list(scores))
    return [
        _hit(rows[one], score, wanted, parts, others.get(one, 0))
        for one, score in scores.items()
        if one in rows
    ]


def _rows(ids: list[int], standing: Standing) -> Select[Any]:
    return (
        select(
            article.c.id,
            article.c.canonical_url,
            source.c.slug,
            version.c.id.label("version_id"),
            version.c.headline,
            version.c.description,
            version.c.byline,
            version.c.blocks,
            *(c for c in version.c if c.name.startswith("date_published")),
        )
        .select_from(article)
        .join(version, version.c.id == standing.version_id)
        .join(source, source.c.id == article.c.source_id)
        .where(article.c.id.in_(ids))
    )


def _hit(row: Row[Any], score: float, wanted: list[Phrase], parts: Parts, others: int) -> Hit:
    body = body_of(map(block_of, row.blocks))
    excerpt, marks = _excerpt(_texts(row, body, parts), wanted)
    if not marks:
        excerpt, marks = highlight(body or row.description or "", wanted)
    return Hit(
        id=row.id,
        source=row.slug,
        canonical_url=row.canonical_url,
        headline=row.headline,
        authors=authors_of(map(byline_of, parts.bylines[row.version_id])),
        date_published=moment(row, "date_published"),
        excerpt=excerpt,
        marks=tuple(marks),
        score=score,
        copies=others,
    )


def _texts(row: Row[Any], body: str, parts: Parts) -> Iterator[str]:
    """Where the words may stand: body, standfirst, captions, byline, keywords."""
    yield body
    yield row.description or ""
    for picture in map(image_of, parts.images[row.version_id]):
        yield from filter(None, (picture.caption, picture.credit_line, picture.alt_text))
    yield row.byline or ""
    yield "; ".join(one.keyword for one in parts.keywords[row.version_id])


def _excerpt(texts: Iterable[str], wanted: list[Phrase]) -> tuple[str, list[tuple[int, int]]]:
    """Of the first text in which the words stand."""
    found = (highlight(text, wanted) for text in texts)
    return next(((excerpt, marks) for excerpt, marks in found if marks), ("", []))
