"""An archive in one SQLite file."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

DRIVERS = frozenset(("sqlite", "sqlite+pysqlite"))
WRITING: dict[str, object] = {"newsarchive_writes": True}
BUSY_SECONDS = 30  # how long a writer waits for another process's transaction
LOOK_MILLISECONDS = 20  # SQLite looks after 1, 2, 5 and 10; then it begins anew


def problem(url: URL) -> str | None:
    """An archive is a file of this machine."""
    return "an archive needs a file" if url.host or url.database in (None, "", ":memory:") else None


def is_there(url: URL) -> bool:
    """Whether the file is there."""
    return Path(url.database or "").exists()


def folder_name(url: URL) -> Path:
    """archive.db -> archive, beside it."""
    return Path(url.database or "").with_suffix("")


def connect(url: URL, *, foreign_keys: bool = True) -> Engine:
    """Let SQLAlchemy, not sqlite3, begin transactions: DDL and savepoints then work as on any database.

    SQLite changes a table by copying and dropping it, which it refuses while rows elsewhere refer to it:
    hence `foreign_keys`.
    """
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            "synchronous = NORMAL",
            "temp_store = MEMORY",
            "cache_size = -16384",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().keys() >= WRITING.keys():
            _begin_immediate(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_immediate(connection: Connection) -> None:
    """Take the writers' lock; who waits looks often, since one that writes much lets go for moments only.

    SQLite's own waiting looks ten times a second: four busy writers had one wait for half a minute.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA busy_timeout = {LOOK_MILLISECONDS}")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except DBAPIError as error:
                is_busy = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() > deadline:
                    raise
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(1000 * BUSY_SECONDS)}")


def prepare(engine: Engine) -> None:
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


def begin_writing(connection: Connection) -> None:
    """BEGIN IMMEDIATE has taken the lock already: the transaction cannot fail half-way for want of it."""


def expect_few_rows(connection: Connection) -> None:
    """Nothing: it plans no other way."""


def is_in_transaction(driver: Any) -> bool:
    """On a full disk SQLite ends a transaction by itself."""
    return isinstance(driver, sqlite3.Connection) and driver.in_transaction


def is_undone(error: DBAPIError) -> bool:
    """SQLite has one writer at a time, which nobody disturbs."""
    return False


def is_away(error: DBAPIError) -> bool:
    """A file is no server."""
    return False


def overwrite_deleted(connection: Connection) -> None:
    """Deleted rows would stay readable in the file until their room is used again."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")


def forget(engine: Engine) -> None:
    """The index keeps the words of deleted rows until its parts are merged; the log keeps all pages."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        overwrite_deleted(connection)
        connection.exec_driver_sql("INSERT INTO article_search (article_search) VALUES ('optimize')")
    with closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def dangling(connection: Connection) -> list[str]:
    """As `PRAGMA foreign_key_check` finds them."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return [f"row {row[1]} of {row[0]} refers to a {row[2]} that is not there" for row in found]


def damages(connection: Connection) -> list[str]:
    """As `PRAGMA integrity_check` finds them."""
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [line for line in found if line != "ok"]
