"""An archive's rows, from one database into another, whatever engines they are: streamed, ids kept.

    copied = transfer("archive.db", "postgresql://ada@db.example.org/news", tell=print)

The origin is read in one snapshot, so a crawl may go on meanwhile; the target is written in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, bindparam, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from storage import search_index, search_terms
from storage.database import open_engine, place, reason, writing
from storage.errors import DatabaseError, UsageError
from storage.models import metadata, version
from storage.reading import load_versions

BATCH = 1_000  # rows in memory
INDEX = "search index"

Tell = Callable[[str, int, int], None]  # what is being copied, how much of it is done, of how much


def say_nothing(what: str, done: int, total: int) -> None:
    """For who does not ask how far it is."""


def transfer(where: str, target: str, tell: Tell = say_nothing) -> dict[str, int]:
    """Copy the archive at `where` into an empty `target`; returns how many rows each table got.

    UsageError where something is in the target already. Where it fails or is killed, nothing is.
    """
    origin = open_engine(where, create=False)
    try:
        copied = open_engine(target)
        try:
            with origin.connect() as reader, writing(copied) as writer:
                require_empty(writer)
                copy_rows(reader, writer, tell)
                index(reader, writer, tell)
                return _compared(reader, writer)
        except DBAPIError as error:
            raise DatabaseError(f"cannot copy the archive to {place(copied)}: {reason(error)}") from error
        finally:
            copied.dispose()
    finally:
        origin.dispose()


def require_empty(connection: Connection) -> None:
    """UsageError unless the archive has no row."""
    for table in metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            where = place(connection.engine)
            raise UsageError(f"{where} is an archive with something in it: name a database that is empty")


def copy_rows(reader: Connection, writer: Connection, tell: Tell = say_nothing) -> None:
    """Copy every table; the next ids that the target gives come after those."""
    for table in metadata.sorted_tables:
        _copy_table(reader, writer, table, tell)
    if writer.dialect.name == "postgresql":
        _set_sequences(writer)


def _copy_table(reader: Connection, writer: Connection, table: Table, tell: Tell) -> None:
    """Rows that name later rows of their own table get that afterwards."""
    total, done = _count(reader, table), 0
    within = [column.name for column in table.c if _is_within(column)]
    statement = insert(table).values({c.name: bindparam(c.name, type_=_type(c)) for c in table.c})
    for batch in _batches(reader, table):
        writer.execute(statement, [{**row, **dict.fromkeys(within)} for row in batch])
        done += len(batch)
        tell(table.name, done, total)
    for name in within:
        link = update(table).where(table.c.id == bindparam("own_id")).values({name: bindparam("other_id")})
        for batch in _batches(reader, table):
            named = [{"own_id": row["id"], "other_id": row[name]} for row in batch if row[name] is not None]
            if named:
                writer.execute(link, named)


def _batches(reader: Connection, table: Table) -> Iterator[Sequence[Any]]:
    query = select(table).order_by(*table.primary_key)
    found = reader.execution_options(yield_per=BATCH).execute(query).mappings()
    return iter(found.partitions())


def _is_within(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def _type(column: Column[Any]) -> Any:
    """No list is NULL, not the word null in JSON."""
    return JSON(none_as_null=True) if isinstance(column.type, JSON) else column.type


def _set_sequences(writer: Connection) -> None:
    for table in metadata.sorted_tables:
        own_id = table.autoincrement_column
        newest = None if own_id is None else writer.scalar(select(func.max(own_id)))
        if own_id is not None and newest is not None:
            name = writer.scalar(select(func.pg_get_serial_sequence(table.name, own_id.name)))
            writer.execute(text("SELECT setval(:name, :newest)"), {"name": name, "newest": newest})


def index(reader: Connection, writer: Connection, tell: Tell = say_nothing) -> None:
    """Make the search index of what was copied."""
    query = select(version.c.id).where(version.c.is_superseded.is_(False)).order_by(version.c.id)
    ids = reader.scalars(query).all()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = load_versions(reader, batch)
        search_index.insert(writer, [(i, search_terms.terms(item.article)) for i, item in found.items()])
        tell(INDEX, start + len(batch), len(ids))


def _compared(reader: Connection, writer: Connection) -> dict[str, int]:
    """How many rows each table has; DatabaseError, which undoes all, where they are not all there."""
    counts = {table.name: _count(writer, table) for table in metadata.sorted_tables}
    for table in metadata.sorted_tables:
        if counts[table.name] != (meant := _count(reader, table)):
            raise DatabaseError(f"{table.name} has {counts[table.name]} rows in the copy instead of {meant}")
    return counts


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
