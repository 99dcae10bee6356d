"""The archive as it stood: by what had been captured, and by what had been published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from storage import articles
from storage.archive import Archive
from storage.database import open_engine, writing
from storage.errors import UsageError
from storage.filters import Filter
from storage.ledger import Decision
from storage.models import version
from storage.records import Byline, Image, Moment, Outcome
from tests.databases import Files, archive_on
from tests.postgresql import Server
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom, article, paragraphs

PIER = "https://courier.example/pier"
FERRY = "https://courier.example/ferry"


def on(value: dt.datetime) -> Moment:
    return Moment(value=value, raw=str(value), origin="meta:date")


def pier(text: str, modified: dt.datetime, **fields: Any) -> Any:
    return article(
        PIER, blocks=paragraphs(text), date_published=on(NOON - HOUR), date_modified=on(modified), **fields
    )


def live(engine: Engine) -> None:
    """Two articles. The pier is edited twice, the second time in silence, and removed; the ferry comes late.

    read at      noon   +1   +2        +3   +4        +5       +6    +8
    pier         one    –    two       two  three     removed  back
    says it is   -1          +1             +1
    ferry                                                            one
    """
    with writing(engine) as connection:
        newsroom = Newsroom(connection)

        def read(hours: int, item: Any) -> None:
            newsroom.now = NOON + hours * HOUR
            newsroom.store(item)

        picture = Image(url="https://courier.example/1.jpg", caption="An albatross")
        first = pier(
            "Walrus on the pier.", NOON - HOUR, bylines=(Byline(name="Ada Holm"),), images=(picture,)
        )
        read(0, first)
        read(2, pier("Penguin on the pier.", NOON + HOUR))
        read(3, pier("Penguin on the pier.", NOON + HOUR))
        read(4, pier("Ostrich on the pier.", NOON + HOUR))
        newsroom.now = NOON + 5 * HOUR
        gone = Decision(
            url_id=newsroom.url_id(PIER), outcome=Outcome.GONE, at=newsroom.now, run_id=newsroom.run_id
        )
        articles.record_absence(connection, gone, is_removed=True)
        read(6, pier("Ostrich on the pier.", NOON + HOUR))
        read(8, article(FERRY, headline="The ferry", in_language="en", date_published=on(NOON + 7 * HOUR)))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, databases: Files | Server) -> Iterator[Archive]:
    """An archive that lived, for the tests that only ask it."""
    with archive_on(databases, tmp_path_factory.mktemp("lived")) as where:
        engine = open_engine(where)
        live(engine)
        engine.dispose()
        with Archive.open(where) as archive:
            yield archive


@pytest.fixture
def own_engine(engine: Engine) -> Engine:
    live(engine)
    return engine


@pytest.fixture
def own_archive(own_engine: Engine, where: str) -> Iterator[Archive]:
    """One for a test that writes."""
    with Archive.open(where) as archive:
        yield archive


def body(archive: Archive) -> str | None:
    item = archive.get(1)
    return item.article.body.split()[0] if item else None


@pytest.mark.parametrize(
    ("hours", "captured", "published"),
    [
        (-2, None, None),
        (-1, None, "Walrus"),
        (0, "Walrus", "Walrus"),
        (0.9, "Walrus", "Walrus"),
        (1, "Walrus", "Penguin"),
        (2, "Penguin", "Penguin"),
        # What was edited in silence says that it is of +1; at +3 the old text was still there.
        (2.9, "Penguin", "Penguin"),
        (3, "Penguin", "Ostrich"),
        (3.9, "Penguin", "Ostrich"),
        (4, "Ostrich", "Ostrich"),
        (9, "Ostrich", "Ostrich"),
    ],
)
def test_the_text_that_stood(
    archive: Archive, hours: float, captured: str | None, published: str | None
) -> None:
    instant = NOON + hours * HOUR
    found = {by: body(archive.as_of(instant, by)) for by in ("captured", "published")}
    assert found == {"captured": captured, "published": published}


@pytest.mark.parametrize("by", ["captured", "published"])
@pytest.mark.parametrize("hours", [-2, -1, 0, 1, 2, 3, 4, 8, 9])
@pytest.mark.parametrize("word", ["walrus", "penguin", "ostrich", "albatross", "ferry"])
def test_search_finds_what_stood_and_nothing_else(archive: Archive, by: str, hours: int, word: str) -> None:
    """Every answer of the index is compared with the texts themselves."""
    then = archive.as_of(NOON + hours * HOUR, by)
    texts = {
        item.id: f"{item.article.headline} {item.article.body} {[i.caption for i in item.article.images]}"
        for item in then.articles()
    }
    expected = {number for number, text in texts.items() if word in text.lower()}
    hits = then.search(word)
    assert {hit.id for hit in hits} == expected == {item.id for item in then.articles(query=word)}
    assert then.count(query=word) == len(expected)
    assert all(word in hit.excerpt.lower() or word in (hit.headline or "").lower() for hit in hits)


def test_search_of_today_is_of_today(archive: Archive) -> None:
    assert [archive.count(query=word) for word in ("walrus", "penguin", "ostrich", "ferry")] == [0, 0, 1, 1]


def test_filters_speak_of_the_version_that_stood(archive: Archive) -> None:
    then = archive.as_of(NOON + HOUR)
    assert (then.count(Filter(author="holm")), archive.count(Filter(author="holm"))) == (1, 0)
    assert [caption.image.caption for caption in then.captions()] == ["An albatross"]
    assert list(archive.captions()) == []
    assert then.count() == 1
    assert archive.as_of(NOON + 9 * HOUR).count(Filter(language="en")) == 1
    assert then.article_by_url(FERRY) is None


@pytest.mark.parametrize(("hours", "removed"), [(4.9, False), (5, True), (5.9, True), (6, False)])
def test_removed_then(archive: Archive, hours: float, removed: bool) -> None:
    item = archive.as_of(NOON + hours * HOUR).get(1)
    assert item
    assert item.removed_at == (NOON + 5 * HOUR if removed else None)
    assert item.last_checked_at <= NOON + hours * HOUR


def test_versions_and_changes(archive: Archive) -> None:
    assert [
        (one.number, one.fetched_at - NOON, one.last_seen_at - NOON, one.checks)
        for one in archive.versions(1)
    ] == [(1, 0 * HOUR, 0 * HOUR, 0), (2, 2 * HOUR, 3 * HOUR, 1), (3, 4 * HOUR, 6 * HOUR, 1)]
    kinds = [str(one.kind) for one in archive.changes(1)]
    assert kinds == ["byline", "body", "caption", "body", "silent_edit", "removed", "back"]
    second = archive.version(1, 2)
    assert second
    assert (second.version, second.article.body) == (2, "Penguin on the pier.")
    assert archive.version(1, 9) is None
    assert archive.versions(99) == archive.changes(99) == []


def test_a_superseded_reading_does_not_count(own_archive: Archive, own_engine: Engine) -> None:
    """The second version is read again by a newer extractor; the reading before is kept, and put aside."""
    with writing(own_engine) as connection:
        [row] = connection.execute(version.select().where(version.c.number == 2)).mappings()
        connection.execute(version.update().where(version.c.number == 2).values(is_superseded=True))
        body = {"body": "Emu on the pier.", "blocks": [{"kind": "paragraph", "text": "Emu on the pier."}]}
        connection.execute(version.insert(), {**row, **body, "id": 100, "reading": 2})
    for by in ("captured", "published"):
        item = own_archive.as_of(NOON + 2 * HOUR, by).get(1)
        assert item
        assert item.article.body == "Emu on the pier."
    assert [one.number for one in own_archive.versions(1)] == [1, 2, 3]
    assert own_archive.as_of(NOON + 2 * HOUR).count(query="penguin") == 0


def test_what_cannot_be_asked_of_an_instant(archive: Archive) -> None:
    then = archive.as_of(NOON)
    for question in (lambda: then.why(PIER), then.coverage, then.sources):
        with pytest.raises(UsageError, match="as of an instant there are"):
            question()
    with pytest.raises(UsageError, match="time zone"):
        archive.as_of(NOON.replace(tzinfo=None))
    assert archive.why(PIER)


def test_an_article_without_dates_was_published_when_we_read_it(
    own_archive: Archive, own_engine: Engine
) -> None:
    with writing(own_engine) as connection:
        newsroom = Newsroom(connection)
        newsroom.now = NOON + 2 * DAY
        newsroom.store(article(f"{PIER}-2"))
    assert own_archive.as_of(NOON + 2 * DAY, "published").count() == 3
    assert own_archive.as_of(NOON + 2 * DAY - HOUR, "published").count() == 2
