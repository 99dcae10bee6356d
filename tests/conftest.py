"""The databases that tests of the archive run on: files, and a server, once one asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import ENGINES, Files
from tests.postgresql import Server, started


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crawls-on",
        choices=ENGINES,
        default="sqlite",
        help="the database of tests that crawl and do not say which (those of `on_both_engines` run on each)",
    )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with started() as server:
        yield server


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("archives"))


@pytest.fixture(scope="session", params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine a test runs on; it runs once on each."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, engine_name: str) -> Files | Server:
    """What makes databases on that engine."""
    maker: Files | Server = request.getfixturevalue("files" if engine_name == "sqlite" else engine_name)
    return maker
