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
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from sqlalchemy import Connection, Engine, Select, func, select

from storage import (
    copies,
    counting,
    events,
    history,
    parts,
    people,
    picture_files,
    reports,
    tombstones,
    verification,
)
from storage import pictures as picture_rows
from storage.captures import rows as capture_rows
from storage.captures.folder import default_folder
from storage.captures.reading import StoredResponse, read
from storage.copies import Cluster
from storage.counting import Count, Group
from storage.database import DEFAULT, open_engine, reading
from storage.errors import UsageError
from storage.events import Event
from storage.filters import EVERYTHING, Filter, count_all
from storage.health import coverage
from storage.health.alarms import Alarm, alarms
from storage.health.coverage import DayCoverage
from storage.health.status import Health, health
from storage.history import RecordedChange, VersionEntry
from storage.hits import Hit, hits
from storage.life import Life, life, near
from storage.matching import matching
from storage.models import article, url
from storage.parts import Caption, Credit
from storage.people import Person
from storage.reading import load, load_version
from storage.records import ArchivedArticle, PictureFile, Tombstone
from storage.reports import CoverageDay, LedgerEntry, SourceStatus
from storage.results import Results, Stream
from storage.search import Order, answers, order_by
from storage.search_query import parse, phrases
from storage.standing import NOW, By, Standing
from storage.streaming import every_version, streamed
from storage.urls import key
from storage.verification import Check

T = TypeVar("T")
Versions = Literal["current", "all"]


class Archive:
    """An open archive. Each call reads in a transaction of its own; results are records, not rows."""

    _standing = NOW

    def __init__(self, engine: Engine, captures: Path, pictures: Path) -> None:
        self._engine = engine
        self._captures = captures
        self._pictures = pictures

    @classmethod
    def open(
        cls, where: str = DEFAULT, *, captures: Path | None = None, pictures: Path | None = None
    ) -> Self:
        """The archive at a path or SQLAlchemy URL; DatabaseError where there is none.

        `captures` and `pictures` are the folders of its raw bytes and picture files, where they are not
        those beside it.
        """
        engine = open_engine(where, create=False)
        return cls(engine, captures or default_folder(where), pictures or picture_files.folder("", where))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def as_of(self, instant: dt.datetime, by: By | str = By.CAPTURED) -> Self:
        """The archive as it stood at an instant, to ask for articles and what is in them.

        `by` "captured": what had been read by then; "published": what the newsroom had published by then
        (`storage.standing`). UsageError for an instant without a zone.
        """
        if instant.tzinfo is None:
            raise UsageError(f"an instant needs a time zone: {instant}")
        earlier = copy(self)
        earlier._standing = Standing(instant, By(by))
        return earlier

    def get(self, article_id: int) -> ArchivedArticle | None:
        """One article with all that belongs to it, or None."""
        with reading(self._engine) as connection:
            return next(load(connection, [article_id], self._standing), None)

    def article_by_url(self, address: str) -> ArchivedArticle | None:
        """The article at an address in any spelling, or that the address was found to lead to."""
        with reading(self._engine) as connection:
            found = connection.scalar(select(article.c.id).where(article.c.key == key(address)))
            found = found or connection.scalar(select(url.c.article_id).where(url.c.key == key(address)))
            return next(load(connection, [found], self._standing), None) if found else None

    def articles(
        self, where: Filter = EVERYTHING, *, query: str | None = None, versions: Versions = "current"
    ) -> Stream[ArchivedArticle]:
        """All articles that a filter (and a search query) lets through, oldest entry first, streaming.

        `versions` "all": every version of each of them, not only the one that stands.
        """
        if versions == "current":
            return Stream(streamed(self._engine, self._matching(where, query), self._load), "articles")
        return Stream(streamed(self._engine, self._every(where, query), every_version), "articles")

    def count(
        self,
        where: Filter = EVERYTHING,
        *,
        query: str | None = None,
        unique: bool = False,
        most: int | None = None,
    ) -> int:
        """How many articles a filter (and a search query) lets through; `unique`: copies are one.

        `most`: no further than that; a common word has hundreds of thousands.
        """
        of_all = where == EVERYTHING and query is None and self._standing == NOW
        if of_all and most is None and not unique:
            return self._read(count_all)
        found = self._matching(where, query).limit(most)
        counted = (
            copies.count_stories(found) if unique else select(func.count()).select_from(found.subquery())
        )
        with reading(self._engine) as connection:
            return connection.scalar(counted) or 0

    def search(
        self,
        query: str,
        where: Filter = EVERYTHING,
        *,
        limit: int = 20,
        offset: int = 0,
        unique: bool = False,
        order: Order | str = Order.RELEVANCE,
    ) -> Results[Hit]:
        """The articles that match; `storage.search_query` has the language, QueryError.

        `order` "relevance": the best first, of the 200 newest, then of the next 200 …; "date": the last
        published first (`storage.search`). `unique`: of articles that share their text the first one alone.
        """
        node = parse(query)
        wanted = list(phrases(node))
        with reading(self._engine) as connection:
            every = answers(connection, node, where, self._standing, order=order_by(order), unique=unique)
            page = {one.id: one.score for one in islice(every, offset, offset + limit)}
            return Results(hits(connection, page, wanted, self._standing))

    def copies(self, article_id: int) -> Cluster | None:
        """The articles that share their text with this one, itself among them; None where there are none."""
        return self._read(lambda connection: copies.of_article(connection, article_id))

    def raw(self, article_id: int, version: int | None = None) -> StoredResponse | None:
        """The response that a version (the newest) was read from, as it came; None where it was not kept.

        MissingCaptureError, TornCaptureError or AlteredCaptureError where it is not as it was written.
        """
        capture = self._read(lambda connection: capture_rows.of_article(connection, article_id, version))
        return read(self._captures, capture) if capture else None

    def tombstone(self, article_id: int) -> Tombstone | None:
        """What is left of an article that was taken down; None where it was not."""
        found = self._read(lambda connection: tombstones.tombstones(connection, article_id))
        return found[0] if found else None

    def tombstones(self) -> list[Tombstone]:
        """Every article that was taken down, the last one first."""
        return self._read(tombstones.tombstones)

    def checks(self) -> Iterator[Check]:
        """What makes sure that the archive is whole: `storage.verification`."""
        return verification.checks(self._engine, self._captures, self._pictures)

    def count_without_raw_bytes(self) -> int:
        """How many versions have no raw bytes, for whatever reason."""
        return verification.count_without_captures(self._engine)

    def captions(
        self, where: Filter = EVERYTHING, *, query: str | None = None, versions: Versions = "current"
    ) -> Stream[Caption]:
        """Every picture of the articles that a filter (and a search query) lets through, streaming."""
        return self._parts("captions", parts.captions, where, query, versions)

    def bylines(
        self, where: Filter = EVERYTHING, *, query: str | None = None, versions: Versions = "current"
    ) -> Stream[Credit]:
        """Every name in the bylines of those articles, streaming."""
        return self._parts("bylines", parts.credits, where, query, versions)

    def people(
        self,
        name: str | None = None,
        where: Filter = EVERYTHING,
        *,
        query: str | None = None,
        limit: int | None = None,
    ) -> Results[Person]:
        """Who is named in the bylines of those articles, the most frequent first; `name`: part of a name."""
        found = self._matching(where, query)
        with reading(self._engine) as connection:
            return Results(people.people(connection, found, self._standing, name=name, limit=limit))

    def counts(
        self, by: Group | str, where: Filter = EVERYTHING, *, query: str | None = None
    ) -> Results[Count]:
        """How many of those articles there are by "day", "source", "language", "section" or "author"."""
        found = self._matching(where, query)
        with reading(self._engine) as connection:
            return Results(counting.counts(connection, found, counting.group(by), self._standing))

    def picture_file(self, sha256: str) -> PictureFile | None:
        """The file of `Image.file_sha256`; its `path` is below the folder of pictures."""
        return self._read(lambda connection: picture_rows.find(connection, sha256))

    def version(self, article_id: int, number: int) -> ArchivedArticle | None:
        """One version of an article, or None."""
        return self._read(lambda connection: load_version(connection, article_id, number))

    def versions(self, article_id: int) -> list[VersionEntry]:
        """Every version of an article, first one first; none where there is no such article."""
        return self._read(lambda connection: history.versions(connection, article_id))

    def changes(self, article_id: int) -> list[RecordedChange]:
        """Everything that was seen to happen to an article, in order."""
        return self._read(lambda connection: history.changes(connection, article_id))

    def events(self, since: int = 0, *, limit: int | None = None) -> Stream[Event]:
        """What happened since the event `since`, in the order in which it was written, streaming.

        Whoever keeps the id of the last event that was dealt with, and asks from there, gets each exactly
        once and in order, whatever writers do meanwhile. UsageError for a cursor that this archive has not
        come to: it is another one's, or the archive was restored from a backup, which goes on from its own
        last event. (`changes` tells of one article, and of what was edited in it.)
        """
        newest = self._read(events.last)
        if not 0 <= since <= newest:
            raise UsageError(
                f"there is no event {since}: the last one is {newest}"
                " (is this another archive, or was it restored from a backup?)"
            )
        return Stream(events.after(self._engine, since, limit))

    def why(self, address: str) -> LedgerEntry | None:
        """What became of a URL, or None where nothing ever announced it."""
        return self._read(lambda connection: reports.entry(connection, address))

    def life(self, address: str) -> Life | None:
        """Everything that is known of a URL, or None where nothing ever announced it."""
        return self._read(lambda connection: life(connection, address))

    def near(self, address: str) -> list[str]:
        """Known addresses that are most like this one."""
        return self._read(lambda connection: near(connection, address))

    def coverage(self, *, source: str | None = None, since: dt.datetime | None = None) -> list[CoverageDay]:
        """For each source and day what became of the URLs first seen then; newest day first."""
        return self._read(lambda connection: reports.coverage(connection, slug=source, since=since))

    def sources(self) -> list[SourceStatus]:
        """Every source that was ever crawled, by slug."""
        return self._read(reports.statuses)

    def health(self, now: dt.datetime | None = None, **how: Any) -> Health:
        """Each source against its usual, the worst first; `how`: as `storage.health.status` takes it."""
        return self._read(lambda connection: health(connection, now or dt.datetime.now(dt.UTC), **how))

    def days(self, *, source: str | None = None, first: dt.date, last: dt.date) -> list[DayCoverage]:
        """Each day of each source: what was announced, who found it, what could be seen; newest first."""
        return self._read(lambda c: coverage.coverage(c, slug=source, first=first, last=last))

    def alarms(self, *, every: bool = False) -> list[Alarm]:
        """The alarms that hold, the worst first; `every`: those that are over, too, the newest first."""
        return self._read(lambda connection: alarms(connection, every=every))

    def _matching(self, where: Filter, query: str | None) -> Select[Any]:
        return matching(where, parse(query) if query is not None else None, self._standing)

    def _every(self, where: Filter, query: str | None) -> Select[Any]:
        if self._standing != NOW:
            raise UsageError("all versions and the archive as of an instant exclude each other")
        return self._matching(where, query)

    def _load(self, connection: Connection, ids: Sequence[int]) -> Iterator[ArchivedArticle]:
        return load(connection, ids, self._standing)

    def _parts(
        self,
        kind: str,
        read: Callable[..., Iterable[T]],
        where: Filter,
        query: str | None,
        versions: Versions,
    ) -> Stream[T]:
        every = versions == "all"
        found = self._every(where, query) if every else self._matching(where, query)
        records = streamed(self._engine, found, partial(read, standing=self._standing, every=every))
        return Stream(records, kind)

    def _read(self, question: Callable[[Connection], T]) -> T:
        if self._standing != NOW:
            raise UsageError(
                "as of an instant there are get, article_by_url, articles, search, count, captions, bylines,"
                " people and counts: ask the archive itself for the rest"
            )
        with reading(self._engine) as connection:
            return question(connection)
