"""Is the archive whole? Every table, the search index and every stored byte, looked at once.

    for check in checks(engine, captures, pictures):
        for problem in check.look():      # one a thing that was looked at: what is wrong, or None
            ...

Nothing is changed. A crawl may go on meanwhile: each check reads one snapshot.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, and_, func, select
from sqlalchemy.exc import DBAPIError

from storage import engines, picture_files, search_index, search_terms
from storage.captures import rows as capture_rows
from storage.captures.verifying import UnknownCaptureError, check_file, file_names
from storage.errors import CaptureError
from storage.models import article, capture, picture_file, run, tombstone, url, version
from storage.reading import BATCH, load_versions
from storage.records import EMBEDS, Capture, CaptureKind, Outcome
from storage.words import count_words

Problems = Iterator[str | None]
KEPT = (Outcome.STORED, Outcome.UPDATED, Outcome.UNCHANGED)  # such a URL leads to an article


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing to make sure of."""

    name: str
    meaning: str
    # What holds where nothing is wrong.
    total: int
    # How many things will be looked at, as far as that can be said before.
    look: Callable[[], Problems]


def checks(engine: Engine, captures: Path, pictures: Path) -> Iterator[Check]:
    """All checks of an archive whose raw bytes and pictures lie in these folders, in their order."""
    for name, meaning, table, look in (
        ("database", "the file is sound, and no row dangles", None, _snapshot(_database)),
        ("articles", "one of its versions is the current one", article, _snapshot(_articles)),
        ("versions", "body and words agree with the blocks", version, _snapshot(_versions)),
        ("search index", "has each version with its words", version, _snapshot(_search_index)),
        ("ledger", "what brought an article leads to it", url, _snapshot(_ledger)),
        ("captures", "each is where its row says, byte for byte", capture, partial(_captures, captures)),
        ("raw bytes", "each read while they were kept has them", version, _raw_bytes),
        (
            "pictures",
            "each file is there and unchanged",
            picture_file,
            _snapshot(_pictures(pictures)),
        ),
    ):
        total = 1 if table is None else _number(engine, table)
        yield Check(name=name, meaning=meaning, total=total, look=partial(_guarded, look, engine))


def count_without_captures(engine: Engine) -> int:
    """How many versions have no raw bytes, for whatever reason."""
    with engine.connect() as connection:
        query = select(func.count()).select_from(version).where(version.c.capture_id.is_(None))
        return connection.scalar(query) or 0


def _number(engine: Engine, table: Table) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def _guarded(look: Callable[[Engine], Problems], engine: Engine) -> Problems:
    """A check that a damaged database cannot break off without a word."""
    try:
        yield from look(engine)
    except DBAPIError as error:
        yield f"the database cannot be read: {error.orig}"


def _snapshot(look: Callable[[Connection], Problems]) -> Callable[[Engine], Problems]:
    """A check of the database alone, made in one transaction."""

    def looked(engine: Engine) -> Problems:
        with engine.connect() as connection:
            yield from look(connection)

    return looked


def _database(connection: Connection) -> Problems:
    backend = engines.of(connection.engine.url)
    found = backend.damages(connection) + backend.dangling(connection)
    yield from found
    if not found:
        yield None


def _articles(connection: Connection) -> Problems:
    current = and_(version.c.id == article.c.current_version_id, version.c.article_id == article.c.id)
    query = (
        select(article.c.id, article.c.canonical_url, version.c.id.label("current"))
        .outerjoin(version, current)
        .where(article.c.id.not_in(select(tombstone.c.article_id)))
    )
    for row in connection.execute(query):
        yield None if row.current else f"article {row.id} has no current version: {row.canonical_url}"


def _versions(connection: Connection) -> Problems:
    columns = (version.c.article_id, version.c.number, version.c.body, version.c.blocks, version.c.word_count)
    for row in connection.execution_options(yield_per=BATCH).execute(select(*columns)):
        told = "\n\n".join(block["text"] for block in row.blocks if block["kind"] not in EMBEDS)
        place = f"version {row.number} of article {row.article_id}"
        if row.body != told:
            yield f"{place}: its body is not the text of its blocks"
        elif row.word_count != count_words(row.body):
            yield f"{place}: it says {row.word_count} words, and has {count_words(row.body)}"
        else:
            yield None


def _search_index(connection: Connection) -> Problems:
    last_readings = select(version.c.id).where(version.c.is_superseded.is_(False)).order_by(version.c.id)
    ids = list(connection.scalars(last_readings))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        indexed = search_index.indexed(connection, batch)
        versions = load_versions(connection, batch)
        facets = search_index.facets_of(connection, batch)
        for number in batch:
            item = versions.get(number)
            place = f"version {item.version} of article {item.id}" if item else f"version row {number}"
            if number not in indexed:
                yield f"{place} cannot be found: it is not in the search index"
            elif item and indexed[number] != search_terms.terms(item.article) | {"facets": facets[number]}:
                yield f"{place} is in the search index with another text"
            else:
                yield None
    known = set(ids)
    for number in search_index.ids(connection):
        if number not in known:
            yield f"the search index has a version {number}, and the archive has none"


def _ledger(connection: Connection) -> Problems:
    query = select(url.c.url, url.c.outcome, url.c.article_id, article.c.id.label("found")).outerjoin(
        article, article.c.id == url.c.article_id
    )
    for row in connection.execution_options(yield_per=BATCH).execute(query):
        if row.found is None and (row.article_id is not None or row.outcome in KEPT):
            yield f"{row.url} is {row.outcome}, and its article is not there"
        elif row.outcome not in set(Outcome):
            yield f"{row.url} has an outcome that is none: {row.outcome}"
        else:
            yield None


def _pictures(folder: Path) -> Callable[[Connection], Problems]:
    return lambda connection: picture_files.check(connection, folder)


def _captures(folder: Path, engine: Engine) -> Problems:
    with engine.connect() as connection:
        kept = select(capture.c.warc_file).where(capture.c.dropped_at.is_(None))
        named = set(connection.scalars(kept.distinct()))
    for name in sorted(named | file_names(folder)):
        # A file may be large: no transaction stays open while it is read.
        with engine.connect() as connection:
            known = capture_rows.of_file(connection, name)
        for found, error in check_file(folder, name, known):
            yield _told(name, found, error) if error and not _has_row(engine, found, error) else None


def _has_row(engine: Engine, found: Capture | int, error: CaptureError) -> bool:
    """Whether a capture that had no row has got it since."""
    if not isinstance(error, UnknownCaptureError) or isinstance(found, int):
        return False
    with engine.connect() as connection:
        return found.warc_offset in capture_rows.of_file(connection, found.warc_file)


def _told(name: str, found: Capture | int, error: CaptureError) -> str:
    if isinstance(found, int):
        return f"{name} at byte {found}: {error}"
    return f"{name} at byte {found.warc_offset}, {found.url}: {error}"


def _raw_bytes(engine: Engine) -> Problems:
    """A version should have raw bytes that was read while a crawl of its source kept some."""
    columns = (version.c.article_id, version.c.number, version.c.fetched_at, version.c.capture_id)
    query = select(*columns, article.c.source_id).join(article, article.c.id == version.c.article_id)
    with engine.connect() as connection:
        kept = _times_of_keeping(connection)
        for row in connection.execution_options(yield_per=BATCH).execute(query):
            if row.capture_id is None and _is_within(row.fetched_at, kept.get(row.source_id, [])):
                yield f"version {row.number} of article {row.article_id} has no raw bytes"
            else:
                yield None


Span = tuple[dt.datetime, dt.datetime]


def _times_of_keeping(connection: Connection) -> dict[int, list[Span]]:
    """By source, for its crawls in order: from when on pages were kept, and until when so far."""
    first, last = func.min(capture.c.fetched_at), func.max(capture.c.fetched_at)
    query = (
        select(run.c.source_id, first, last)
        .join(capture, capture.c.run_id == run.c.id)
        .where(capture.c.kind == CaptureKind.PAGE)
        .group_by(run.c.id, run.c.source_id)
        .order_by(first)
    )
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for source_id, begun, ended in connection.execute(query):
        before = spans[source_id]
        before.append((begun, max(ended, before[-1][1]) if before else ended))
    return spans


def _is_within(instant: dt.datetime, spans: list[Span]) -> bool:
    place = bisect_right(spans, instant, key=lambda span: span[0])
    return place > 0 and instant <= spans[place - 1][1]
