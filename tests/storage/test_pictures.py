"""Which pictures are wanted as files, and how each row comes by its file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from storage import pictures
from storage.pictures import Wanted
from storage.reading import load
from storage.records import Article, Image, PictureFile, Pictures
from tests.storage.newsroom import HOUR, NOON, Newsroom, article, paragraphs

PIER = "https://courier.example/pier"
GULL = "https://courier.example/gull.jpg"
BOAT = "https://courier.example/boat.jpg"
FILE = PictureFile(sha256="ab" * 32, media_type="image/jpeg", width=3, height=2, size=7, fetched_at=NOON)


def story(*urls: str, address: str = PIER, words: str = "One.") -> Article:
    shown = tuple(Image(url=url, is_lead=n == 0) for n, url in enumerate(urls))
    return article(address, images=shown, blocks=paragraphs(words * 30))


def wanted(newsroom: Newsroom, after: Wanted | None = None, limit: int = 10) -> list[str]:
    found = pictures.wanted(newsroom.connection, newsroom.source_id, after=after, limit=limit)
    return [one.url for one in found]


def captions(connection: Connection) -> list[tuple[object, ...]]:
    query = "SELECT image_url, file, media_type, width, height, file_detail FROM captions ORDER BY 1"
    return [tuple(row) for row in connection.execute(text(query))]


@pytest.mark.parametrize(
    ("which", "asked"), [(Pictures.NONE, []), (Pictures.LEAD, [GULL]), (Pictures.ALL, [GULL, BOAT])]
)
def test_what_a_source_says_is_wanted(newsroom: Newsroom, which: Pictures, asked: list[str]) -> None:
    newsroom.store(story(GULL, BOAT), pictures=which)
    assert wanted(newsroom) == asked


def test_they_come_in_order_a_batch_at_a_time_and_from_one_source(
    newsroom: Newsroom, connection: Connection
) -> None:
    newsroom.store(story(GULL, BOAT), pictures=Pictures.ALL)
    newsroom.store(story(BOAT, address=f"{PIER}-2", words="Two."), pictures=Pictures.ALL)
    other = Newsroom(connection, "tagblatt")
    other.store(story(GULL, address="https://tagblatt.example/1", words="Three."), pictures=Pictures.ALL)
    [first, second] = pictures.wanted(connection, newsroom.source_id, after=None, limit=2)
    assert [first.url, second.url] == [GULL, BOAT]
    assert wanted(newsroom, after=first) == [BOAT, BOAT]
    assert wanted(newsroom, after=second) == [BOAT]
    assert wanted(other) == [GULL]


def test_every_row_at_the_address_has_the_file(newsroom: Newsroom, connection: Connection) -> None:
    newsroom.store(story(GULL, BOAT), pictures=Pictures.ALL)
    newsroom.store(story(GULL, address=f"{PIER}-2", words="Two."), pictures=Pictures.ALL)
    assert pictures.known(connection, GULL) is None
    pictures.keep(connection, GULL, FILE)
    pictures.keep(connection, GULL, replace(FILE, fetched_at=NOON + HOUR))  # the first time counts
    kept = (FILE.path, "image/jpeg", 3, 2, None)
    assert captions(connection) == [(BOAT, *[None] * 5), (GULL, *kept), (GULL, *kept)]
    assert pictures.known(connection, GULL) == FILE
    assert pictures.find(connection, FILE.sha256) == FILE
    assert pictures.find(connection, "cd" * 32) is None
    assert wanted(newsroom) == [BOAT]
    [item] = load(connection, [1])
    assert [image.file_sha256 for image in item.article.images] == [FILE.sha256, None]


def test_what_is_not_to_be_had_says_why_and_is_asked_for_by_the_next_version(
    newsroom: Newsroom, connection: Connection
) -> None:
    newsroom.store(story(GULL), pictures=Pictures.ALL)
    pictures.give_up(connection, GULL, "HTTP 404")
    assert captions(connection) == [(GULL, None, None, None, None, "HTTP 404")]
    assert wanted(newsroom) == []
    newsroom.store(story(GULL, words="Edited."), pictures=Pictures.ALL)
    assert wanted(newsroom) == [GULL]
    pictures.keep(connection, GULL, FILE)
    states = connection.execute(text("SELECT file_state, file_detail FROM image")).all()
    assert [tuple(row) for row in states] == [("kept", None), ("kept", None)]


def test_a_file_once_kept_stays_with_its_version(newsroom: Newsroom, connection: Connection) -> None:
    """The address may bring another picture one day."""
    newsroom.store(story(GULL), pictures=Pictures.ALL)
    pictures.keep(connection, GULL, FILE)
    newsroom.store(story(GULL, words="Edited."), pictures=Pictures.ALL)
    other = replace(FILE, sha256="cd" * 32)
    pictures.keep(connection, GULL, other)
    pictures.give_up(connection, GULL, "HTTP 404")
    rows = connection.execute(text("SELECT file_sha256 FROM image ORDER BY version_id")).scalars().all()
    assert rows == [FILE.sha256, other.sha256]
