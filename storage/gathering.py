"""Rows that are written at the end of their transaction: gathered, and by one statement for all.

    with gathering(connection):                  # a group of the writer's operations
        later(connection, INSERT, [row])         # … each of them, many times
                                                 # leaving it writes the rows, in the order in which they came

A statement costs more than its rows, and SQLite's search index writes a part of itself for each statement
after a row of it. Nobody has to know what is gathered: before a statement that names a table of which rows
wait, all that waits is written, so each statement finds what was there to be found. What an operation that
failed has gathered is forgotten with all of its group, which is undone; where nothing gathers, rows are
written at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import ClauseElement, CompoundSelect, Connection, Insert, Select, TableClause, Update, event
from sqlalchemy.sql import visitors

Rows: TypeAlias = Sequence[Mapping[str, Any]]

GATHERED = "newsarchive_gathered"  # in a connection's info
# Any other statement may lead to tables that it does not name: DELETE by its cascades, text.
KNOWN = (Select, CompoundSelect, Insert, Update)

_names: WeakKeyDictionary[ClauseElement, frozenset[str]] = WeakKeyDictionary()


@dataclass(slots=True)
class _Gathered:
    """What waits to be written."""

    rows: dict[Insert, list[Mapping[str, Any]]] = field(default_factory=dict)
    # By the statement that writes them, in the order in which those came.
    tables: dict[str, Insert] = field(default_factory=dict)
    # What those statements write to, and by which of them.

    def is_too_early(self, statement: Insert) -> bool:
        """Whether further rows of `statement` would be written before some that came before them."""
        others = {self.tables[name] for name in _tables(statement) & self.tables.keys()} - {statement}
        if statement not in self.rows:
            return statement.table.name in self.tables
        behind = list(self.rows)[list(self.rows).index(statement) :]
        return not others.isdisjoint(behind)


@contextmanager
def gathering(connection: Connection) -> Iterator[None]:
    """Write at the end what comes meanwhile to be written later; nothing of it after an error."""
    connection.info[GATHERED] = _Gathered()
    event.listen(connection, "before_execute", _before, retval=True)  # which spares SQLAlchemy a wrapper
    try:
        yield
        _settle(connection)
    finally:
        event.remove(connection, "before_execute", _before)
        del connection.info[GATHERED]


def later(connection: Connection, statement: Insert, rows: Rows) -> None:
    """Have `statement`, one that is put together once, write `rows` before the transaction ends."""
    if not rows:
        return
    if GATHERED not in connection.info:
        connection.execute(statement, rows)
        return
    table = statement.table.name
    if connection.info[GATHERED].is_too_early(statement):
        _settle(connection)
    gathered: _Gathered = connection.info[GATHERED]
    gathered.tables[table] = statement
    gathered.rows.setdefault(statement, []).extend(rows)


def _before(
    connection: Connection, statement: ClauseElement, rows: Rows, row: Mapping[str, Any], options: object
) -> tuple[ClauseElement, Rows, Mapping[str, Any]]:
    """Write what waits before a statement that may ask for it, or change it."""
    gathered: _Gathered = connection.info[GATHERED]
    if gathered.rows and (
        not isinstance(statement, KNOWN) or not gathered.tables.keys().isdisjoint(_tables(statement))
    ):
        _settle(connection)
    return statement, rows, row


def _settle(connection: Connection) -> None:
    gathered: _Gathered = connection.info[GATHERED]
    connection.info[GATHERED] = _Gathered()
    for statement, rows in gathered.rows.items():
        connection.execute(statement, rows)


def _tables(statement: ClauseElement) -> frozenset[str]:
    """The names of the tables that a statement reads or writes."""
    names = _names.get(statement)
    if names is None:
        parts = visitors.iterate(statement)
        names = frozenset(part.name for part in parts if isinstance(part, TableClause))
        _names[statement] = names
    return names
