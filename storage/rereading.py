"""Stored pages to be read again, and what the new readings change.

    for stored in versions(engine, Filter(source="courier")):   # each version in its last reading
        ...                                                     # read its capture
    put(connection, stored, submission, at=now)                 # in a transaction

A reading is no edit: it keeps the number of its version, the capture and the
time of the fetch. Where a reader of the archive would see no difference, the
row that is there takes over what the new reading knows (its evidence, and
which code read it); else a row is added and the one before is superseded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, insert, or_, select, update

from storage import clusters, events, pictures, search_index
from storage.articles import insert_parts, version_row
from storage.captures import rows as captures
from storage.filters import EVERYTHING, Filter
from storage.matching import matching
from storage.models import article, capture, source, url, version
from storage.reading import load_version
from storage.records import Article, Capture, CaptureKind, Moment, Outcome, Submission
from storage.search_query import parse
from storage.urls import key

BATCH = 500  # rows in one query: no transaction is open while pages are read
# Of pages that were no article when they were read, and may be one for a better reader.
REFUSED = (Outcome.NOT_ARTICLE, Outcome.TOO_SHORT, Outcome.CONSENT_WALL, Outcome.EXTRACT_ERROR)
# What the archive keeps beside the page's own fields.
NOT_SHOWN = frozenset({"url", "evidence"})
SHOWN = tuple(field.name for field in fields(Article) if field.name not in NOT_SHOWN)
REDIRECTS = 8


class Effect(StrEnum):
    """What a new reading did."""

    SAME = "same"  # nothing that a reader sees
    CHANGED = "changed"  # a reading more
    OVERTAKEN = "overtaken"  # meanwhile somebody else read that version again


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVersion:
    """A version of an article in its last reading, and what is known of its page besides."""

    id: int
    article_id: int
    source: str
    # The source's slug.
    number: int
    url: str
    # That it was read at.
    fetched_at: dt.datetime
    extractor: str | None
    capture: Capture | None
    # None where the raw bytes were not kept.


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedPage:
    """A page in the ledger that was no article, and the capture in which it was not."""

    url_id: int
    source_id: int
    source: str
    url: str
    run_id: int
    decided_at: dt.datetime
    title: str | None
    published: dt.datetime | None
    capture: Capture


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """What feeds and sitemaps said of an article."""

    title: str | None = None
    published: dt.datetime | None = None


def versions(
    engine: Engine, where: Filter = EVERYTHING, *, query: str | None = None, ids: Sequence[int] = ()
) -> Iterator[StoredVersion]:
    """The versions of the articles that filter, search query and ids let through, in their last readings."""
    found = matching(where, parse(query) if query is not None else None)
    if ids:
        found = found.where(article.c.id.in_(ids))
    chosen = found.subquery()
    rows: Select[Any] = (
        select(
            version.c.id,
            version.c.article_id,
            version.c.number,
            version.c.url,
            version.c.fetched_at,
            version.c.extractor,
            version.c.capture_id,
            source.c.slug,
            *(column.label(f"c_{column.name}") for column in captures.COLUMNS),
        )
        .join(chosen, chosen.c.id == version.c.article_id)
        .join(article, article.c.id == version.c.article_id)
        .join(source, source.c.id == article.c.source_id)
        .outerjoin(capture, and_(capture.c.id == version.c.capture_id, capture.c.dropped_at.is_(None)))
        .where(version.c.is_superseded.is_(False))
    )
    for row in _in_batches(engine, rows, version.c.id):
        yield StoredVersion(
            id=row.id,
            article_id=row.article_id,
            source=row.slug,
            number=row.number,
            url=row.url,
            fetched_at=row.fetched_at,
            extractor=row.extractor,
            capture=_capture(row) if row.c_warc_file is not None else None,
        )


def refused(engine: Engine, slug: str | None = None) -> Iterator[RefusedPage]:
    """The pages that the ledger knows as no article, where the raw bytes of the last look are kept."""
    rows = (
        select(
            url.c.id,
            url.c.url,
            url.c.source_id,
            url.c.outcome_run_id,
            url.c.outcome_at,
            url.c.announced_title,
            url.c.announced_at,
            source.c.slug,
        )
        .join(source, source.c.id == url.c.source_id)
        .where(or_(*(url.c.outcome == outcome for outcome in REFUSED)))
    )
    if slug is not None:
        rows = rows.where(source.c.slug == slug)
    for row in _in_batches(engine, rows, url.c.id):
        with engine.connect() as connection:
            kept = _last_page(connection, row.url)
        if kept is not None:
            yield RefusedPage(
                url_id=row.id,
                source_id=row.source_id,
                source=row.slug,
                url=row.url,
                run_id=row.outcome_run_id,
                decided_at=row.outcome_at,
                title=row.announced_title,
                published=row.announced_at,
                capture=kept,
            )


def last_capture(engine: Engine, address: str, *, after: dt.datetime) -> Capture | None:
    """The first answer of a page at `address` from `after` on: what a redirect led to."""
    query = _pages_at(address).where(capture.c.fetched_at >= after).order_by(capture.c.fetched_at).limit(1)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return captures.record(row) if row else None


def _last_page(connection: Connection, address: str) -> Capture | None:
    query = _pages_at(address).order_by(capture.c.fetched_at.desc(), capture.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return captures.record(row) if row else None


def _pages_at(address: str) -> Select[Any]:
    is_page = (capture.c.kind == CaptureKind.PAGE, capture.c.dropped_at.is_(None))
    return select(*captures.COLUMNS).where(capture.c.url == address, *is_page)


def _in_batches(engine: Engine, rows: Select[Any], own_id: Any) -> Iterator[Row[Any]]:
    """All rows by id, a batch and a short transaction at a time."""
    last = 0
    while True:
        with engine.connect() as connection:
            batch = connection.execute(rows.where(own_id > last).order_by(own_id).limit(BATCH)).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].id


def _capture(row: Row[Any]) -> Capture:
    found = {column.name: getattr(row, f"c_{column.name}") for column in captures.COLUMNS}
    return Capture(**{**found, "kind": CaptureKind(found["kind"])})


def announcement(connection: Connection, stored: StoredVersion) -> Announcement:
    """What was announced of the address that a version was read at, else of another one of its article."""
    columns = (url.c.key, url.c.announced_title, url.c.announced_at)
    query = select(*columns).where(url.c.article_id == stored.article_id).order_by(url.c.id)
    found = connection.execute(query).all()
    own = key(stored.url)
    row = next((row for row in found if row.key == own), found[0] if found else None)
    return Announcement(title=row.announced_title, published=row.announced_at) if row else Announcement()


def article_of(connection: Connection, stored: StoredVersion) -> Article | None:
    """The article as that version has it."""
    item = load_version(connection, stored.article_id, stored.number)
    return item.article if item else None


def differing(before: Article, after: Article) -> tuple[str, ...]:
    """The fields in which a reader sees a difference; where a date stood is none."""
    return tuple(name for name in SHOWN if _shown(before, name) != _shown(after, name))


def _shown(item: Article, name: str) -> object:
    value = getattr(item, name)
    if name == "images":  # the files of pictures are the archive's
        return tuple(replace(image, file_sha256=None) for image in item.images)
    return value.value if isinstance(value, Moment) else value


def put(connection: Connection, stored: StoredVersion, submission: Submission, *, at: dt.datetime) -> Effect:
    """Keep what `submission` reads in the capture of a stored version, in the caller's transaction."""
    known = connection.execute(select(version).where(version.c.id == stored.id)).one_or_none()
    before = article_of(connection, stored)
    if known is None or before is None or known.is_superseded or known.extractor != stored.extractor:
        return Effect.OVERTAKEN
    row = {**_empty_dates(), **version_row(submission), "fetched_at": known.fetched_at, "read_at": at}
    current = connection.scalar(select(article.c.current_version_id).where(article.c.id == known.article_id))
    is_current = current == known.id
    address = _address(connection, known.article_id, before, submission) if is_current else None
    settled = replace(submission.article, canonical_url=address or before.canonical_url)
    if not differing(before, settled):
        _refresh(connection, known.id, row)
        effect, reading_id = Effect.SAME, known.id
    else:
        effect, reading_id = Effect.CHANGED, _add(connection, known, row, submission.article)
        made = {"version_id": reading_id, "number": known.number}
        events.tell(connection, events.EventKind.READING, [known.article_id], at=at, **made)
    if is_current:
        _make_current(connection, known.article_id, reading_id, submission, address, at=at)
    return effect


def _empty_dates() -> Mapping[str, None]:
    """The columns that `version_row` leaves out where a page has no date."""
    names = (column.name for column in version.c if column.name.startswith("date_"))
    return dict.fromkeys(names)


def _refresh(connection: Connection, version_id: int, row: Mapping[str, object]) -> None:
    connection.execute(update(version).where(version.c.id == version_id).values(**row))


def _add(connection: Connection, known: Row[Any], row: Mapping[str, object], item: Article) -> int:
    """A further reading of the same capture, in place of the one before."""
    connection.execute(update(version).where(version.c.id == known.id).values(is_superseded=True))
    kept = {"article_id": known.article_id, "number": known.number, "capture_id": known.capture_id}
    values = {**row, **kept, "reading": known.reading + 1}
    reading_id = int(connection.execute(insert(version).returning(version.c.id), values).scalar_one())
    insert_parts(connection, item, reading_id)
    pictures.inherit(connection, reading_id, known.id)
    search_index.remove(connection, known.id)
    search_index.put(connection, reading_id, item)
    return reading_id


def _address(connection: Connection, article_id: int, before: Article, submission: Submission) -> str | None:
    """The address that the article now says it lives at; None where that is another article's."""
    wanted = submission.article.canonical_url
    if wanted == before.canonical_url:
        return None
    owner = connection.scalar(select(article.c.id).where(article.c.key == key(wanted)))
    return wanted if owner in (None, article_id) else None


def _make_current(
    connection: Connection,
    article_id: int,
    reading_id: int,
    submission: Submission,
    address: str | None,
    *,
    at: dt.datetime,
) -> None:
    moved = {"canonical_url": address, "key": key(address)} if address else {}
    connection.execute(
        update(article)
        .where(article.c.id == article_id)
        .values(current_version_id=reading_id, text_hash=submission.text_hash, **moved)
    )
    clusters.place(connection, article_id, submission.sketch, at=at)
