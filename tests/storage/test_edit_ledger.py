"""What is written of an article's life: edits, check marks, removal and return, walls, redirects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import articles, history
from storage.ledger import Decision
from storage.models import article as article_table
from storage.models import version
from storage.records import Article, Outcome
from tests.storage.newsroom import BODY, DAY, HOUR, NOON, Newsroom, article, named, paragraphs

PIER = "https://courier.example/pier"
MOVED = "https://courier.example/2026/pier"
EDITED = paragraphs(*BODY, "The council has since voted for the money.")
WALLED = {"is_accessible_for_free": False}
TEASER = {"blocks": paragraphs(BODY[0]), **WALLED}


def story(**fields: Any) -> Article:
    return article(PIER, **fields)


def changes(newsroom: Newsroom) -> list[tuple[str, int | None]]:
    """Kind and version of each change of the first article."""
    found = newsroom.connection.scalar(select(article_table.c.id).order_by(article_table.c.id)) or 0
    return [(one.kind, one.version) for one in history.changes(newsroom.connection, found)]


def versions(newsroom: Newsroom) -> list[history.VersionEntry]:
    return history.versions(newsroom.connection, 1)


def look(newsroom: Newsroom, item: Article, **fields: Any) -> Outcome:
    newsroom.next_run()
    return newsroom.store(item, **fields)


def absent(newsroom: Newsroom, outcome: Outcome, **told: Any) -> None:
    newsroom.next_run()
    decision = Decision(
        url_id=newsroom.url_id(PIER), outcome=outcome, at=newsroom.now, run_id=newsroom.run_id, detail="so"
    )
    articles.record_absence(newsroom.connection, decision, **told)


@pytest.fixture
def newsroom(newsroom: Newsroom) -> Newsroom:
    """With one article in the archive."""
    newsroom.store(story())
    return newsroom


class TestEdits:
    def test_the_first_version_is_no_change(self, newsroom: Newsroom) -> None:
        assert changes(newsroom) == []
        [first] = versions(newsroom)
        assert (first.number, first.checks, first.last_seen_at, first.changes) == (1, 0, NOON, ())

    def test_each_change_belongs_to_its_version(self, newsroom: Newsroom) -> None:
        look(newsroom, story(headline="The pier"))
        look(newsroom, story(headline="The pier", blocks=EDITED))
        assert changes(newsroom) == [
            ("headline", 2),
            ("silent_edit", 2),
            ("body", 3),
            ("silent_edit", 3),
        ]
        assert [[one.kind for one in entry.changes] for entry in versions(newsroom)] == [
            [],
            ["headline", "silent_edit"],
            ["body", "silent_edit"],
        ]

    def test_a_check_mark_and_no_row_of_text(self, newsroom: Newsroom) -> None:
        for _ in range(3):
            assert look(newsroom, story()) is Outcome.UNCHANGED
        [only] = versions(newsroom)
        assert (only.checks, only.last_seen_at) == (3, NOON + 3 * HOUR)
        assert changes(newsroom) == []
        look(newsroom, story(blocks=EDITED))
        assert [entry.checks for entry in versions(newsroom)] == [3, 0]

    def test_a_fingerprint_of_another_recipe_is_no_edit(self, newsroom: Newsroom) -> None:
        newsroom.connection.execute(update(version).values(content_hash="0:of old"))
        assert look(newsroom, story()) is Outcome.UNCHANGED
        assert newsroom.connection.scalar(select(version.c.content_hash)) != "0:of old"
        assert changes(newsroom) == []

    def test_another_reader_edits_nothing(self, newsroom: Newsroom) -> None:
        look(newsroom, story(headline="The pier, read better"), extractor="next")
        assert changes(newsroom) == [("reread", 2)]
        look(newsroom, story(headline="The pier, edited"), extractor="next")
        assert changes(newsroom)[1:] == [("headline", 3), ("silent_edit", 3)]


class TestGone:
    def test_removed_once_and_back(self, newsroom: Newsroom) -> None:
        for _ in range(2):
            absent(newsroom, Outcome.GONE, is_removed=True)
        assert changes(newsroom) == [("removed", None)]
        look(newsroom, story())
        look(newsroom, story())
        assert changes(newsroom) == [("removed", None), ("back", None)]

    def test_what_may_be_gone_is_not_removed(self, newsroom: Newsroom) -> None:
        absent(newsroom, Outcome.GONE)
        assert changes(newsroom) == []
        assert newsroom.connection.scalar(select(article_table.c.removed_at)) is None

    def test_back_and_edited(self, newsroom: Newsroom) -> None:
        absent(newsroom, Outcome.GONE, is_removed=True)
        look(newsroom, story(headline="The pier"))
        assert [kind for kind, _ in changes(newsroom)] == ["removed", "back", "headline", "silent_edit"]
        assert newsroom.connection.scalar(select(article_table.c.removed_at)) is None


class TestWalls:
    def test_a_wall_goes_up_and_comes_down_over_the_same_text(self, newsroom: Newsroom) -> None:
        for fields in (WALLED, WALLED, {"is_accessible_for_free": True}, {}):
            assert look(newsroom, story(**fields)) is Outcome.UNCHANGED
        assert changes(newsroom) == [("paywall_raised", None), ("paywall_lowered", None)]

    def test_a_teaser_replaces_nothing_and_says_that_a_wall_was_raised(self, newsroom: Newsroom) -> None:
        for _ in range(2):
            assert look(newsroom, story(**TEASER), outcome=Outcome.PAYWALL) is Outcome.PAYWALL
        assert changes(newsroom) == [("paywall_raised", None)]
        look(newsroom, story())
        assert changes(newsroom)[1:] == [("paywall_lowered", None)]
        assert len(versions(newsroom)) == 1

    def test_the_text_that_comes_from_behind_a_wall_is_no_silent_edit(self, newsroom: Newsroom) -> None:
        other = "https://courier.example/walled"
        newsroom.store(article(other, **TEASER), outcome=Outcome.PAYWALL)
        newsroom.store(article(other, blocks=paragraphs(*BODY, "All of it.")))
        found = [one.kind for one in history.changes(newsroom.connection, 2)]
        assert found == ["body", "paywall_lowered"]


class TestRedirects:
    def test_to_another_site(self, newsroom: Newsroom) -> None:
        for target in ("https://other.example/", "https://other.example/", "https://third.example/"):
            absent(newsroom, Outcome.REDIRECTED, led_to=target)
        assert changes(newsroom) == [("redirected", None)] * 2
        look(newsroom, story())
        assert changes(newsroom)[2:] == [("back", None)]

    def test_to_another_article(self, newsroom: Newsroom) -> None:
        other = replace(
            article(MOVED, blocks=paragraphs("Nothing of this was in the other story.")), url=PIER
        )
        assert look(newsroom, other, final_url=MOVED) is Outcome.STORED
        [change] = history.changes(newsroom.connection, 1)
        assert (change.kind, change.detail) == ("redirected", f"leads to {MOVED}")

    def test_to_its_own_text_at_another_address(self, newsroom: Newsroom) -> None:
        moved = replace(story(), canonical_url=MOVED)
        assert look(newsroom, moved, final_url=MOVED) is Outcome.UNCHANGED
        [change] = history.changes(newsroom.connection, 1)
        assert (change.kind, change.detail) == ("moved", f"to {MOVED}")

    def test_an_article_that_moved_lives_on_at_its_new_address(self, newsroom: Newsroom) -> None:
        look(newsroom, replace(story(), canonical_url=MOVED), final_url=MOVED)
        edited = replace(story(blocks=paragraphs(*BODY, "A sentence more.")), url=MOVED, canonical_url=MOVED)
        newsroom.announce(named(MOVED))
        assert look(newsroom, edited) is Outcome.UPDATED
        assert changes(newsroom)[0] == ("moved", None)
        assert {kind for kind, _ in changes(newsroom)[1:]} == {"body", "silent_edit"}
        assert len(versions(newsroom)) == 2

    def test_it_may_be_edited_on_its_way(self, newsroom: Newsroom) -> None:
        edited = replace(story(blocks=paragraphs(*BODY, "A sentence more.")), canonical_url=MOVED)
        assert look(newsroom, edited, final_url=MOVED) is Outcome.UPDATED
        assert {kind for kind, _ in changes(newsroom)} == {"moved", "body", "silent_edit"}

    def test_to_a_page_that_says_it_is_the_article(self, newsroom: Newsroom) -> None:
        look(newsroom, story(), final_url="https://m.courier.example/pier")
        assert changes(newsroom) == []

    def test_a_short_link_that_leads_to_the_article(self, newsroom: Newsroom) -> None:
        look(newsroom, replace(story(), url="https://courier.example/s/7"), final_url=PIER)
        assert changes(newsroom) == []


def test_recent_articles_are_looked_at_again(newsroom: Newsroom) -> None:
    newsroom.announce(named("https://courier.example/tag/pier"))
    newsroom.decide("https://courier.example/tag/pier", Outcome.NOT_ARTICLE)
    absent(newsroom, Outcome.GONE, is_removed=True)
    newsroom.now += 2 * DAY
    newsroom.store(article(f"{PIER}-2"))

    def again(days: int) -> list[str]:
        from storage import ledger

        since = newsroom.now - days * DAY
        with newsroom.connection.begin_nested() as savepoint:
            ledger.want_again(newsroom.connection, newsroom.source_id, since=since, now=newsroom.now)
            due = sorted(newsroom.due_urls())
            savepoint.rollback()
        return due

    assert again(1) == [f"{PIER}-2"]
    assert again(3) == [PIER, f"{PIER}-2"]
