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
def newsarchive(tmp_path: Path, files: Files) -> Command:
    """The command with an archive without a row; `on_each_engine` and `Command(folder)` begin without one."""
    command = Command(tmp_path)
    shutil.copyfile(files.template, command.database)
    return command


@pytest.fixture
def on_each_engine(tmp_path: Path, databases: Files | Server) -> Iterator[Command]:
    """The command with an archive that its first crawl makes, once on SQLite and once on PostgreSQL."""
    with archive_on(databases, tmp_path, empty=True) as where:
        yield Command(tmp_path, where if isinstance(databases, Server) else None)


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with Newspaper() as newspaper:
        yield newspaper
