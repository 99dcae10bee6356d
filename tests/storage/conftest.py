"""Real archives for the tests, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from storage.archive import Archive
from storage.database import open_engine, writing
from tests.databases import Files, archive_on
from tests.postgresql import Server
from tests.storage.newsroom import Newsroom

# As in a file, where an id that was given back is given again.
FROM_ONE = text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")


@pytest.fixture
def where(tmp_path: Path, databases: Files | Server) -> Iterator[str]:
    """The path or URL of an archive of the test's own."""
    with archive_on(databases, tmp_path) as where:
        yield where


@pytest.fixture
def nowhere(tmp_path: Path, databases: Files | Server) -> Iterator[str]:
    """The path or URL where an archive may be made."""
    with archive_on(databases, tmp_path / "new", empty=True) as where:
        yield where


@pytest.fixture
def engine(where: str) -> Iterator[Engine]:
    engine = open_engine(where)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory, databases: Files | Server) -> Iterator[Engine]:
    """One archive that stays empty: for tests that commit nothing, and so need none of their own."""
    with archive_on(databases, tmp_path_factory.mktemp("shared")) as where:
        engine = open_engine(where)
        yield engine
        engine.dispose()


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    """A connection in a writing transaction that ends with the test."""
    with writing(shared_engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(FROM_ONE)
        yield connection
        connection.rollback()


@pytest.fixture
def newsroom(connection: Connection) -> Newsroom:
    """A source with a feed, in the course of its first crawl."""
    return Newsroom(connection)


@pytest.fixture
def archive(where: str) -> Iterator[Archive]:
    with Archive.open(where) as archive:
        yield archive
