"""The same text under a second address goes no further, and is accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from pipelines.deduplicate import Deduplicate, Duplicate
from pipelines.fingerprint import content_hash, text_hash
from storage import articles
from storage.archive import Archive
from storage.database import writing
from storage.records import Outcome, Submission
from tests.pipelines.conftest import Submit
from tests.storage.newsroom import BODY, paragraphs

PIER = "https://courier.example/pier"
COPY = "https://courier.example/2026/pier"


@pytest.fixture
def deduplicate(where: str) -> Iterator[Deduplicate]:
    pipeline = Deduplicate(where)
    pipeline.open_spider()
    yield pipeline
    pipeline.close_spider()


def run(pipeline: Deduplicate, item: object) -> object:
    return asyncio.run(pipeline.process_item(item))


def test_a_new_text_gets_its_fingerprints(deduplicate: Deduplicate, submit: Submit, archive: Archive) -> None:
    item = submit(PIER)
    done = run(deduplicate, item)
    assert isinstance(done, Submission)
    assert done.article == item.article
    assert (done.text_hash, done.content_hash) == (text_hash(item.article), content_hash(item.article))
    entry = archive.why(PIER)
    assert entry
    assert entry.outcome is Outcome.PENDING, "what became of it is for the next pipeline to say"


def test_a_copy_is_dropped_with_its_outcome(
    deduplicate: Deduplicate, submit: Submit, engine: Engine, archive: Archive
) -> None:
    text = paragraphs(*BODY)
    first = run(deduplicate, submit(PIER, blocks=text))
    assert isinstance(first, Submission)
    with writing(engine) as connection:
        articles.store(connection, first)
    assert run(deduplicate, first) == first, "an article is no copy of itself"
    with pytest.raises(Duplicate, match="/2026/pier has the text of article 1"):
        run(deduplicate, submit(COPY, blocks=text))
    entry = archive.why(COPY)
    assert entry
    assert (entry.outcome, entry.article_id) == (Outcome.DUPLICATE, 1)
    assert archive.count() == 1


def test_the_same_text_of_another_source_goes_on(
    deduplicate: Deduplicate, submit: Submit, engine: Engine
) -> None:
    text = paragraphs(*BODY)
    first = run(deduplicate, submit(PIER, blocks=text))
    assert isinstance(first, Submission)
    with writing(engine) as connection:
        articles.store(connection, first)
    other = submit("https://tagblatt.example/mole", slug="tagblatt", blocks=text)
    assert isinstance(run(deduplicate, other), Submission)


def test_what_is_no_submission_goes_through(deduplicate: Deduplicate) -> None:
    assert run(deduplicate, {"a": 1}) == {"a": 1}
