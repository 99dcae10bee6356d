"""What an article costs, counted: times are noisy on shared machines, counts are not.

Whoever raises a number here should know why it has to be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from pipelines.store import store as store_with_attempts
from storage import reports, runs
from storage.articles import store
from storage.captures.rows import add
from storage.gathering import gathering
from storage.health import coverage
from storage.health.status import health
from storage.records import Byline, Capture, CaptureKind, Image, Outcome
from tests.storage.newsroom import Newsroom, article, paragraphs

GROUP = 5  # articles


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


def test_the_statements_that_an_article_takes(newsroom: Newsroom) -> None:
    item = article(
        "https://courier.example/pier",
        bylines=(Byline(name="Ada Holm"), Byline(name="Jon Vik")),
        images=(Image(url="https://courier.example/1.jpg", caption="The pier"),),
        keywords=("harbour",),
    )
    capture = Capture(
        url=item.url,
        kind=CaptureKind.PAGE,
        warc_file="courier/1.warc.gz",
        warc_offset=0,
        warc_length=1,
        sha256="0" * 64,
        http_status=200,
        fetched_at=newsroom.now,
    )
    submission = newsroom.submission(item, capture=capture)
    with counted(newsroom.connection) as first:
        add(newsroom.connection, capture, newsroom.run_id)
        assert store(newsroom.connection, submission) == Outcome.STORED
    with counted(newsroom.connection) as again:
        assert store(newsroom.connection, submission) == Outcome.UNCHANGED
    assert len(first) <= 15, first
    assert len(again) <= 8, again


def test_the_statements_that_an_article_of_a_group_takes(newsroom: Newsroom) -> None:
    texts = [
        paragraphs(" ".join(f"{word}{number}" for word in range(100))) for number in range(GROUP)
    ]  # nothing to compare
    items = [
        newsroom.submission(
            article(
                f"https://courier.example/{number}",
                blocks=blocks,
                bylines=(Byline(name=f"Ada Holm {number}"),),
                images=(Image(url=f"https://courier.example/{number}.jpg", caption="The pier"),),
                keywords=("harbour",),
            )
        )
        for number, blocks in enumerate(texts)
    ]
    with counted(newsroom.connection) as sent, gathering(newsroom.connection):
        for item in items:
            assert store_with_attempts(newsroom.connection, item) == Outcome.STORED
    # Names, pictures, keywords, index rows, events and attempts are written once for all.
    assert len(sent) <= GROUP * 7 + 7, sent


def test_no_question_of_all_sources_is_asked_source_by_source(newsroom: Newsroom) -> None:
    connection, today = newsroom.connection, newsroom.now.date()

    def look(room: Newsroom) -> None:
        room.store(article(f"https://{room.slug}.example/1"))
        runs.finish(connection, room.run_id, at=room.now, reason="finished")

    def asked() -> list[int]:
        numbers = []
        for question in (
            lambda: health(connection, newsroom.now),
            lambda: coverage.coverage(connection, first=today - dt.timedelta(days=13), last=today),
            lambda: reports.statuses(connection),
        ):
            with counted(connection) as sent:
                assert question()
            numbers.append(len(sent))
        return numbers

    look(newsroom)
    of_one = asked()
    for number in range(5):
        look(Newsroom(connection, f"outlet{number}"))
    assert asked() == of_one
    assert max(of_one) <= 14
