"""The account as people ask for it: of one URL, of a day, of a source."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, text

from storage import runs, sources
from storage.archive import Archive
from storage.database import writing
from storage.records import Byline, Image, Moment, Outcome, Role
from storage.reports import CoverageDay, LedgerEntry
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom, article, named

HOST = "https://courier.example/"
A, B, C, D = (f"{HOST}{name}" for name in "abcd")


@pytest.fixture
def books(engine: Engine, archive: Archive) -> Archive:
    """Two days of one source, and another source that was never read to its end."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        newsroom.announce(A, B, named(C, wanted=False))
        newsroom.store(article(A))
        newsroom.decide(B, Outcome.HTTP_ERROR, http_status=503, detail="busy", next_fetch_at=NOON + HOUR)
        runs.finish(connection, newsroom.run_id, at=NOON, reason="finished")
        newsroom.next_run(DAY)
        newsroom.announce(A, D)
        newsroom.decide(D, Outcome.ROBOTS)
        runs.finish(connection, newsroom.run_id, at=newsroom.now, reason="shutdown")
        other = Newsroom(connection, "tagblatt")
        sources.record_failure(connection, other.endpoint_id, at=NOON, error="no answer")
    return archive


def test_why(books: Archive) -> None:
    assert books.why("http://www.courier.example/b/?utm_source=x") == LedgerEntry(
        url=B,
        source="courier",
        outcome=Outcome.HTTP_ERROR,
        detail="busy",
        http_status=503,
        article_id=None,
        attempts=1,
        first_seen_at=NOON,
        outcome_at=NOON,
        next_fetch_at=NOON + HOUR,
        announced_by=(f"{HOST}feed.xml",),
    )
    stored = books.why(A)
    assert stored
    assert (stored.outcome, stored.article_id) == (Outcome.STORED, 1)
    for address in (f"{HOST}unknown", "", "\ud800"):
        assert books.why(address) is None


def test_coverage(books: Archive) -> None:
    first = CoverageDay(
        source="courier", day=NOON.date(), outcomes={"stored": 1, "http_error": 1, "pending": 1}
    )
    second = CoverageDay(source="courier", day=(NOON + DAY).date(), outcomes={"robots": 1})
    assert books.coverage() == [second, first]
    assert first.announced == 3
    assert books.coverage(source="courier", since=NOON + DAY) == [second]
    assert books.coverage(source="tagblatt") == books.coverage(source="nobody") == []


def test_sources(books: Archive) -> None:
    courier, tagblatt = books.sources()
    assert (courier.slug, courier.name, courier.home_page) == ("courier", "Courier", HOST)
    assert (courier.language, courier.country, courier.time_zone) == ("en", None, None)
    assert (courier.endpoints, courier.failing_endpoints, courier.articles, courier.left) == (1, 0, 1, 1)
    assert courier.outcomes == {"stored": 1, "http_error": 1, "pending": 1, "robots": 1}
    assert (courier.last_run, courier.last_reason) == (NOON + DAY, "shutdown")
    assert (tagblatt.endpoints, tagblatt.failing_endpoints, tagblatt.articles) == (1, 1, 0)
    assert (tagblatt.outcomes, tagblatt.last_reason) == ({}, None)


def test_an_empty_archive_has_nothing_to_report(archive: Archive) -> None:
    assert archive.sources() == archive.coverage() == []
    assert archive.why(A) is None
    assert archive.count() == 0


class TestViews:
    """SQL says the same as Python."""

    @pytest.fixture
    def filled(self, engine: Engine, archive: Archive) -> Archive:
        with writing(engine) as connection:
            newsroom = Newsroom(connection)
            newsroom.store(
                article(
                    A,
                    byline="By Ada Holm",
                    bylines=(
                        Byline(name="Ada Holm"),
                        Byline(name="Jan Roe", role=Role.PHOTOGRAPHER),
                        Byline(name="Eve Ray", role=Role.CONTRIBUTOR),
                        Byline(name="Wire", role=Role.AGENCY),
                    ),
                    date_published=Moment(value=NOON - DAY, raw="x", origin="y"),
                    date_modified=Moment(value=NOON.date(), raw="x", origin="y"),
                    keywords=("b", "a"),
                    images=(Image(url="https://i.example/1.jpg", caption="A gull", is_lead=True),),
                )
            )
            newsroom.store(article(B, bylines=(Byline(name="Wire", role=Role.AGENCY),)))
            newsroom.store(article(C, headline="First"))
            newsroom.store(article(C, headline="Second"))
        return archive

    def test_articles(self, filled: Archive, engine: Engine) -> None:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT * FROM articles ORDER BY id")).all()
        items = list(filled.articles())
        assert len(rows) == len(items) == 3
        for row, item in zip(rows, items, strict=True):
            assert (row.source, row.canonical_url) == (item.source, item.article.canonical_url)
            assert (row.headline, row.body, row.byline) == (
                item.article.headline,
                item.article.body,
                item.article.byline,
            )
            assert (row.authors or "") == "; ".join(item.article.authors)
            assert (row.keywords or "") == "; ".join(item.article.keywords)
            assert (row.version, row.word_count) == (item.version, item.word_count)
            assert dt.datetime.fromisoformat(row.first_seen_at) == item.first_seen_at
        assert (rows[0].date_published, rows[0].date_modified) == ("2026-03-01T12:00:00Z", "2026-03-02")
        assert (rows[0].authors, rows[1].authors, rows[2].headline) == ("Ada Holm; Eve Ray", "Wire", "Second")

    def test_parts(self, filled: Archive, engine: Engine) -> None:
        with engine.connect() as connection:
            captions = connection.execute(text("SELECT image_url, caption, is_lead FROM captions")).all()
            bylines = connection.execute(
                text("SELECT name, role FROM bylines ORDER BY article_id, position")
            ).all()
        assert captions == [("https://i.example/1.jpg", "A gull", 1)]
        assert [tuple(row) for row in bylines] == [
            ("Ada Holm", "writer"),
            ("Jan Roe", "photographer"),
            ("Eve Ray", "contributor"),
            ("Wire", "agency"),
            ("Wire", "agency"),
        ]

    def test_ledger_and_coverage(self, books: Archive, engine: Engine) -> None:
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT url, outcome, announced_by FROM ledger ORDER BY url")
            ).all()
            days = connection.execute(text("SELECT * FROM coverage")).all()
        assert [tuple(row) for row in rows] == [
            (A, "stored", f"{HOST}feed.xml"),
            (B, "http_error", f"{HOST}feed.xml"),
            (C, "pending", f"{HOST}feed.xml"),
            (D, "robots", f"{HOST}feed.xml"),
        ]
        assert {(row.source, row.day, row.outcome, row.urls) for row in days} == {
            (day.source, day.day.isoformat(), outcome, number)
            for day in books.coverage()
            for outcome, number in day.outcomes.items()
        }
