"""Taking an article down: all of it goes, what must not come back is remembered.

    take_down(engine, 17, reason="court order 4 O 12/26", at=now, folders=folders)

Text, pictures, index entries, evidence and raw bytes are deleted; a tombstone
keeps the reason and the hashes, by which the same article is refused when it is
met again, at whatever address. Every URL that led to it ends as `taken_down`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Select,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    union_all,
    update,
)

from storage import attempts, edit_ledger, engines, search_index
from storage.captures.dropping import drop, require_idle
from storage.changes import Change
from storage.database import writing
from storage.errors import UsageError
from storage.models import (
    article,
    byline,
    capture,
    change,
    check_mark,
    image,
    keyword,
    person,
    picture_file,
    source,
    tombstone,
    url,
    version,
)
from storage.records import CaptureKind, ChangeKind, DropReason, Outcome, PictureFile, Submission
from storage.urls import key

# The article that was taken down and that a submission would bring back: in nearly all archives a look into
# an empty table. Asked from the tombstones' side: joined to `article`, SQLite read all articles for each.
_MET: list[BindParameter[str]] = [bindparam(name) for name in ("address", "read_at", "asked")]
_MEANT = union_all(
    select(article.c.id).where(article.c.key.in_(_MET)),
    select(url.c.article_id).where(url.c.key.in_(_MET), url.c.outcome == Outcome.TAKEN_DOWN),
)
REFUSED = (
    select(tombstone.c.article_id)
    .where(
        or_(
            tombstone.c.article_id.in_(_MEANT),
            (tombstone.c.text_hash == bindparam("text")) & (tombstone.c.source_id == bindparam("source")),
        )
    )
    .limit(1)
)
PARTS = (byline, image, keyword)  # tables whose rows belong to a version


@dataclass(frozen=True, kw_only=True, slots=True)
class Folders:
    """Where an archive has what is not in its database."""

    captures: Path
    pictures: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """What went with an article."""

    article_id: int
    versions: int
    captures: int
    pictures: int
    # Files that no other article has.
    urls: int
    # That led to it.


def take_down(engine: Engine, article_id: int, *, reason: str, at: dt.datetime, folders: Folders) -> Removal:
    """Take an article away, with all that the archive has of it.

    BusyCaptureError, and nothing is done, while a crawl is writing a file that
    has its raw bytes. Killed midway, it is done again or goes on with `drop`.
    """
    if not reason.strip():
        raise UsageError("a removal needs a reason: it is all that will be left to say")
    with engine.connect() as connection:
        files = set(connection.scalars(select(capture.c.warc_file).where(*_captured(article_id))))
    require_idle(folders.captures, files)
    backend = engines.of(engine.url)
    with writing(engine) as connection:
        backend.overwrite_deleted(connection)
        removal = _remove(connection, article_id, reason.strip(), at, folders.pictures)
    drop(engine, folders.captures, at=at)
    backend.forget(engine)
    return removal


def _remove(connection: Connection, article_id: int, reason: str, at: dt.datetime, pictures: Path) -> Removal:
    own = version.c.article_id == article_id
    query = select(version.c.id, version.c.content_hash).where(own).order_by(version.c.number)
    versions = connection.execute(query).all()
    if not versions:
        raise UsageError(f"no article {article_id} in the archive")
    captures = _condemn(connection, article_id)
    urls = _close(connection, article_id, at)
    attempts.forget_words(connection, article_id)
    _bury(connection, article_id, reason, at, [row.content_hash for row in versions])
    from storage import clusters  # numpy: asking what was taken down does without

    clusters.leave(connection, article_id, at=at)
    for row in versions:
        search_index.remove(connection, row.id)
    ids = select(version.c.id).where(own)
    names = select(byline.c.person_id).where(byline.c.version_id.in_(ids))
    people = connection.scalars(names).all()
    lone = list(_lone_pictures(connection, ids))
    for table in PARTS:
        connection.execute(delete(table).where(table.c.version_id.in_(ids)))
    connection.execute(delete(change).where(change.c.article_id == article_id))
    connection.execute(delete(check_mark).where(check_mark.c.article_id == article_id))
    connection.execute(delete(version).where(own))
    _forget_people(connection, people)
    told = Change(kind=ChangeKind.TAKEN_DOWN, detail=reason)
    edit_ledger.record(connection, article_id, [told], at=at)
    _delete_pictures(connection, lone, pictures)
    return Removal(
        article_id=article_id, versions=len(versions), captures=captures, pictures=len(lone), urls=urls
    )


def _captured(article_id: int) -> tuple[ColumnElement[bool], ...]:
    """Which captures hold the article: its versions', and all pages at addresses that led to it."""
    read_from = select(version.c.capture_id).where(version.c.article_id == article_id)
    led_there = select(url.c.url).where(url.c.article_id == article_id)
    read_at = select(version.c.url).where(version.c.article_id == article_id)
    lives_at = select(article.c.canonical_url).where(article.c.id == article_id)
    is_of_it = or_(
        capture.c.id.in_(read_from),
        *(capture.c.url.in_(addresses) for addresses in (led_there, read_at, lives_at)),
    )
    return is_of_it, capture.c.kind == CaptureKind.PAGE, capture.c.dropped_at.is_(None)


def _condemn(connection: Connection, article_id: int) -> int:
    statement = update(capture).where(*_captured(article_id))
    return connection.execute(statement.values(drop_reason=DropReason.TAKEN_DOWN)).rowcount


def _close(connection: Connection, article_id: int, at: dt.datetime) -> int:
    """Give every URL that led to the article its last outcome, without the words that announced it."""
    closed = {
        "outcome": Outcome.TAKEN_DOWN,
        "outcome_at": at,
        "next_fetch_at": None,
        "announced_title": None,
        "detail": None,
    }
    return connection.execute(update(url).where(url.c.article_id == article_id).values(closed)).rowcount


def _bury(
    connection: Connection, article_id: int, reason: str, at: dt.datetime, content_hashes: Sequence[str]
) -> None:
    known = select(article.c.source_id, article.c.text_hash).where(article.c.id == article_id)
    row = connection.execute(known).one()
    stone = {
        "article_id": article_id,
        "source_id": row.source_id,
        "reason": reason,
        "taken_down_at": at,
        "versions": len(content_hashes),
        "text_hash": row.text_hash,
        "content_hashes": list(content_hashes),
    }
    connection.execute(insert(tombstone), stone)
    gone = {"removed_at": at, "current_version_id": None, "text_hash": None}
    connection.execute(update(article).where(article.c.id == article_id).values(gone))


def _lone_pictures(connection: Connection, versions: Select[tuple[int]]) -> Iterator[PictureFile]:
    """The picture files that only these versions have."""
    other = image.alias()
    shared = exists().where(other.c.file_sha256 == picture_file.c.sha256, other.c.version_id.not_in(versions))
    ours = select(image.c.file_sha256).where(image.c.version_id.in_(versions))
    query = select(picture_file).where(picture_file.c.sha256.in_(ours), ~shared)
    for row in connection.execute(query).all():
        yield PictureFile(**row._mapping)


def _delete_pictures(connection: Connection, files: Sequence[PictureFile], folder: Path) -> None:
    """Before the transaction ends: a removal that breaks off here is done again, and forgets no file."""
    for file in files:
        connection.execute(delete(picture_file).where(picture_file.c.sha256 == file.sha256))
        with suppress(FileNotFoundError):
            (folder / file.path).unlink()


def _forget_people(connection: Connection, ids: Sequence[int]) -> None:
    """A name that stands in no byline any more goes, too."""
    named = exists().where(byline.c.person_id == person.c.id)
    connection.execute(delete(person).where(person.c.id.in_(ids), ~named))


def asked(submission: Submission) -> dict[str, object]:
    """What `REFUSED` compares with, by name."""
    return {
        "address": key(submission.article.canonical_url),
        "read_at": key(submission.final_url),
        "asked": key(submission.article.url),
        "text": submission.text_hash,
        "source": submission.source_id,
    }


def refuse(connection: Connection, submission: Submission) -> None:
    """See to it that the raw bytes of a page that was refused are taken away by the next `drop`."""
    if submission.capture is not None:
        place = (
            capture.c.warc_file == submission.capture.warc_file,
            capture.c.warc_offset == submission.capture.warc_offset,
        )
        connection.execute(update(capture).where(*place).values(drop_reason=DropReason.TAKEN_DOWN))


def expire(connection: Connection, source_slug: str, *, before: dt.datetime) -> int:
    """Let the raw bytes of a source's pages go that were fetched before an instant; returns how many."""
    # A crawl's files lie in a folder of their source; what was imported is told by what was read from it.
    in_its_folder = capture.c.warc_file.startswith(f"{source_slug}/", autoescape=True)
    read_from = (
        select(version.c.capture_id)
        .join(article, article.c.id == version.c.article_id)
        .join(source, source.c.id == article.c.source_id)
        .where(source.c.slug == source_slug, version.c.fetched_at < before)
    )
    statement = update(capture).where(
        or_(in_its_folder, capture.c.id.in_(read_from)),
        capture.c.fetched_at < before,
        capture.c.drop_reason.is_(None),
    )
    return connection.execute(statement.values(drop_reason=DropReason.EXPIRED)).rowcount
