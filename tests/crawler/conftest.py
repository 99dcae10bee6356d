"""The fictional newspaper over real HTTP, and the command that crawls it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo import Newspaper
from tests.command import Command


@pytest.fixture
def newsarchive(tmp_path: Path) -> Command:
    return Command(tmp_path)


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with Newspaper() as newspaper:
        yield newspaper
