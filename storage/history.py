"""An article's history as the archive has it: its versions, and everything that was seen to happen to it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from storage.models import change, check_mark, version
from storage.reading import moment
from storage.records import ChangeKind, Moment


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedChange:
    """Something that happened to an article, as it was seen."""

    at: dt.datetime
    # When it was seen; it happened between this and the look before.
    kind: ChangeKind
    version: int | None
    # That came of it; None where no new text did.
    share: float | None
    # Of the body's words, for changes of the body: 0 to 1.
    detail: str | None
    # One line for people.


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionEntry:
    """One version of an article, without its text (`Archive.version` has it)."""

    number: int
    fetched_at: dt.datetime
    last_seen_at: dt.datetime
    # When it was last found as it was.
    checks: int
    # How often it was found so after it was fetched.
    headline: str | None
    date_published: Moment | None
    date_modified: Moment | None
    word_count: int
    extractor: str | None
    changes: tuple[RecordedChange, ...]
    # By which it came about; none for the first.


def changes(connection: Connection, article_id: int) -> list[RecordedChange]:
    """All changes of an article, in order."""
    query = (
        select(change, version.c.number)
        .outerjoin(version, version.c.id == change.c.version_id)
        .where(change.c.article_id == article_id)
        .order_by(change.c.at, change.c.id)
    )
    return [
        RecordedChange(
            at=row.at, kind=ChangeKind(row.kind), version=row.number, share=row.share, detail=row.detail
        )
        for row in connection.execute(query)
    ]


def versions(connection: Connection, article_id: int) -> list[VersionEntry]:
    """All versions of an article in their last reading, first one first."""
    made_by: dict[int | None, list[RecordedChange]] = defaultdict(list)
    for one in changes(connection, article_id):
        made_by[one.version].append(one)
    shown = ("number", "fetched_at", "headline", "word_count", "extractor")
    of_version = [c for c in version.c if c.name in shown or c.name.startswith("date_")]
    mark = and_(check_mark.c.article_id == version.c.article_id, check_mark.c.number == version.c.number)
    query: Select[Any] = (
        select(*of_version, check_mark.c.checks, check_mark.c.last_at)
        .outerjoin(check_mark, mark)
        .where(version.c.article_id == article_id, version.c.is_superseded.is_(False))
        .order_by(version.c.number)
    )
    return [
        VersionEntry(
            number=row.number,
            fetched_at=row.fetched_at,
            last_seen_at=row.last_at or row.fetched_at,
            checks=row.checks or 0,
            headline=row.headline,
            date_published=moment(row, "date_published"),
            date_modified=moment(row, "date_modified"),
            word_count=row.word_count,
            extractor=row.extractor,
            changes=tuple(made_by[row.number]),
        )
        for row in connection.execute(query)
    ]
