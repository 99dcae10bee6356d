"""A new reading of a stored version: which rows it makes and moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from storage import rereading
from storage.models import article as articles
from storage.models import byline, version
from storage.records import Byline, Submission
from storage.rereading import Effect, StoredVersion
from tests.storage.newsroom import DAY, NOON, Newsroom, article

PIER = "https://courier.example/pier"
MOVED = "https://courier.example/pier-stays-closed"


def stored(newsroom: Newsroom, number: int = 1) -> StoredVersion:
    """The version as a run of `reextract` takes it."""
    row = newsroom.connection.execute(
        select(version).where(version.c.number == number, version.c.is_superseded.is_(False))
    ).one()
    return StoredVersion(
        id=row.id,
        article_id=row.article_id,
        source=newsroom.slug,
        number=row.number,
        url=row.url,
        fetched_at=row.fetched_at,
        extractor=row.extractor,
        capture=None,
    )


def reading(newsroom: Newsroom, **fields: Any) -> Submission:
    return newsroom.submission(article(PIER, **fields), extractor="new")


@pytest.fixture
def pier(newsroom: Newsroom) -> Newsroom:
    newsroom.store(article(PIER, headline="Then", bylines=(Byline(name="Ada Holm"),)), extractor="old")
    return newsroom


def test_a_difference_is_a_further_reading(pier: Newsroom) -> None:
    before = stored(pier)
    submission = reading(pier, headline="Now")
    assert rereading.put(pier.connection, before, submission, at=NOON + DAY) is Effect.CHANGED
    rows = pier.connection.execute(select(version).order_by(version.c.reading)).all()
    assert [(r.number, r.reading, r.is_superseded, r.headline, r.extractor) for r in rows] == [
        (1, 1, True, "Then", "old"),
        (1, 2, False, "Now", "new"),
    ]
    assert [(r.fetched_at, r.read_at) for r in rows] == [(NOON, None), (NOON, NOON + DAY)]
    assert pier.connection.scalar(select(articles.c.current_version_id)) == rows[1].id
    assert list(pier.connection.scalars(select(byline.c.version_id))) == [rows[0].id]
    assert rereading.put(pier.connection, before, submission, at=NOON) is Effect.OVERTAKEN


def test_no_difference_is_no_row(pier: Newsroom) -> None:
    submission = reading(pier, headline="Then", bylines=(Byline(name="Ada Holm"),))
    assert rereading.put(pier.connection, stored(pier), submission, at=NOON + DAY) is Effect.SAME
    [row] = pier.connection.execute(select(version)).all()
    assert (row.extractor, row.read_at, row.reading) == ("new", NOON + DAY, 1)


def test_an_earlier_version_is_read_again_and_stays_earlier(pier: Newsroom) -> None:
    pier.next_run(DAY)
    pier.store(article(PIER, headline="Later"), extractor="old")
    effect = rereading.put(pier.connection, stored(pier, 1), reading(pier, headline="Better"), at=pier.now)
    assert effect is Effect.CHANGED
    query = select(version.c.headline).join(articles, articles.c.current_version_id == version.c.id)
    assert pier.connection.scalar(query) == "Later"


def test_the_article_moves_to_the_address_that_it_gives(pier: Newsroom) -> None:
    submission = reading(pier, headline="Then", canonical_url=MOVED)
    assert rereading.put(pier.connection, stored(pier), submission, at=NOON) is Effect.CHANGED
    assert pier.connection.scalar(select(articles.c.canonical_url)) == MOVED


def test_it_does_not_take_the_address_of_another(pier: Newsroom) -> None:
    pier.store(article(MOVED, headline="Another"), extractor="other")
    same = article(PIER, headline="Then", bylines=(Byline(name="Ada Holm"),))
    submission = pier.submission(replace(same, canonical_url=MOVED), extractor="new")
    before = replace(stored_of(pier, PIER))
    assert rereading.put(pier.connection, before, submission, at=NOON) is Effect.SAME
    assert set(pier.connection.scalars(select(articles.c.canonical_url))) == {PIER, MOVED}


def stored_of(newsroom: Newsroom, address: str) -> StoredVersion:
    row = newsroom.connection.execute(select(version).where(version.c.url == address)).one()
    return StoredVersion(
        id=row.id,
        article_id=row.article_id,
        source=newsroom.slug,
        number=row.number,
        url=row.url,
        fetched_at=row.fetched_at,
        extractor=row.extractor,
        capture=None,
    )
