"""Each attempt to fetch a URL is told, with its answer where there was one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select

from pipelines.store import store
from storage import attempts
from storage.captures import rows as captures
from storage.database import open_engine, writing
from storage.life import LifeAttempt, life
from storage.models import attempt
from storage.records import Attempt, Capture, CaptureKind, Outcome
from storage.takedown import Folders, take_down
from storage.transfer import transfer
from tests.databases import Files, archive_on, rows
from tests.postgresql import Server
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom, article

PIER = "https://courier.example/pier"
LOST = Attempt(at=NOON, outcome=Outcome.NETWORK_ERROR, detail="the connection was refused")


def kept(newsroom: Newsroom, at: dt.datetime, *, url: str = PIER, status: int = 200) -> Capture:
    """An answer whose raw bytes are kept."""
    capture = Capture(
        url=url,
        kind=CaptureKind.PAGE,
        warc_file="courier/1.warc.gz",
        warc_offset=int((at - NOON).total_seconds()) + status,
        warc_length=9,
        sha256="0" * 64,
        http_status=status,
        fetched_at=at,
    )
    captures.keep(newsroom.connection, capture, newsroom.run_id)
    return capture


def told(connection: Connection, address: str = PIER) -> list[LifeAttempt]:
    found = life(connection, address)
    assert found is not None
    return list(found.attempts)


def fail(newsroom: Newsroom, *tries: Attempt, address: str = PIER) -> None:
    attempts.keep(newsroom.connection, tries, url_id=newsroom.url_id(address), run_id=newsroom.run_id)


def in_short(one: LifeAttempt) -> tuple[object, ...]:
    return one.run_id, one.outcome, one.http_status, one.detail, one.warc_file, one.version


def test_attempts_are_told_in_their_order(newsroom: Newsroom) -> None:
    newsroom.announce(PIER)
    assert told(newsroom.connection) == []
    broken = kept(newsroom, NOON + HOUR, status=500)
    again = Attempt(
        at=broken.fetched_at, outcome=Outcome.HTTP_ERROR, http_status=500, detail="HTTP 500", capture=broken
    )
    fail(newsroom, LOST)
    first, second = newsroom.run_id, newsroom.next_run(2 * HOUR)
    page = kept(newsroom, newsroom.now)
    store(newsroom.connection, newsroom.submission(article(PIER), capture=page, tries=(again,)))
    third = newsroom.next_run()
    store(newsroom.connection, newsroom.submission(article(PIER)))  # raw bytes are kept no more
    file = "courier/1.warc.gz"
    assert [in_short(one) for one in told(newsroom.connection)] == [
        (first, Outcome.NETWORK_ERROR, None, "the connection was refused", None, None),
        (second, Outcome.HTTP_ERROR, 500, "HTTP 500", file, None),
        (second, Outcome.STORED, 200, None, file, 1),
        (third, Outcome.UNCHANGED, 200, None, None, None),
    ]


def test_an_answer_of_no_attempt_is_told_too(newsroom: Newsroom) -> None:
    """A redirect that was followed, and what was kept before attempts were."""
    newsroom.announce(PIER)
    kept(newsroom, NOON, status=301)
    there = f"{PIER}/there"
    submission = newsroom.submission(article(PIER, canonical_url=there), final_url=there)
    page = kept(newsroom, NOON + HOUR, url=there)
    store(newsroom.connection, replace(submission, fetched_at=page.fetched_at, capture=page))
    redirect, read = told(newsroom.connection)
    assert (redirect.outcome, redirect.http_status, redirect.version) == (None, 301, None)
    assert (read.outcome, read.detail, read.version) == (Outcome.STORED, f"led to {there}", 1)


def test_old_attempts_are_forgotten(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BATCH", 2)
    newsroom.announce(PIER)
    fail(newsroom, *(replace(LOST, at=NOON + n * DAY) for n in range(5)))
    limit = NOON + 3 * DAY
    assert attempts.count(newsroom.connection, before=limit) == 3
    assert [attempts.forget(newsroom.connection, before=limit) for _ in range(3)] == [2, 1, 0]
    assert [one.at for one in told(newsroom.connection)] == [limit, limit + DAY]


@pytest.fixture
def filled(engine: Engine) -> int:
    """The id of an article at two addresses, each of which was tried in vain first."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        alias = f"{PIER}?print=1"
        newsroom.announce(PIER, alias)
        for address in (PIER, alias):
            fail(newsroom, LOST, address=address)
            submission = newsroom.submission(article(address, canonical_url=PIER), final_url=PIER)
            store(connection, replace(submission, detail="about the xylograph"))
        newsroom.announce(f"{PIER}-other")
        fail(newsroom, LOST, address=f"{PIER}-other")
        found = life(connection, PIER)
        assert found is not None
        assert found.entry.article_id is not None
        return found.entry.article_id


def test_a_removal_leaves_no_word_of_them(engine: Engine, filled: int, tmp_path: Path) -> None:
    folders = Folders(captures=tmp_path, pictures=tmp_path)
    take_down(engine, filled, reason="asked", at=NOON + DAY, folders=folders)
    with engine.connect() as connection:
        details = select(attempt.c.detail, func.count()).group_by(attempt.c.detail)
        assert dict(connection.execute(details).all()) == {None: 4, LOST.detail: 1}


def test_a_copy_has_them(where: str, filled: int, databases: Files | Server, tmp_path: Path) -> None:
    with archive_on(databases, tmp_path / "other", empty=True) as target:
        assert transfer(where, target)["attempt"] == 5
        query = "SELECT * FROM attempts ORDER BY id"
        assert rows(target, query) == rows(where, query)
        assert rows(target, "SELECT url, source, outcome, detail FROM attempts WHERE id = 5") == [
            (f"{PIER}-other", "courier", "network_error", LOST.detail)
        ]
        engine = open_engine(target)  # and more can be written there
        with writing(engine) as connection:
            newsroom = Newsroom(connection)
            fail(newsroom, LOST)
            assert connection.scalar(select(func.max(attempt.c.id))) == 6
        engine.dispose()
