"""Asking the archive: by id, by address, by filter, by words."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.archive import Archive
from storage.database import open_engine, writing
from storage.errors import DatabaseError, QueryError
from storage.filters import EVERYTHING, Filter
from storage.records import Byline, Image, Moment, Outcome, Role
from tests.databases import Files, archive_on
from tests.postgresql import Server
from tests.storage.newsroom import BODY, DAY, NOON, Newsroom, article, paragraphs
from tests.storage.test_overlap import OWN, WIRE

HOST = "https://courier.example/"


def on(value: dt.datetime | dt.date) -> Moment:
    return Moment(value=value, raw=str(value), origin="meta:date")


@pytest.fixture(scope="module")
def shelf_file(tmp_path_factory: pytest.TempPathFactory, databases: Files | Server) -> Iterator[str]:
    """Five articles of two sources in four languages; ids 1 to 5."""
    with archive_on(databases, tmp_path_factory.mktemp("shelf")) as path:
        _fill(path)
        yield path


def _fill(path: str) -> None:
    engine = open_engine(path)
    with writing(engine) as connection:
        courier, tagblatt = Newsroom(connection), Newsroom(connection, "tagblatt")

        def put(newsroom: Newsroom, name: str, *texts: str, **fields: Any) -> None:
            newsroom.store(
                article(f"https://{newsroom.slug}.example/{name}", blocks=paragraphs(*texts), **fields)
            )

        put(
            courier,
            "pier",
            *BODY,
            headline="Storm closes the pier",
            in_language="en",
            byline="By Ada Holm",
            bylines=(Byline(name="Ada Holm"), Byline(name="Wire", role=Role.AGENCY)),
            date_published=on(NOON - DAY),
            images=(
                Image(
                    url="https://i.example/1.jpg",
                    caption="A gull in the wind",
                    credit_line="Photo: Núria Roca",
                ),
                Image(url="https://i.example/2.jpg", alt_text="A lighthouse"),
            ),
            keywords=("ports", "weather"),
        )
        put(
            courier,
            "storm",
            "The pier is mentioned here, once, in a long text about something else. " + "Words follow. " * 60,
            headline="A quiet night",
            in_language="en-GB",
            date_published=on((NOON - 3 * DAY).date()),
            description="What the ferries did.",
        )
        put(
            tagblatt,
            "mole",
            "Die Mole bleibt nach dem Sturm gesperrt.",
            headline="Mole gesperrt",
            in_language="de",
            bylines=(Byline(name="Jörg Weiß"),),
            date_published=on(NOON),
        )
        put(
            tagblatt,
            "yosan",
            "政府の補正予算案が国会で成立した。",
            headline="補正予算が成立",
            in_language="ja",
        )
        put(tagblatt, "muelle", "El muelle sigue cerrado. Muelle.", headline="El muelle", in_language="es")
    engine.dispose()
    return path


@pytest.fixture
def where(tmp_path: Path, databases: Files | Server, shelf_file: str) -> Iterator[str]:
    with archive_on(databases, tmp_path, like=shelf_file) as where:
        yield where


@pytest.fixture
def shelf(archive: Archive) -> Archive:
    """The archive with those five."""
    return archive


def ids(shelf: Archive, where: Filter = EVERYTHING, query: str | None = None) -> list[int]:
    found = [item.id for item in shelf.articles(where, query=query)]
    assert shelf.count(where, query=query) == len(found)
    return found


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Filter(), [1, 2, 3, 4, 5]),
        (Filter(source="courier"), [1, 2]),
        (Filter(source="cour"), []),
        (Filter(author="ada holm"), [1]),
        (Filter(author="HOLM"), [1]),
        (Filter(author="jorg weiss"), [3]),
        (Filter(author="wire"), [1]),
        (Filter(author="%"), []),
        (Filter(author="_"), []),
        (Filter(language="en"), [1, 2]),
        (Filter(language="EN-gb"), [2]),
        (Filter(language="e"), []),
        (Filter(since=(NOON - DAY).date()), [1, 3, 4, 5]),
        (Filter(since=NOON.date()), [3, 4, 5]),
        (Filter(until=(NOON - 2 * DAY).date()), [2]),
        (Filter(until=(NOON - DAY).date()), [1, 2]),
        (Filter(since=(NOON - 3 * DAY).date(), until=(NOON - 3 * DAY).date()), [2]),
        (Filter(since=dt.date.min, until=dt.date.max), [1, 2, 3, 4, 5]),
        (Filter(since=dt.date.max), []),
        (Filter(source="tagblatt", language="de", author="weiß", since=NOON.date()), [3]),
        (Filter(source="tagblatt", language="en"), []),
        (Filter(source="\ud800", author="\ud800", language="\ud800"), []),
    ],
)
def test_filters(shelf: Archive, condition: Filter, expected: list[int]) -> None:
    assert ids(shelf, condition) == expected
    assert sorted(hit.id for hit in shelf.search("pier OR mole OR muelle OR 予算", condition)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("pier", [1, 2]),  # the headline says it, the other body only mentions it
        ("gull", [1]),
        ("roca", [1]),
        ("nuria", [1]),
        ("lighthouse", [1]),
        ("holm", [1]),
        ("weather", [1]),
        ("ferries", [2, 1]),  # a standfirst, a body
        ("muelle", [5]),
        ("sturm OR storm", [1, 3]),
        ("補正", [4]),
        ("成立", [4]),
        ("pier NOT storm", [2]),
        ('"closes the pier"', [1]),
        ("nothing", []),
    ],
)
def test_search(shelf: Archive, query: str, expected: list[int]) -> None:
    hits = shelf.search(query)
    assert [hit.id for hit in hits] == expected
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert sorted(ids(shelf, query=query)) == sorted(expected)


def test_a_hit(shelf: Archive) -> None:
    [hit] = shelf.search('"board said"')
    assert (hit.source, hit.canonical_url, hit.headline) == (
        "courier",
        f"{HOST}pier",
        "Storm closes the pier",
    )
    assert hit.authors == ("Ada Holm",)
    assert hit.date_published == on(NOON - DAY)
    assert [hit.excerpt[start:end] for start, end in hit.marks] == ["board said"]
    assert hit.score > 0


@pytest.mark.parametrize(
    ("query", "excerpt"),
    [
        ("gull", "A gull in the wind"),
        ("lighthouse", "A lighthouse"),
        ("roca", "Photo: Núria Roca"),
        ("ferries NOT storm", "What the ferries did."),
        ("weather", "ports; weather"),
        ("ada NOT quiet", BODY[1]),
    ],
)
def test_an_excerpt_is_of_the_text_where_the_word_stands(shelf: Archive, query: str, excerpt: str) -> None:
    [hit] = shelf.search(query)
    assert hit.marks
    assert excerpt in hit.excerpt


def test_a_word_of_the_headline_alone_shows_the_beginning(shelf: Archive) -> None:
    [hit] = shelf.search("quiet")
    assert hit.excerpt.startswith("The pier is mentioned here")
    assert hit.marks == ()


def test_pages_of_hits(shelf: Archive) -> None:
    query = "pier OR mole OR muelle OR 予算"
    whole = [hit.id for hit in shelf.search(query)]
    assert len(whole) == 5
    assert [shelf.search(query, limit=1, offset=n)[0].id for n in range(5)] == whole
    assert shelf.search(query, limit=2, offset=5) == []


def test_a_query_without_sense(shelf: Archive) -> None:
    for ask in (
        shelf.search,
        lambda query: shelf.count(query=query),
        lambda query: list(shelf.articles(query=query)),
    ):
        with pytest.raises(QueryError, match="never closed"):
            ask('"pier')


def test_get(shelf: Archive) -> None:
    item = shelf.get(1)
    assert item
    assert (item.id, item.source, item.version, item.first_seen_at) == (1, "courier", 1, NOON)
    assert item.article.authors == ("Ada Holm",)
    assert shelf.get(99) is None


def test_by_address(shelf: Archive, engine: Engine) -> None:
    link = f"{HOST}s/7"
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        item = article(link, headline="Mole", blocks=paragraphs(*BODY))
        assert newsroom.store(item) is Outcome.DUPLICATE
        newsroom.announce(f"{HOST}unread")
    for address in (f"{HOST}pier", "http://www.courier.example/pier/?utm_source=x", link):
        found = shelf.article_by_url(address)
        assert found
        assert found.id == 1
    for address in (f"{HOST}unread", f"{HOST}unknown", "no address", "", "\ud800"):
        assert shelf.article_by_url(address) is None


def test_captions(shelf: Archive) -> None:
    pictures = list(shelf.captions())
    assert [(p.article_id, p.position, p.image.url) for p in pictures] == [
        (1, 0, "https://i.example/1.jpg"),
        (1, 1, "https://i.example/2.jpg"),
    ]
    assert (pictures[0].source, pictures[0].headline) == ("courier", "Storm closes the pier")
    assert list(shelf.captions(Filter(source="tagblatt"))) == []


def test_an_article_is_found_by_its_current_version_alone(shelf: Archive, engine: Engine) -> None:
    with writing(engine) as connection:
        edited = article(
            f"{HOST}pier",
            headline="All clear",
            in_language="nn",
            blocks=paragraphs("Nothing happened at all."),
        )
        assert Newsroom(connection).store(edited) is Outcome.UPDATED
    assert ids(shelf, Filter(language="en")) == [2]
    assert ids(shelf, Filter(author="holm")) == []
    assert [hit.id for hit in shelf.search("gull OR clear")] == [1]
    assert list(shelf.captions()) == []


class TestStreaming:
    """Whole archives come in batches, each in a transaction of its own."""

    NUMBER = 27

    @pytest.fixture
    def where(self, tmp_path: Path, databases: Files | Server) -> Iterator[str]:
        with archive_on(databases, tmp_path) as where:
            yield where

    @pytest.fixture
    def many(self, engine: Engine, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
        for module in ("streaming", "reading"):
            monkeypatch.setattr(f"storage.{module}.BATCH", 10)
        with writing(engine) as connection:
            newsroom = Newsroom(connection)
            for n in range(self.NUMBER):
                even = "even" if n % 2 == 0 else "odd"
                newsroom.store(
                    article(f"{HOST}{n}", blocks=paragraphs(f"Number {n} is {even}."), keywords=(even,))
                )
        return archive

    @pytest.fixture
    def queries(self, archive: Archive) -> Iterator[list[str]]:
        """What the archive asks its database."""
        asked: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            if statement != "BEGIN":  # PostgreSQL's driver says it by itself
                asked.append(statement)

        event.listen(archive._engine, "before_cursor_execute", note)
        yield asked
        event.remove(archive._engine, "before_cursor_execute", note)

    def test_everything_once_in_order(self, many: Archive, queries: list[str]) -> None:
        found = [item.id for item in many.articles()]
        assert found == list(range(1, self.NUMBER + 1))
        assert len(queries) == 3 * 5, "ids, articles, names, pictures, keywords"

    def test_a_search_once_in_order(self, many: Archive) -> None:
        found = [item.id for item in many.articles(Filter(source="courier"), query="even")]
        assert found == list(range(1, self.NUMBER + 1, 2))
        assert many.count(query="even") == len(found)

    def test_who_takes_a_few_costs_a_few(self, many: Archive, queries: list[str]) -> None:
        assert len(list(islice(many.articles(), 3))) == 3
        assert len(queries) == 5

    def test_writing_goes_on_meanwhile(self, many: Archive, engine: Engine) -> None:
        stream = many.articles()
        next(stream)
        with writing(engine) as connection:
            Newsroom(connection).store(article(f"{HOST}new"))
        assert len(list(stream)) == self.NUMBER

    def test_many_hits_at_once(self, many: Archive) -> None:
        hits = many.search("number", limit=self.NUMBER)
        assert len({hit.id for hit in hits}) == self.NUMBER


def test_no_archive(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no archive at"):
        Archive.open(str(tmp_path / "missing.db"))


ASK = """
import sys
from storage import Archive
import storage.archive, storage.articles, storage.export, storage.reports, storage.writer, storage.runs
with Archive.open(sys.argv[1]) as archive:
    assert archive.count() == 5
    assert archive.search("pier")
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"scrapy", "twisted", "trafilatura", "lxml", "crawler", "pipelines", "alembic"}, loaded
"""


def test_asking_needs_no_crawler(shelf: Archive, where: str) -> None:
    asked = subprocess.run([sys.executable, "-c", ASK, where], capture_output=True, text=True, timeout=60)
    assert asked.returncode == 0, asked.stderr


def test_importing_records_needs_no_database() -> None:
    code = "import sys, storage.records, storage.urls; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.fixture
def wire(engine: Engine, archive: Archive) -> Archive:
    """One story in two papers and another one, all about the harvest, next to the five; ids 6 to 8."""
    with writing(engine) as connection:
        for slug, texts in (("courier", WIRE), ("tagblatt", WIRE[:3]), ("tagblatt", OWN)):
            address = f"https://{slug}.example/harvest-{len(texts)}"
            Newsroom(connection, slug).store(
                article(address, headline="The harvest", blocks=paragraphs(*texts))
            )
    return archive


def test_search_shows_each_story_once(wire: Archive) -> None:
    every = wire.search("harvest")
    once = wire.search("harvest", unique=True)
    assert {hit.id: hit.copies for hit in every} == {6: 1, 7: 1, 8: 0}
    best = max((hit for hit in every if hit.copies), key=lambda hit: hit.score)
    assert [hit.id for hit in once] == [hit.id for hit in every if hit.id in (best.id, 8)]
    assert {hit.id: hit.score for hit in once}.items() <= {hit.id: hit.score for hit in every}.items()
    assert wire.search("harvest", unique=True, limit=1, offset=1) == once[1:]


def test_a_filter_leaves_the_copy_that_it_lets_through(wire: Archive) -> None:
    [hit, other] = wire.search("harvest", Filter(source="tagblatt"), unique=True)
    assert {hit.id, other.id} == {7, 8}


def test_stories_are_counted(wire: Archive) -> None:
    assert (wire.count(), wire.count(unique=True)) == (8, 7)
    assert (wire.count(query="harvest"), wire.count(query="harvest", unique=True)) == (3, 2)
    assert wire.count(Filter(source="tagblatt"), query="harvest", unique=True) == 2


def test_the_view_of_copies(wire: Archive, engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT article_id, source, share_reused, compared_with, is_earliest, is_likely_origin,"
            " likely_origin, word_count FROM copies ORDER BY article_id"
        ).all()
    assert [tuple(row)[:-1] for row in rows] == [
        (6, "courier", None, None, 1, 0, None),
        (7, "tagblatt", 1.0, 6, 0, 0, None),
    ]
