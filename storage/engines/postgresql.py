"""An archive in a PostgreSQL database, through psycopg 3.

One transaction writes at a time, as on SQLite: each begins with a lock of the whole archive. Writers commit
in groups, so that they lose little by taking turns; and no two of them can store the same article twice,
overlook each other's copies, or wait for each other in a circle.
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseError

DRIVERS = frozenset(("postgresql", "postgresql+psycopg"))
# Having waited for its turn, a writer sees what the one before has written.
WRITING: dict[str, object] = {"isolation_level": "READ COMMITTED"}
BUSY_SECONDS = 30  # how long a writer waits for another one's transaction
FORGOTTEN_SECONDS = 600  # after which a writer that does nothing has to let go
CONNECT_SECONDS = 15
LOCK = 0x6E657773  # "news": other applications in the same database have their own
NO_DRIVER = "PostgreSQL needs its driver: pip install 'newsarchive[postgresql]'"

TAKE_TURNS = text(
    "SELECT set_config('lock_timeout', :busy, true),"
    " set_config('idle_in_transaction_session_timeout', :forgotten, true),"
    " pg_advisory_xact_lock(:lock)"
)
SMALL_PLANS = """
SELECT set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('join_collapse_limit', '1', true)"""
UNDONE = ("40001", "40P01")
AWAY = ("57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006")

# In JSON: NUL, and surrogates that stand alone.
UNTOLD = re.compile(
    r"\\u0000|\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}"
)
ESCAPED = "\0"  # stands for an escaped backslash meanwhile: what follows it is no escape

FOREIGN_KEYS = """
SELECT c.conname, c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
ORDER BY 1"""


def problem(url: URL) -> str | None:
    """An archive needs a database of its own."""
    return None if url.database else "an archive needs a database"


def is_there(url: URL) -> bool:
    """The server tells."""
    return True


def folder_name(url: URL) -> Path:
    """The database's name, in the working directory."""
    return Path(re.sub(r"[^\w-]", "_", url.database or ""))


def connect(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine that notices a server that has been restarted.

    Its sessions count in UTC and write dates as ISO 8601 does, whatever the server is set to.
    """
    if find_spec("psycopg") is None:
        raise DatabaseError(NO_DRIVER)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args=_settings(url),
        isolation_level="REPEATABLE READ",
        json_serializer=_json,
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.execute("SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'")
        connection.commit()

    return engine


def _json(value: object) -> str:
    """As JSON; what PostgreSQL cannot make text of is replaced, as in every other column (`PageText`)."""
    return UNTOLD.sub("?", json.dumps(value).replace("\\\\", ESCAPED)).replace(ESCAPED, "\\\\")


def _settings(url: URL) -> dict[str, object]:
    """What is said to the server, unless the URL says otherwise; keepalives tell that it is gone."""
    ours = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "newsarchive",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    return {name: value for name, value in ours.items() if name not in url.query}


def prepare(engine: Engine) -> None:
    """Nothing: the database is what its owner made it."""


def begin_writing(connection: Connection) -> None:
    """Take the archive's lock for this transaction."""
    connection.execute(
        TAKE_TURNS, {"busy": f"{BUSY_SECONDS}s", "forgotten": f"{FORGOTTEN_SECONDS}s", "lock": LOCK}
    )


def expect_few_rows(connection: Connection) -> None:
    """Until the transaction ends: plans for few rows, and joins in the order as written.

    What is known of words and days says too little of how many rows there are: a plan for many would read a
    whole table, start worker processes, or compile itself, each of which takes longer than the question.
    """
    connection.exec_driver_sql(SMALL_PLANS)


def is_in_transaction(driver: Any) -> bool:
    """A transaction that has failed, or whose connection is lost, is none."""
    from psycopg.pq import TransactionStatus

    return driver is not None and bool(driver.info.transaction_status == TransactionStatus.INTRANS)


def is_undone(error: DBAPIError) -> bool:
    """Deadlocks and failed serialisations: only others in the same database can bring them about."""
    return getattr(error.orig, "sqlstate", None) in UNDONE


def is_away(error: DBAPIError) -> bool:
    """It shuts down or starts up; or there is no answer at all: no connection, or none any more."""
    import psycopg

    state = getattr(error.orig, "sqlstate", None)
    return state in AWAY or (state is None and isinstance(error.orig, psycopg.OperationalError))


def overwrite_deleted(connection: Connection) -> None:
    """Rows go when nobody sees them any more: `forget`."""


def forget(engine: Engine) -> None:
    """Take the deleted rows out of their pages."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")


def dangling(connection: Connection) -> list[str]:
    """A server that lost pages, or a copy that was made by hand, may have such rows all the same."""
    found: list[str] = []
    for name, table, column, target, key in connection.exec_driver_sql(FOREIGN_KEYS).all():
        rows = connection.exec_driver_sql(
            f"SELECT count(*) FROM {table} one WHERE {column} IS NOT NULL"  # noqa: S608 (names of our tables)
            f" AND NOT EXISTS (SELECT FROM {target} other WHERE other.{key} = one.{column})"
        ).scalar_one()
        if rows:
            found.append(f"{rows} rows of {table} refer to a {target} that is not there ({name})")
    return found


def damages(connection: Connection) -> list[str]:
    """Pages that fail their checksums fail each check that reads them; there is no check of them all."""
    return []
