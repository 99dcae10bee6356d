"""Real SQLite archives for the tests: made once, copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from storage.archive import Archive
from storage.database import open_engine, writing
from tests.storage.newsroom import Newsroom


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without a row; to be copied, never to be opened."""
    path = tmp_path_factory.mktemp("archive") / "empty.db"
    open_engine(str(path)).dispose()
    return path


@pytest.fixture
def where(tmp_path: Path, empty_archive: Path) -> str:
    """The path of an archive of the test's own."""
    return str(shutil.copyfile(empty_archive, tmp_path / "archive.db"))


@pytest.fixture
def engine(where: str) -> Iterator[Engine]:
    engine = open_engine(where)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory, empty_archive: Path) -> Iterator[Engine]:
    """One archive that stays empty: for tests that commit nothing, and so need no file of their own."""
    engine = open_engine(
        str(shutil.copyfile(empty_archive, tmp_path_factory.mktemp("shared") / "archive.db"))
    )
    yield engine
    engine.dispose()


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    """A connection in a writing transaction that ends with the test."""
    with writing(shared_engine) as connection:
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
