"""The table of captures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, select

from storage.models import capture, run, version
from storage.records import Capture, CaptureKind

COLUMNS = (
    capture.c.url,
    capture.c.kind,
    capture.c.warc_file,
    capture.c.warc_offset,
    capture.c.warc_length,
    capture.c.sha256,
    capture.c.http_status,
    capture.c.fetched_at,
)
NAMES = tuple(column.name for column in COLUMNS)

# Statements that each page asks are put together once.
AT_PLACE = select(capture.c.id).where(
    capture.c.warc_file == bindparam("file"), capture.c.warc_offset == bindparam("offset")
)
KEEP = (
    insert(capture)
    .values(run_id=select(run.c.id).where(run.c.id == bindparam("run")).scalar_subquery())
    .returning(capture.c.id)
)


def keep(connection: Connection, found: Capture, run_id: int | None) -> int:
    """The id of a capture's row, which is made where there is none. A run that is not known is none."""
    at_place = {"file": found.warc_file, "offset": found.warc_offset}
    known: int | None = connection.scalar(AT_PLACE, at_place)
    return add(connection, found, run_id) if known is None else known


def add(connection: Connection, found: Capture, run_id: int | None) -> int:
    """The id of the new row of a capture that has none."""
    row: dict[str, Any] = {name: getattr(found, name) for name in NAMES}
    if found.reservations:
        row["reservations"] = list(found.reservations)
    return int(connection.execute(KEEP, {**row, "run": run_id}).scalar_one())


def is_kept(connection: Connection, url: str, fetched_at: dt.datetime) -> bool:
    """Whether the page that `url` brought at that very time has its row."""
    at_that_time = (capture.c.url == url, capture.c.fetched_at == fetched_at)
    return connection.scalar(select(capture.c.id).where(*at_that_time).limit(1)) is not None


def of_article(connection: Connection, article_id: int, number: int | None = None) -> Capture | None:
    """What a version of an article was read from, the newest one where `number` is None.

    None where it was not kept, or is kept no more.
    """
    query = (
        select(*COLUMNS)
        .select_from(version)
        .outerjoin(capture, and_(capture.c.id == version.c.capture_id, capture.c.dropped_at.is_(None)))
        .where(version.c.article_id == article_id)
        .order_by(version.c.number.desc(), version.c.reading.desc())
        .limit(1)
    )
    if number is not None:
        query = query.where(version.c.number == number)
    row = connection.execute(query).one_or_none()
    return record(row) if row and row.warc_file is not None else None


def of_file(connection: Connection, name: str) -> dict[int, Capture]:
    """All captures in a file, by their offset."""
    in_it = (capture.c.warc_file == name, capture.c.dropped_at.is_(None))
    found = connection.execute(select(*COLUMNS).where(*in_it))
    return {row.warc_offset: record(row) for row in found}


def record(row: Row[*tuple[Any, ...]]) -> Capture:
    """A row that has COLUMNS, as a record."""
    fields = {column.name: getattr(row, column.name) for column in COLUMNS}
    return Capture(**{**fields, "kind": CaptureKind(fields["kind"])})
