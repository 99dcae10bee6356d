"""The fictional newspaper over real HTTP, and the command that crawls it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo import Newspaper
from tests.command import Command
from tests.databases import Files, archive_on
from tests.postgresql import Server


@pytest.fixture
def crawl_engine(request: pytest.FixtureRequest) -> str:
    """Which database a test crawls into."""
    return str(getattr(request, "param", None) or request.config.getoption("crawls_on"))


@pytest.fixture
def newsarchive(tmp_path: Path, crawl_engine: str, request: pytest.FixtureRequest) -> Iterator[Command]:
    """The command with an archive without a row; `on_each_engine` and `Command(folder)` begin without one."""
    if crawl_engine == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        with server.database() as where:
            yield Command(tmp_path, where)
    else:
        command = Command(tmp_path)
        files: Files = request.getfixturevalue("files")
        shutil.copyfile(files.template, command.database)
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
