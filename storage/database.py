"""Opening the archive's database: where it is, how it is set, which revision it has."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage import views
from storage.errors import DatabaseError, UsageError

DEFAULT = "archive.db"
REVISION = "0007"  # the newest in storage/migrations; a test holds the two together
BUSY_SECONDS = 30  # how long a writer waits for another process's transaction
MIGRATIONS = Path(__file__).parent / "migrations"
REMEDY = "(give a path such as archive.db, or sqlite:///path)"
# The tables by which an archive is known; another application may have an alembic_version of its own.
MARKS = {"alembic_version", "article", "announcement"}


def database_url(where: str) -> URL:
    """`where` as an SQLAlchemy URL; a plain path is an SQLite file. UsageError where it is neither."""
    try:
        if not re.match(r"^[a-z][\w+]*://", where, re.IGNORECASE):
            return URL.create("sqlite", database=str(Path(where).expanduser()))
        url = make_url(where)
    except (ArgumentError, ValueError, RuntimeError) as error:  # no URL, a port "x", the home of nobody
        raise UsageError(f"not a database: {where!r} {REMEDY}") from error
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise UsageError(f"{url.drivername} is not supported {REMEDY}")
    if url.host or url.database in (None, "", ":memory:"):
        raise UsageError(f"an archive needs a file: {where!r} {REMEDY}")
    return url


def open_engine(where: str, *, create: bool = True) -> Engine:
    """An engine on the archive at `where`, its tables made if it is empty.

    With `create=False` a missing file is a DatabaseError instead of a new archive.
    """
    engine = _engine(where, create=create)
    try:
        _require_revision(engine, create=create)
    except (DBAPIError, sqlite3.Error) as error:
        engine.dispose()
        reason = getattr(error, "orig", error)
        raise DatabaseError(f"cannot open the archive {engine.url.database}: {reason}") from error
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def _engine(where: str, *, create: bool, foreign_keys: bool = True) -> Engine:
    url = database_url(where)
    path = Path(url.database or ":memory:")
    if not create and not path.exists():
        raise DatabaseError(f"no archive at {path}: crawl something first, or name another with --database")
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    _set_up_sqlite(engine, foreign_keys=foreign_keys)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction with the write lock from its start, so that it cannot fail half-way for want of it."""
    with engine.connect().execution_options(newsarchive_writes=True) as connection, connection.begin():
        yield connection


def in_transaction(connection: Connection) -> bool:
    """Whether the database itself still has the transaction that `connection` believes to be in."""
    driver = connection.connection.dbapi_connection
    return isinstance(driver, sqlite3.Connection) and driver.in_transaction


def copy_sqlite(where: str, target: Path) -> None:
    """Copy an SQLite archive, in use or not, to `target`; a missing one leaves no copy."""
    path = Path(database_url(where).database or "")
    if not path.is_file():
        return
    try:
        origin = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        with closing(origin), closing(sqlite3.connect(target)) as copy:
            origin.backup(copy)
    except sqlite3.Error as error:
        raise DatabaseError(f"cannot copy the archive {path}: {error}") from error


def _set_up_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    """Let SQLAlchemy, not sqlite3, begin transactions: DDL and savepoints then work as on any database."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            "synchronous = NORMAL",
            "temp_store = MEMORY",
            "cache_size = -65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("newsarchive_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _require_revision(engine: Engine, *, create: bool) -> None:
    with engine.connect() as connection:
        found = _revision(connection)
    if found is None and create:
        _use_wal(engine)
        with writing(engine) as connection:  # under the lock: two first crawls may start at once
            found = _revision(connection)
            if found is None:
                upgrade(connection)
                found = REVISION
    if found is None:
        raise DatabaseError(f"{engine.url.database} is no archive: name another with --database")
    if found != REVISION:
        remedy = "`newsarchive db upgrade` brings it there" if found < REVISION else "a later one made it"
        raise DatabaseError(
            f"{engine.url.database} has revision {found}; this newsarchive needs {REVISION}: {remedy}"
        )


def _use_wal(engine: Engine) -> None:
    """Let readers read while a crawl writes. The file remembers it; it cannot change inside a transaction."""
    deadline = time.monotonic() + BUSY_SECONDS
    with closing(engine.raw_connection()) as connection:
        while True:
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                # Another process makes the same archive, and for this SQLite waits for nobody.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _revision(connection: Connection) -> str | None:
    """The archive's revision, None for an empty database; DatabaseError for one of something else."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    if not names >= MARKS:
        where = connection.engine.url.database
        raise DatabaseError(f"{where} is a database of something else: name another file")
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the database to `revision` inside the connection's transaction."""
    from alembic import command  # 0.2 s to import, needed once in an archive's life

    views.drop(connection)
    command.upgrade(alembic_config(connection), revision)
    if revision in ("head", REVISION):
        views.create(connection)


def upgrade_archive(where: str) -> tuple[str, str]:
    """Bring the archive at `where` to this version's revision; returns the revision before, and after."""
    with _whatever_its_revision(where) as engine, writing(engine) as connection:
        before = _known_revision(connection)
        if before > REVISION:
            raise DatabaseError(
                f"{engine.url.database} has revision {before}, which a later newsarchive made"
            )
        if before != REVISION:
            from storage.clusters import place_all  # numpy: 0.1 s to import, needed by writers alone

            upgrade(connection)
            place_all(connection)
            _check_references(connection)
        return before, REVISION


def _check_references(connection: Connection) -> None:
    """Undo an upgrade (by raising in its transaction) after which a row refers to nothing."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseError(f"the archive is damaged: a row of {broken[0]} refers to a {broken[2]} not there")


def revision_of(where: str) -> str:
    """The revision of the archive at `where`."""
    with _whatever_its_revision(where) as engine, engine.connect() as connection:
        return _known_revision(connection)


def _known_revision(connection: Connection) -> str:
    found = _revision(connection)
    if found is None:
        where = connection.engine.url.database
        raise DatabaseError(f"{where} is no archive: name another with --database")
    return found


@contextmanager
def _whatever_its_revision(where: str) -> Iterator[Engine]:
    # SQLite changes a table by copying and dropping it, which it refuses while rows elsewhere refer to it.
    engine = _engine(where, create=False, foreign_keys=False)
    try:
        yield engine
    except (DBAPIError, sqlite3.Error) as error:
        reason = getattr(error, "orig", error)
        raise DatabaseError(f"cannot open the archive {engine.url.database}: {reason}") from error
    finally:
        engine.dispose()


def alembic_config(connection: Connection) -> Any:
    """Alembic's configuration for a connection: the package's own revisions, no ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
