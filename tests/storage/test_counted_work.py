"""What an article costs, counted: times are noisy on shared machines, counts are not.

Whoever raises a number here should know why it has to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from storage.articles import store
from storage.captures.rows import keep
from storage.records import Byline, Capture, CaptureKind, Image, Outcome
from tests.storage.newsroom import Newsroom, article


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
        keep(newsroom.connection, capture, newsroom.run_id)
        assert store(newsroom.connection, submission) == Outcome.STORED
    with counted(newsroom.connection) as again:
        assert store(newsroom.connection, submission) == Outcome.UNCHANGED
    assert len(first) <= 26, first
    assert len(again) <= 8, again
