"""The fictional newspaper over real HTTP, and the command that crawls it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.demo import Newspaper
from tests.command import Begin, Command
from tests.databases import Files, archive_on
from tests.postgresql import Server


@pytest.fixture(scope="module")
def crawl_engine(request: pytest.FixtureRequest) -> str:
    """Which database a test crawls into."""
    return str(getattr(request, "param", None) or request.config.getoption("crawls_on"))


@pytest.fixture(scope="module")
def begin(crawl_engine: str, request: pytest.FixtureRequest) -> Begin:
    """For what several tests of a module share; else there is `newsarchive`."""
    maker: Files | Server = request.getfixturevalue("postgresql" if crawl_engine == "postgresql" else "files")

    @contextmanager
    def made(folder: Path) -> Iterator[Command]:
        with archive_on(maker, folder) as where:
            yield Command(folder, where if isinstance(maker, Server) else None)

    return made


@pytest.fixture
def newsarchive(tmp_path: Path, begin: Begin) -> Iterator[Command]:
    """The command with an archive without a row; `on_each_engine` and `Command(folder)` begin without one."""
    with begin(tmp_path) as command:
        yield command


@pytest.fixture
def on_each_engine(tmp_path: Path, databases: Files | Server) -> Iterator[Command]:
    """The command with an archive that its first crawl makes, once on SQLite and once on PostgreSQL."""
    with archive_on(databases, tmp_path, empty=True) as where:
        yield Command(tmp_path, where if isinstance(databases, Server) else None)


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with Newspaper() as newspaper:
        yield newspaper
