"""Each attempt to fetch a URL: when, in which crawl, what it brought.

A crawl hands them in with what became of the URL, so they are written in the
transaction that decides it: one row a page, and one more for each time that it
was tried again at once. What is read again from stored bytes is no attempt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.gathering import later
from storage.models import attempt, capture, url
from storage.records import Attempt, Outcome, Submission
from storage.urls import key

BATCH = 10_000  # rows that one statement deletes

# Each page asks it, so it is put together once.
KEEP = insert(attempt).values(
    capture_id=select(capture.c.id)
    .where(capture.c.warc_file == bindparam("file"), capture.c.warc_offset == bindparam("offset"))
    .scalar_subquery()
)


def keep(connection: Connection, attempts: Sequence[Attempt], *, url_id: int, run_id: int) -> None:
    """Write down what a crawl's attempts to fetch a URL brought."""
    later(
        connection,
        KEEP,
        [
            {
                "url_id": url_id,
                "run_id": run_id,
                "at": one.at,
                "outcome": one.outcome,
                "http_status": one.http_status,
                "detail": one.detail,
                "file": one.capture.warc_file if one.capture else None,
                "offset": one.capture.warc_offset if one.capture else None,
            }
            for one in attempts
        ],
    )


def keep_of(connection: Connection, submission: Submission, outcome: Outcome) -> None:
    """Write down the attempts that brought an article, of which `outcome` became."""
    led_away = key(submission.final_url) != key(submission.article.url)
    brought = Attempt(
        at=submission.fetched_at,
        outcome=outcome,
        http_status=submission.http_status,
        detail=submission.detail or (f"led to {submission.final_url}" if led_away else None),
        capture=submission.capture,
    )
    attempts = (*submission.tries, brought)
    keep(connection, attempts, url_id=submission.url_id, run_id=submission.run_id)


def forget_words(connection: Connection, article_id: int) -> None:
    """Take the words away that tell of attempts at an article's addresses; that they were made stays."""
    led_there = select(url.c.id).where(url.c.article_id == article_id)
    connection.execute(update(attempt).where(attempt.c.url_id.in_(led_there)).values(detail=None))


def count(connection: Connection, *, before: dt.datetime) -> int:
    """How many attempts were made before an instant."""
    return connection.scalar(select(func.count()).where(attempt.c.at < before)) or 0


def forget(connection: Connection, *, before: dt.datetime) -> int:
    """Delete some of the attempts that were made before an instant; returns how many, at most BATCH.

    Called until none is left, in a transaction each, so that a crawl need not wait long.
    """
    old = select(attempt.c.id).where(attempt.c.at < before).order_by(attempt.c.id).limit(BATCH)
    return connection.execute(delete(attempt).where(attempt.c.id.in_(old))).rowcount
