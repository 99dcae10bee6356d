"""Rows into an empty archive that nobody else uses, as fast as its engine takes them: indexes come last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, MetaData
from sqlalchemy.schema import CreateIndex, DropIndex

from storage import search_index, tsvector
from storage.models import metadata

SEARCH = "article_search"
SEARCH_COLUMNS = {
    "sqlite": ("rowid", *search_index.COLUMNS, "facets"),
    "postgresql": ("rowid", "terms", "facets", "vector", "is_whole"),
}
GIVEN = {("change", "id")}  # by the engine
GATHERED, USUAL = 64 * 2**20, 2**20  # bytes of words that SQLite gathers before it writes a part of its index
HASTE = ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000")
POSTGRESQL_HASTE = (
    "SET session_replication_role = replica",  # no look whether what a row refers to is there
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '1GB'",
    "SET jit = off",
)


class Loader(NamedTuple):
    """Puts rows into an archive."""

    put: Callable[[str, Sequence[tuple[Any, ...]]], None]
    # Into the table of that name; a value for each of `columns`.
    run: Callable[[str], object]
    # Any statement.


def loading(engine: Engine) -> Any:
    """A block in which rows are put in; at its end the archive is whole, and the planner knows it."""
    return _sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine)


def columns(name: str) -> list[str]:
    """The columns of a table that its rows have values for."""
    return [column.name for column in metadata.tables[name].c if (name, column.name) not in GIVEN]


def _columns(engine: Engine, name: str) -> list[str]:
    return list(SEARCH_COLUMNS[engine.dialect.name]) if name == SEARCH else columns(name)


def _indexes(engine: Engine, tables: MetaData = metadata) -> tuple[list[str], list[str]]:
    """The statements that drop every index that is no constraint, and those that make them."""
    every = [
        index for table in tables.sorted_tables for index in sorted(table.indexes, key=lambda i: i.name or "")
    ]
    drop = [str(DropIndex(index, if_exists=True).compile(dialect=engine.dialect)) for index in every]
    return drop, [str(CreateIndex(index).compile(dialect=engine.dialect)) for index in every]


@contextmanager
def _sqlite(engine: Engine) -> Iterator[Loader]:
    raw = engine.raw_connection()
    cursor = raw.cursor()

    def put(name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = _columns(engine, name)
        marks = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)

    def gather(size: int) -> None:
        cursor.execute(f"INSERT INTO {SEARCH} ({SEARCH}, rank) VALUES ('hashsize', {size})")

    drop, create = _indexes(engine)
    for pragma in HASTE:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("BEGIN")
    gather(GATHERED)
    for statement in drop:
        cursor.execute(statement)
    yield Loader(put, cursor.execute)
    for statement in create:
        cursor.execute(statement)
    gather(USUAL)
    cursor.execute("COMMIT")
    cursor.execute("ANALYZE")
    cursor.execute("PRAGMA journal_mode = WAL").fetchall()
    raw.close()
    engine.dispose()  # nobody else is to be in such haste


@contextmanager
def _postgresql(engine: Engine) -> Iterator[Loader]:
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.autocommit = True

    def put(name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = ", ".join(_columns(engine, name))
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    drop, create = _indexes(engine)
    names = [statement.split()[2] for statement in tsvector.INDEXES]
    for statement in (*POSTGRESQL_HASTE, *drop, *(f"DROP INDEX {name}" for name in names)):
        driver.execute(statement)
    yield Loader(put, driver.execute)
    for statement in (*create, *tsvector.INDEXES):
        driver.execute(statement)
    for table in metadata.sorted_tables:
        if "id" in table.c:
            driver.execute(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
                " HAVING max(id) IS NOT NULL"
            ) if table.autoincrement_column is not None else None
    driver.execute("VACUUM ANALYZE")
    raw.close()
    engine.dispose()
