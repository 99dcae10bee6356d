"""INSERT … ON CONFLICT, which both engines write the same and SQLAlchemy has once for each."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert = sqlite.Insert | postgresql.Insert


def upsert(connection: Connection, table: Table) -> Upsert:
    """An INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing`, for this connection."""
    return upsert_on(connection.dialect.name, table)


def upsert_on(engine: str, table: Table) -> Upsert:
    """The same for an engine, by its name: for a statement that is kept."""
    return sqlite.insert(table) if engine == "sqlite" else postgresql.insert(table)
