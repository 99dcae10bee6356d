"""The newspaper, served over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.demo import Newspaper
from tests.crawler.demo.newspaper_client import NOW, Fetch, fetch_once


@pytest.fixture(scope="session")
def fetch() -> Fetch:
    return fetch_once


@pytest.fixture(scope="session")
def paper() -> Iterator[Newspaper]:
    """A newspaper for the tests that only read it."""
    with Newspaper(now=NOW) as newspaper:
        yield newspaper


@pytest.fixture
def own_paper() -> Iterator[Newspaper]:
    """A newspaper for a test that changes it or looks at its log."""
    with Newspaper(now=NOW) as newspaper:
        yield newspaper
