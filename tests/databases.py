"""Archives on each engine for the tests: made once, copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Executable, NullPool, create_engine, inspect, text

from storage.database import database_url, open_engine
from tests.postgresql import Server

ENGINES = ("sqlite", "postgresql")
only_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)

# For tests with the fixture `newsarchive`.
on_both_engines = pytest.mark.parametrize("crawl_engine", ENGINES, indirect=True)


@dataclass(frozen=True)
class Files:
    """SQLite, with the same methods as a server."""

    folder: Path

    @property
    def template(self) -> Path:
        path = self.folder / "empty.db"
        if not path.exists():
            open_engine(str(path)).dispose()
        return path

    @contextmanager
    def database(self, *, at: Path, empty: bool = False, like: str | None = None) -> Iterator[str]:
        at.parent.mkdir(exist_ok=True)
        yield str(at if empty else shutil.copyfile(like or self.template, at))


@contextmanager
def archive_on(
    maker: Files | Server, folder: Path, *, empty: bool = False, like: str | None = None
) -> Iterator[str]:
    """Where an archive of the caller's own is, without a row or `like` another one that nobody uses.

    `empty`: where one may be made.
    """
    if isinstance(maker, Server):
        with maker.database(empty=empty, like=like) as where:
            yield where
    else:
        with maker.database(at=folder / "archive.db", empty=empty, like=like) as where:
            yield where


@cache
def _looking(where: str) -> Engine:
    """Tests that wait for something ask many times a second, each time over a connection of its own."""
    url = database_url(where)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(url, poolclass=NullPool)


def rows(where: str, statement: str | Executable) -> list[tuple[Any, ...]]:
    """What any other process sees there."""
    with _looking(where).begin() as connection:
        result = connection.execute(text(statement) if isinstance(statement, str) else statement)
        return [tuple(row) for row in result] if result.returns_rows else []


def everything(where: str) -> dict[str, list[str]]:
    """All rows of all tables, to see whether anything was written."""
    names = inspect(_looking(where)).get_table_names()
    return {name: sorted(map(repr, rows(where, f'SELECT * FROM "{name}"'))) for name in names}
