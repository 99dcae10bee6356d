"""Real archives for the pipelines, and submissions as a spider hands them over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from storage.database import writing
from storage.records import Submission
from tests.storage.conftest import archive, engine, where
from tests.storage.newsroom import Newsroom, article

__all__ = ["archive", "engine", "where"]

Submit = Callable[..., Submission]


@pytest.fixture
def submit(engine: Engine) -> Submit:
    """Announce an address and hand in its article, with no fingerprints yet; fields: those of Article."""

    def submission(address: str, *, slug: str = "courier", **fields: Any) -> Submission:
        with writing(engine) as connection:
            newsroom = Newsroom(connection, slug)
            return newsroom.submission(article(address, **fields), text_hash=None, content_hash="")

    return submission
