"""An archive's database as one file, taken while it is in use, and put back.

    back_up("archive.db", Path("monday.db"))     # SQLite: a file that is an archive itself
    restore(Path("monday.db"), "archive.db")     # into a database that is empty or not there

Of PostgreSQL it is what `pg_dump -Fc` writes and `pg_restore` reads. A backup has its name only when it is
whole. Raw bytes and pictures lie in folders of their own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from storage import engines, postgresql_programs
from storage.database import REVISION, database_url, reason, revision_of, shown
from storage.errors import DatabaseError, UsageError

KINDS = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}  # by how a file begins
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LEFT_BEHIND = ("-wal", "-journal")  # what SQLite would play into a file of that name


def back_up(where: str, file: Path, *, replace: bool = False) -> int:
    """Write the archive at `where` to `file`; returns its size in bytes."""
    if file.exists() and not replace:
        raise UsageError(f"{file} is there already: name another file, or replace it with --force")
    revision_of(where)  # an archive, and there
    url = database_url(where)
    is_file = url.get_backend_name() == "sqlite"
    if is_file and file.exists() and file.samefile(url.database or ""):
        raise UsageError(f"{file} is the archive itself")
    with _made_whole(file) as part:
        if is_file:
            copy_file(Path(url.database or ""), part)
        else:
            postgresql_programs.dump(url, part)
    return file.stat().st_size


def restore(file: Path, where: str) -> str:
    """Make the archive at `where` from a backup; returns its revision.

    UsageError where something is there.
    """
    url = database_url(where)
    kind, wanted = _kind(file), url.get_backend_name()
    if kind != wanted:
        remedy = f"restore it to {NAMES[kind]}, then `newsarchive db copy` brings it to {NAMES[wanted]}"
        raise UsageError(f"{file} is a backup of an archive in {NAMES[kind]}: {remedy}")
    _require_nothing(where)
    if kind == "sqlite":
        _restore_file(file, Path(url.database or ""))
    else:
        postgresql_programs.restore(url, file)
    return revision_of(where)


def copy_file(path: Path, target: Path) -> None:
    """Copy an SQLite archive, in use or not: it is read in one go, and writers go on."""
    try:
        origin = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        with closing(origin), closing(sqlite3.connect(target)) as copied:
            origin.backup(copied)
    except sqlite3.Error as error:
        raise DatabaseError(f"cannot copy the archive {path}: {error}") from error


def _restore_file(file: Path, target: Path) -> None:
    found = revision_of(str(file))
    if found > REVISION:
        raise DatabaseError(f"{file} has revision {found}, which a later newsarchive made")
    with _made_whole(target) as part:
        copy_file(file, part)
        with closing(sqlite3.connect(part)) as copied:
            [(verdict,), *_] = copied.execute("PRAGMA quick_check").fetchall()
        if verdict != "ok":
            raise DatabaseError(f"{file} is damaged: {verdict}")


def _kind(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            start = stream.read(16)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    for mark, kind in KINDS.items():
        if start.startswith(mark):
            return kind
    raise UsageError(f"{file} is no backup of an archive")


def _require_nothing(where: str) -> None:
    url = database_url(where)
    backend = engines.of(url)
    if url.get_backend_name() == "sqlite":
        for suffix in LEFT_BEHIND:
            if not backend.is_there(url) and Path(f"{url.database}{suffix}").exists():
                raise UsageError(f"{url.database}{suffix} is left of another archive: take it away first")
        if not backend.is_there(url):
            return
    engine = backend.connect(url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
    except DBAPIError as error:
        raise DatabaseError(f"cannot open {shown(where)}: {reason(error)}") from error
    finally:
        engine.dispose()
    if tables:
        raise UsageError(f"{shown(where)} has tables already: a backup is restored into an empty database")


@contextmanager
def _made_whole(file: Path) -> Iterator[Path]:
    """A file beside `file` that takes its name when the block ends well, and is gone when it does not."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.touch(exist_ok=False)
        yield part
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        raise DatabaseError(f"cannot write {file}: {error.strerror or error}") from error
    finally:
        for left in (part, *(part.with_name(part.name + suffix) for suffix in ("-wal", "-shm", "-journal"))):
            left.unlink(missing_ok=True)
