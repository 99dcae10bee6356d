"""A copy of an archive to try something on: one SQLite file, whatever the archive is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, select

from storage.database import database_url, open_engine, writing
from storage.errors import DatabaseError
from storage.models import metadata

BATCH = 1_000  # rows in memory


def copy(where: str, target: Path) -> None:
    """Copy the archive at `where`, in use or not, to the file `target`; a missing one leaves no copy.

    Of a database on a server all rows come, but not the search index: nothing can be searched in the copy.
    """
    url = database_url(where)
    if url.get_backend_name() == "sqlite":
        _copy_file(Path(url.database or ""), target)
    else:
        _copy_rows(where, target)


def _copy_file(path: Path, target: Path) -> None:
    if not path.is_file():
        return
    try:
        origin = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        with closing(origin), closing(sqlite3.connect(target)) as copied:
            origin.backup(copied)
    except sqlite3.Error as error:
        raise DatabaseError(f"cannot copy the archive {path}: {error}") from error


def _copy_rows(where: str, target: Path) -> None:
    origin, copied = open_engine(where), open_engine(str(target))
    try:
        with origin.connect() as reader, writing(copied) as writer:
            writer.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # rows may name later rows
            for table in metadata.sorted_tables:
                _copy_table(reader, writer, table.name)
    finally:
        origin.dispose()
        copied.dispose()


def _copy_table(reader: Connection, writer: Connection, name: str) -> None:
    table = metadata.tables[name]
    found = reader.execution_options(yield_per=BATCH).execute(select(table)).mappings()
    for batch in found.partitions():
        writer.execute(table.insert(), [dict(row) for row in batch])
