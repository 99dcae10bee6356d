"""The public way to ask the archive: typed, read-only, streaming, without Scrapy.

from storage import Archive

with Archive.open("archive.db") as archive:
    for hit in archive.search('"rare earths" NOT mining', Filter(language="en")):
        print(hit.id, hit.headline, hit.excerpt)
        for picture in archive.get(hit.id).article.images:
            print(picture.caption, picture.credit_line)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, literal_column, select, text

from storage import reports, verification
from storage.captures import StoredResponse, default_folder, read
from storage.captures import rows as capture_rows
from storage.database import DEFAULT, open_engine
from storage.filters import EVERYTHING, Filter, filtered
from storage.models import article, url
from storage.reading import BATCH, load
from storage.records import ArchivedArticle, Image, Moment
from storage.reports import CoverageDay, LedgerEntry, SourceStatus
from storage.search_index import COLUMNS, INDEX
from storage.search_query import Node, Phrase, highlight, parse, phrases, to_fts5
from storage.urls import key
from storage.verification import Check

T = TypeVar("T")

RANK: ColumnElement[float] = literal_column(f"bm25(article_search, {', '.join(map(str, COLUMNS.values()))})")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Caption:
    """A picture of an article."""

    article_id: int
    source: str
    canonical_url: str
    headline: str | None
    position: int
    image: Image


class Archive:
    """An open archive. Each call reads in a transaction of its own; results are records, not rows."""

    def __init__(self, engine: Engine, captures: Path) -> None:
        self._engine = engine
        self._captures = captures

    @classmethod
    def open(cls, where: str = DEFAULT, *, captures: Path | None = None) -> Self:
        """The archive at a path or SQLAlchemy URL; DatabaseError where there is none.

        `captures` is the folder of its raw bytes, where that is not the one beside it.
        """
        return cls(open_engine(where, create=False), captures or default_folder(where))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, article_id: int) -> ArchivedArticle | None:
        """One article with all that belongs to it, or None."""
        with self._engine.connect() as connection:
            return next(load(connection, [article_id]), None)

    def article_by_url(self, address: str) -> ArchivedArticle | None:
        """The article at an address in any spelling, or that the address was found to lead to."""
        with self._engine.connect() as connection:
            found = connection.scalar(select(article.c.id).where(article.c.key == key(address)))
            found = found or connection.scalar(select(url.c.article_id).where(url.c.key == key(address)))
            return next(load(connection, [found]), None) if found else None

    def articles(self, where: Filter = EVERYTHING, *, query: str | None = None) -> Iterator[ArchivedArticle]:
        """All articles that a filter (and a search query) lets through, oldest entry first, streaming."""
        found = matching(where, parse(query) if query is not None else None)
        own_id = found.selected_columns.id
        found = found.order_by(own_id).limit(BATCH)
        last = 0
        while True:
            with self._engine.connect() as connection:
                ids = list(connection.scalars(found.where(own_id > last)))
                batch = list(load(connection, ids))
            yield from batch
            if len(ids) < BATCH:
                return
            last = ids[-1]

    def count(self, where: Filter = EVERYTHING, *, query: str | None = None) -> int:
        """How many articles a filter (and a search query) lets through."""
        found = matching(where, parse(query) if query is not None else None).subquery()
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(found)) or 0

    def search(
        self, query: str, where: Filter = EVERYTHING, *, limit: int = 20, offset: int = 0
    ) -> list[Hit]:
        """The articles that match, best first; `storage.search_query` has the language, QueryError."""
        node = parse(query)
        found = matching(where, node).add_columns(RANK.label("rank"))
        ranked = found.order_by("rank", INDEX.c.rowid.desc()).limit(limit).offset(offset)
        wanted = list(phrases(node))
        with self._engine.connect() as connection:
            scores = {row.id: -row.rank for row in connection.execute(ranked)}
            return [_hit(item, scores[item.id], wanted) for item in load(connection, list(scores))]

    def raw(self, article_id: int, version: int | None = None) -> StoredResponse | None:
        """The response that a version (the newest) was read from, as it came; None where it was not kept.

        MissingCaptureError, TornCaptureError or AlteredCaptureError where it is not as it was written.
        """
        capture = self._read(lambda connection: capture_rows.of_article(connection, article_id, version))
        return read(self._captures, capture) if capture else None

    def checks(self) -> Iterator[Check]:
        """What makes sure that the archive is whole: `storage.verification`."""
        return verification.checks(self._engine, self._captures)

    def count_without_raw_bytes(self) -> int:
        """How many versions have no raw bytes, for whatever reason."""
        return verification.count_without_captures(self._engine)

    def captions(self, where: Filter = EVERYTHING) -> Iterator[Caption]:
        """Every picture of the articles that a filter lets through."""
        for item in self.articles(where):
            for position, picture in enumerate(item.article.images):
                yield Caption(
                    article_id=item.id,
                    source=item.source,
                    canonical_url=item.article.canonical_url,
                    headline=item.article.headline,
                    position=position,
                    image=picture,
                )

    def why(self, address: str) -> LedgerEntry | None:
        """What became of a URL, or None where nothing ever announced it."""
        return self._read(lambda connection: reports.entry(connection, address))

    def coverage(self, *, source: str | None = None, since: dt.datetime | None = None) -> list[CoverageDay]:
        """For each source and day what became of the URLs first seen then; newest day first."""
        return self._read(lambda connection: reports.coverage(connection, slug=source, since=since))

    def sources(self) -> list[SourceStatus]:
        """Every source that was ever crawled, by slug."""
        return self._read(reports.statuses)

    def _read(self, question: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            return question(connection)


def matching(where: Filter, node: Node | None) -> Select[Any]:
    """The ids of the articles that a filter lets through and, where there is a query, the index finds."""
    if node is None:
        return filtered(select(article.c.id), where)
    match = text("article_search MATCH :match").bindparams(match=to_fts5(node))
    found = select(INDEX.c.rowid.label("id")).join(article, article.c.id == INDEX.c.rowid)
    return filtered(found.where(match), where)


def _hit(item: ArchivedArticle, score: float, wanted: list[Phrase]) -> Hit:
    excerpt, marks = _excerpt(item, wanted)
    return Hit(
        id=item.id,
        source=item.source,
        canonical_url=item.article.canonical_url,
        headline=item.article.headline,
        authors=item.article.authors,
        date_published=item.article.date_published,
        excerpt=excerpt,
        marks=tuple(marks),
        score=score,
    )


def _excerpt(item: ArchivedArticle, wanted: list[Phrase]) -> tuple[str, list[tuple[int, int]]]:
    """Where the words stand: body, standfirst, captions, byline, keywords; else the beginning."""
    found = item.article
    pictures = [p for i in found.images for p in (i.caption, i.credit_line, i.alt_text) if p]
    texts = [found.body, found.description or "", *pictures, found.byline or "", "; ".join(found.keywords)]
    for candidate in texts:
        excerpt, marks = highlight(candidate, wanted)
        if marks:
            return excerpt, marks
    return highlight(found.body or found.description or "", wanted)
