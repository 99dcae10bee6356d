"""What happened in the archive, in the order in which it was written: for consumers that follow it.

    for event in after(engine, 1_204):       # all that came since the event 1204
        ...                                  # event.id is the cursor to keep

Each event is written in the transaction of what it tells. Writers take turns on both engines
(`storage.database.writing`), so ids are in the order in which transactions were committed: when a reader
sees an event, no earlier one can still come. A rollback may leave a gap, and no id is given twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select

from storage.database import reading
from storage.gathering import later
from storage.models import event
from storage.records import ChangeKind

BATCH = 1_000  # events in one transaction of a reader


class EventKind(StrEnum):
    """What happened."""

    STORED = "stored"  # a new article: its first version
    VERSION = "version"  # a further version of one: edited, or found in an older page
    READING = "reading"  # a version that another extractor read; it takes the place of the reading before
    REMOVED = "removed"  # its page is gone
    REDIRECTED = "redirected"  # its address leads to another page
    BACK = "back"  # there again
    MOVED = "moved"  # it has another address now
    TAKEN_DOWN = "taken_down"  # out of the archive, with all its versions
    CLUSTER = "cluster"  # it joined a cluster, left it, or what the cluster says has changed


# What the edit ledger tells, too, of articles as a whole.
OF_CHANGES = {
    ChangeKind.REMOVED: EventKind.REMOVED,
    ChangeKind.REDIRECTED: EventKind.REDIRECTED,
    ChangeKind.BACK: EventKind.BACK,
    ChangeKind.MOVED: EventKind.MOVED,
    ChangeKind.TAKEN_DOWN: EventKind.TAKEN_DOWN,
}
TELL = insert(event)
COLUMNS = (
    event.c.id,
    event.c.at,
    event.c.kind,
    event.c.article_id,
    event.c.version_id,
    event.c.number.label("version"),
    event.c.cluster_id,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing that happened to one article. It holds no text: ask the archive how the article stands."""

    id: int
    # The cursor: what is asked for next begins after it.
    at: dt.datetime
    # When it was seen; an import tells of earlier times, so only the ids are in order.
    kind: EventKind
    article_id: int
    version_id: int | None = None
    # Of stored, version and reading; it stays when versions are numbered anew.
    version: int | None = None
    # Its number then; an older version that is found later moves those after it up.
    cluster_id: int | None = None
    # Of cluster: the one that the article is in now, None for none.


def tell(
    connection: Connection,
    kind: EventKind,
    articles: Sequence[int],
    *,
    at: dt.datetime,
    version_id: int | None = None,
    number: int | None = None,
    cluster_id: int | None = None,
) -> None:
    """Write an event of each of these articles down, in the caller's transaction."""
    of_all = {"at": at, "kind": kind, "version_id": version_id, "number": number, "cluster_id": cluster_id}
    if articles:
        later(connection, TELL, [{**of_all, "article_id": one} for one in articles])


def after(engine: Engine, since: int, limit: int | None = None) -> Iterator[Event]:
    """The events with a greater id than `since`, in order; each batch is read in a transaction of its own."""
    left = limit
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        query = select(*COLUMNS).where(event.c.id > since).order_by(event.c.id).limit(size)
        batch = _read(engine, query)
        yield from batch
        if len(batch) < size:
            return
        since = batch[-1].id
        left = None if left is None else left - size


def _read(engine: Engine, query: Select[Any]) -> list[Event]:
    with reading(engine) as connection:
        found = connection.execute(query).mappings()
        return [Event(**{**row, "kind": EventKind(row["kind"])}) for row in found]


def last(connection: Connection) -> int:
    """The newest event's id; 0 before the first."""
    return connection.scalar(select(func.max(event.c.id))) or 0
