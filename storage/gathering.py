"""Rows that nobody asks for before their transaction ends: gathered, and written by one statement for all.

    with gathering(connection):                  # a group of the writer's operations
        later(connection, INSERT, [row])         # … each of them, many times
                                                 # leaving it writes the rows, in the order in which they came

A statement costs more than its rows, and SQLite's search index writes a part of itself for each statement
after a row of it. What an operation that failed has gathered is forgotten with all of its group, which is
undone; where nothing gathers, rows are written at once. Who asks for such rows, or changes them, calls
`settle` before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable

Rows: TypeAlias = Sequence[Mapping[str, Any]]

GATHERED = "newsarchive_gathered"  # in a connection's info: rows by the statement that writes them


@contextmanager
def gathering(connection: Connection) -> Iterator[None]:
    """Write at the end what comes meanwhile to be written later; nothing of it after an error."""
    connection.info[GATHERED] = {}
    try:
        yield
        settle(connection)
    finally:
        connection.info.pop(GATHERED, None)


def later(connection: Connection, statement: Executable, rows: Rows) -> None:
    """Have `statement`, one that is put together once, write `rows` before the transaction ends."""
    gathered: dict[Executable, list[Mapping[str, Any]]] | None = connection.info.get(GATHERED)
    if gathered is None:
        connection.execute(statement, rows)
    else:
        gathered.setdefault(statement, []).extend(rows)


def settle(connection: Connection) -> None:
    """Write what was gathered until now."""
    gathered: dict[Executable, list[Mapping[str, Any]]] = connection.info.get(GATHERED, {})
    while gathered:
        statement = next(iter(gathered))
        connection.execute(statement, gathered.pop(statement))
