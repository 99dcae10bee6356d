"""What the database engines do each in their own way; all else is SQLAlchemy's, and the same for both.

`sqlite` and `postgresql` are modules of the same functions, which `Backend` describes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from storage.engines import postgresql, sqlite

REMEDY = "(give a path such as archive.db, sqlite:///path, or postgresql://user@host/database)"


class Backend(Protocol):
    """One engine."""

    DRIVERS: frozenset[str]
    # The driver names of its URLs.
    WRITING: dict[str, object]
    # SQLAlchemy's execution options of a transaction that writes; the others read one snapshot.

    def problem(self, url: URL) -> str | None:
        """Why no archive can be at `url`, if so."""

    def is_there(self, url: URL) -> bool:
        """Whether there is anything at `url` to be opened, as far as that can be told before."""

    def connect(self, url: URL, *, foreign_keys: bool = True) -> Engine:
        """An engine, set up for an archive. Without `foreign_keys` tables can be changed."""

    def prepare(self, engine: Engine) -> None:
        """Set up an empty database, before the transaction that makes the tables."""

    def begin_writing(self, connection: Connection) -> None:
        """Wait, at the start of a transaction that writes, until nobody else writes."""

    def expect_few_rows(self, connection: Connection) -> None:
        """Set up a transaction that asks many small questions."""

    def is_in_transaction(self, driver: Any) -> bool:
        """Whether a driver's connection still has its transaction."""

    def is_undone(self, error: DBAPIError) -> bool:
        """Whether the engine took the transaction back for another one's sake: it may be tried again."""

    def is_away(self, error: DBAPIError) -> bool:
        """Whether the server could not be reached, or not any more; it may be back soon."""

    def dangling(self, connection: Connection) -> list[str]:
        """The rows that refer to rows that are not there."""

    def damages(self, connection: Connection) -> list[str]:
        """What the engine itself finds wrong with its files."""

    def overwrite_deleted(self, connection: Connection) -> None:
        """Let what this transaction deletes be overwritten, where the engine would leave it in its files."""

    def forget(self, engine: Engine) -> None:
        """Clear what deleted rows and index entries have left in files, after the transaction has ended."""

    def folder_name(self, url: URL) -> Path:
        """What the folders that lie beside an archive are named after, with the folder that they lie in."""


BACKENDS: dict[str, Backend] = {"sqlite": sqlite, "postgresql": postgresql}


def of(url: URL) -> Backend:
    """The backend of a database that can hold an archive."""
    return BACKENDS[url.get_backend_name()]
