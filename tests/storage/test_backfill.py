"""Pages of an earlier time: what was learned after it stays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from storage import backfill, edit_ledger
from storage.backfill import Ticket
from storage.ledger import Decision
from storage.models import article as articles
from storage.models import change, version
from storage.records import ChangeKind, Outcome
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom, article

PIER = "https://courier.example/pier"


def take_in(newsroom: Newsroom, headline: str, at: Any, **fields: Any) -> Outcome:
    """A page of `at`, learned of now."""
    submission = newsroom.submission(article(PIER, headline=headline), fetched_at=at, **fields)
    ticket = Ticket(source_id=newsroom.source_id, url_id=newsroom.url_id(PIER), run_id=newsroom.run_id)
    return backfill.store(newsroom.connection, submission, ticket)


def headlines(newsroom: Newsroom) -> list[str]:
    query = select(version.c.headline).where(version.c.is_superseded.is_(False)).order_by(version.c.number)
    return list(newsroom.connection.scalars(query))


def current(newsroom: Newsroom) -> Any:
    query = select(articles, version.c.headline).join(version, version.c.id == articles.c.current_version_id)
    return newsroom.connection.execute(query).one()


def test_an_older_page_becomes_a_version_before(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="Now"))
    assert take_in(newsroom, "Long ago", NOON - 9 * DAY) is Outcome.UPDATED
    assert take_in(newsroom, "Before", NOON - DAY) is Outcome.UPDATED
    assert headlines(newsroom) == ["Long ago", "Before", "Now"]
    assert current(newsroom).headline == "Now"
    assert current(newsroom).first_seen_at == NOON - 9 * DAY
    assert newsroom.row(PIER).outcome == Outcome.STORED


def told(newsroom: Newsroom) -> list[tuple[int, str, str]]:
    query = (
        select(version.c.number, change.c.kind, change.c.detail)
        .join(version, version.c.id == change.c.version_id)
        .where(change.c.kind == ChangeKind.HEADLINE)
        .order_by(version.c.number)
    )
    return [(number, kind, detail) for number, kind, detail in newsroom.connection.execute(query)]


def test_a_version_in_between_is_told_and_the_one_after_it_anew(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="First"))
    newsroom.next_run(2 * DAY)
    newsroom.store(article(PIER, headline="Third"))
    assert told(newsroom) == [(2, "headline", "“First” → “Third”")]
    assert take_in(newsroom, "Second", NOON + DAY) is Outcome.UPDATED
    assert told(newsroom) == [
        (2, "headline", "“First” → “Second”"),
        (3, "headline", "“Second” → “Third”"),
    ]


def test_an_earlier_sight_of_what_was_removed_later_is_no_return(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="Now"))
    [article_id] = newsroom.connection.scalars(select(articles.c.id))
    edit_ledger.removed(newsroom.connection, article_id, at=NOON + 2 * DAY, detail="HTTP 410")
    take_in(newsroom, "Now", NOON + DAY)
    assert list(newsroom.connection.scalars(select(change.c.kind))) == [ChangeKind.REMOVED]
    assert current(newsroom).removed_at == NOON + 2 * DAY
    take_in(newsroom, "Now", NOON + 3 * DAY)
    assert list(newsroom.connection.scalars(select(change.c.kind))) == [ChangeKind.REMOVED, ChangeKind.BACK]


def test_the_same_text_earlier_is_no_version(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="Now"))
    take_in(newsroom, "Before", NOON - 3 * DAY)
    assert take_in(newsroom, "Now", NOON - DAY) is Outcome.UNCHANGED
    assert take_in(newsroom, "Before", NOON - 2 * DAY) is Outcome.UNCHANGED
    assert headlines(newsroom) == ["Before", "Now"]


def test_a_newer_page_is_stored_as_ever(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="Now"))
    newsroom.next_run(DAY)
    assert take_in(newsroom, "Later", NOON + HOUR) is Outcome.UPDATED
    assert headlines(newsroom) == ["Now", "Later"]
    assert newsroom.row(PIER).outcome == Outcome.UPDATED


def test_another_text_between_two_looks_does_not_end_the_newest_version(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="Now"))
    newsroom.next_run(DAY)
    newsroom.store(article(PIER, headline="Now"))
    assert take_in(newsroom, "Another", NOON + HOUR) is Outcome.UNCHANGED
    assert headlines(newsroom) == ["Now"]


def test_what_was_found_gone_later_stays_gone(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="Now"))
    gone = NOON + DAY
    newsroom.connection.execute(articles.update().values(removed_at=gone, last_checked_at=gone))
    newsroom.now = gone
    newsroom.decide(PIER, Outcome.GONE)
    assert take_in(newsroom, "Now", NOON + HOUR) is Outcome.UNCHANGED
    assert (current(newsroom).removed_at, current(newsroom).last_checked_at) == (gone, gone)
    assert newsroom.row(PIER).outcome == Outcome.GONE


def test_a_refusal_of_earlier_changes_no_later_outcome(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER))
    for at, outcome in ((NOON - DAY, Outcome.STORED), (NOON + DAY, Outcome.TOO_SHORT)):
        decision = Decision(
            url_id=newsroom.url_id(PIER), outcome=Outcome.TOO_SHORT, at=at, run_id=newsroom.run_id
        )
        backfill.refuse(newsroom.connection, decision)
        assert newsroom.row(PIER).outcome == outcome
