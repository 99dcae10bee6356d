"""The table of the search index, which no model describes: each engine has its own."""

from __future__ import annotations

from sqlalchemy import Connection

from storage import fts5, tsvector

STATEMENTS = {"sqlite": (fts5.TABLE,), "postgresql": (tsvector.TABLE, *tsvector.INDEXES)}


def create(connection: Connection) -> None:
    """Make the table, empty."""
    for statement in STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
