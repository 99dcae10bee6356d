"""Which article a page is, whether it changed, and what is left when something fails on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import IntegrityError, NoResultFound

from pipelines.fingerprint import content_hash, text_hash
from pipelines.normalise import normalise
from storage import articles, ledger
from storage.database import writing
from storage.filters import EVERYTHING
from storage.matching import matching
from storage.models import article as article_table
from storage.models import byline, image, keyword, person, version
from storage.reading import load
from storage.records import ArchivedArticle, Article, Byline, Image, Outcome, Role
from storage.search_query import parse
from tests.any_article import articles as any_articles
from tests.storage.newsroom import BODY, DAY, HOUR, NOON, Newsroom, article, paragraphs

PIER = "https://courier.example/pier"
AMP = "https://courier.example/amp/pier"
SHORT_LINK = "https://courier.example/s/7"
EDITED = paragraphs(*BODY, "The council has since voted for the money.")


def story(**fields: Any) -> Article:
    return article(PIER, **fields)


def only(newsroom: Newsroom) -> ArchivedArticle:
    """The one article that there is."""
    [found] = load(newsroom.connection, list(newsroom.connection.scalars(select(article_table.c.id))))
    return found


def versions(newsroom: Newsroom) -> int:
    return newsroom.connection.scalar(select(func.count()).select_from(version)) or 0


class TestNew:
    def test_a_new_article_with_all_its_parts(self, newsroom: Newsroom) -> None:
        pictures = (Image(url="https://courier.example/1.jpg", caption="A gull", is_lead=True),)
        named = (
            Byline(name="Ada Holm"),
            Byline(name="Wire", role=Role.AGENCY),
            Byline(name="Ada Holm", role=Role.PHOTOGRAPHER),
        )
        item = story(bylines=named, images=pictures, keywords=("ports", "storms"))
        assert newsroom.store(item, next_fetch_at=NOON + DAY, detail="as expected") is Outcome.STORED
        kept = only(newsroom)
        assert kept.article == item
        assert (kept.source, kept.version, kept.removed_at) == ("courier", 1, None)
        assert kept.first_seen_at == kept.fetched_at == kept.last_checked_at == NOON
        row = newsroom.row(PIER)
        assert (row.outcome, row.article_id, row.http_status, row.attempts) == ("stored", kept.id, 200, 0)
        assert (row.detail, row.next_fetch_at) == ("as expected", NOON + DAY)
        assert newsroom.account().outcomes == {"stored": 1}

    def test_behind_a_paywall(self, newsroom: Newsroom) -> None:
        item = story(is_accessible_for_free=False)
        assert newsroom.store(item, outcome=Outcome.PAYWALL) is Outcome.PAYWALL
        assert only(newsroom).article.is_accessible_for_free is False
        assert newsroom.row(PIER).outcome == "paywall"

    def test_a_person_is_one_however_many_articles(self, newsroom: Newsroom) -> None:
        for n in range(3):
            newsroom.store(
                article(f"{PIER}/{n}", bylines=(Byline(name="Ada Holm"), Byline(name=f"Guest {n}")))
            )
        names = newsroom.connection.scalars(select(person.c.name).order_by(person.c.name)).all()
        assert names == ["Ada Holm", "Guest 0", "Guest 1", "Guest 2"]

    def test_nothing_but_an_address(self, newsroom: Newsroom) -> None:
        item = Article(url=PIER, canonical_url=PIER)
        assert newsroom.store(item) is Outcome.STORED
        assert only(newsroom).article == item
        assert only(newsroom).word_count == 0


class TestAgain:
    def test_the_same_is_unchanged(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        newsroom.next_run()
        assert newsroom.store(story()) is Outcome.UNCHANGED
        kept = only(newsroom)
        assert (kept.version, kept.fetched_at, kept.last_checked_at) == (1, NOON, NOON + HOUR)
        assert versions(newsroom) == 1

    def test_an_edited_one_is_a_second_version(self, newsroom: Newsroom) -> None:
        newsroom.store(story(keywords=("old",)))
        newsroom.next_run()
        changed = story(blocks=EDITED, keywords=("new",))
        assert newsroom.store(changed) is Outcome.UPDATED
        kept = only(newsroom)
        assert kept.article == changed
        assert (kept.version, kept.first_seen_at, kept.fetched_at) == (2, NOON, NOON + HOUR)
        assert versions(newsroom) == 2

    def test_search_knows_the_current_version(self, newsroom: Newsroom) -> None:
        newsroom.store(story(headline="Penguins at the pier"))
        newsroom.store(story(headline="Gulls at the pier"))
        found = {
            word: len(newsroom.connection.execute(matching(EVERYTHING, parse(word))).all())
            for word in ("penguins", "gulls")
        }
        assert found == {"penguins": 0, "gulls": 1}

    def test_back_to_an_earlier_text_is_a_third_version(self, newsroom: Newsroom) -> None:
        outcomes = [newsroom.store(item) for item in (story(), story(blocks=EDITED), story())]
        assert outcomes == [Outcome.STORED, Outcome.UPDATED, Outcome.UPDATED]
        assert only(newsroom).version == 3

    @pytest.mark.parametrize("spelling", ["http://www.courier.example/pier/", f"{PIER}?utm_source=x&amp=1"])
    def test_another_spelling_is_the_same_article(self, newsroom: Newsroom, spelling: str) -> None:
        newsroom.store(story())
        assert newsroom.store(story(url=spelling, canonical_url=spelling)) is Outcome.UNCHANGED
        assert only(newsroom).article.canonical_url == PIER

    def gone(self, newsroom: Newsroom, address: str) -> ledger.Decision:
        return ledger.Decision(
            url_id=newsroom.url_id(address),
            outcome=Outcome.GONE,
            at=newsroom.now,
            run_id=newsroom.run_id,
            http_status=410,
        )

    def test_gone_and_back(self, newsroom: Newsroom, connection: Connection) -> None:
        newsroom.store(story())
        for moment in (NOON + HOUR, NOON + DAY):
            newsroom.now = moment
            articles.record_absence(connection, self.gone(newsroom, PIER), is_removed=True)
            assert newsroom.row(PIER).outcome == "gone"
            assert only(newsroom).removed_at == NOON + HOUR, "when it was first found gone"
        newsroom.next_run()
        assert newsroom.store(story()) is Outcome.UNCHANGED
        assert only(newsroom).removed_at is None

    def test_an_address_of_nothing_is_gone(self, newsroom: Newsroom, connection: Connection) -> None:
        newsroom.store(story())
        newsroom.announce(AMP)
        gone = ledger.Decision(
            url_id=newsroom.url_id(AMP), outcome=Outcome.GONE, at=NOON, run_id=newsroom.run_id
        )
        articles.record_absence(connection, gone, is_removed=True)
        assert only(newsroom).removed_at is None


class TestAliases:
    def amp(self, **fields: Any) -> Article:
        return story(url=AMP, **fields)

    def test_an_amp_page_that_differs_is_no_edit(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        assert newsroom.store(self.amp(blocks=EDITED)) is Outcome.DUPLICATE
        assert only(newsroom).version == 1
        assert newsroom.row(AMP).article_id == only(newsroom).id

    def test_an_amp_page_that_comes_first_gives_way_to_the_article(self, newsroom: Newsroom) -> None:
        assert newsroom.store(self.amp()) is Outcome.STORED
        assert newsroom.store(self.amp(blocks=EDITED)) is Outcome.UPDATED
        assert newsroom.store(story()) is Outcome.UPDATED
        assert newsroom.store(self.amp(blocks=EDITED)) is Outcome.DUPLICATE
        assert newsroom.store(story()) is Outcome.UNCHANGED
        assert only(newsroom).version == 3

    def test_an_address_that_redirects_is_an_alias(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        newsroom.next_run()
        assert newsroom.store(story(url=SHORT_LINK), final_url=PIER) is Outcome.REDIRECTED
        assert only(newsroom).last_checked_at == NOON + HOUR
        assert newsroom.account().outcomes == {"redirected": 1}

    def test_what_a_redirect_finds_changed_is_an_edit(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        assert newsroom.store(story(url=SHORT_LINK, blocks=EDITED), final_url=PIER) is Outcome.UPDATED

    def test_an_article_that_is_announced_by_its_redirect_stays_alive(self, newsroom: Newsroom) -> None:
        """Else nobody would look at it again when its feed says that it changed."""
        reading = story(url=SHORT_LINK)
        assert newsroom.store(reading, final_url=PIER) is Outcome.STORED
        assert newsroom.store(reading, final_url=PIER) is Outcome.UNCHANGED
        edited = replace(reading, blocks=EDITED)
        assert newsroom.store(edited, final_url=PIER) is Outcome.UPDATED
        assert newsroom.row(SHORT_LINK).outcome in ledger.LIVING

    def test_the_same_text_at_a_second_address(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        copy = story(url=SHORT_LINK, canonical_url=SHORT_LINK)
        assert newsroom.store(copy) is Outcome.DUPLICATE
        assert newsroom.row(SHORT_LINK).article_id == only(newsroom).id

    def test_led_to_the_same_text_at_a_second_address(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        copy = story(url=SHORT_LINK, canonical_url=f"{PIER}-2")
        assert newsroom.store(copy, final_url=f"{PIER}-2") is Outcome.REDIRECTED

    def test_the_same_text_in_another_source_is_an_article(
        self, newsroom: Newsroom, connection: Connection
    ) -> None:
        newsroom.store(story())
        other = Newsroom(connection, "tagblatt")
        address = "https://tagblatt.example/mole"
        assert other.store(story(url=address, canonical_url=address)) is Outcome.STORED

    def test_the_twin_is_looked_for_by_the_current_text(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        newsroom.store(story(blocks=EDITED))
        assert newsroom.store(story(url=SHORT_LINK, canonical_url=SHORT_LINK)) is Outcome.STORED

    def test_two_articles_that_come_to_say_the_same_stay_two(self, newsroom: Newsroom) -> None:
        other = f"{PIER}-2"
        newsroom.store(story())
        newsroom.store(article(other, blocks=EDITED))
        merged = article(other, headline=story().headline, blocks=story().blocks)
        assert newsroom.store(merged) is Outcome.UPDATED

    def test_texts_without_a_hash_are_nobodys_twin(self, newsroom: Newsroom) -> None:
        newsroom.store(story(), text_hash=None)
        assert newsroom.store(article(SHORT_LINK, blocks=story().blocks), text_hash=None) is Outcome.STORED


class TestPaywall:
    TEASER = paragraphs(BODY[0])

    def test_a_teaser_replaces_no_text(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        newsroom.next_run()
        teaser = story(blocks=self.TEASER, is_accessible_for_free=False)
        assert newsroom.store(teaser, outcome=Outcome.PAYWALL) is Outcome.PAYWALL
        kept = only(newsroom)
        assert (kept.version, kept.article, kept.last_checked_at) == (1, story(), NOON + HOUR)

    def test_the_text_replaces_its_teaser(self, newsroom: Newsroom) -> None:
        newsroom.store(story(blocks=self.TEASER), outcome=Outcome.PAYWALL)
        assert newsroom.store(story()) is Outcome.UPDATED
        assert only(newsroom).article == story()

    def test_a_longer_teaser_is_an_edit(self, newsroom: Newsroom) -> None:
        newsroom.store(story(blocks=self.TEASER), outcome=Outcome.PAYWALL)
        longer = story(blocks=paragraphs(*BODY[:2]))
        assert newsroom.store(longer, outcome=Outcome.PAYWALL) is Outcome.UPDATED

    def test_a_newsroom_may_cut_its_own_text(self, newsroom: Newsroom) -> None:
        newsroom.store(story())
        assert newsroom.store(story(blocks=self.TEASER)) is Outcome.UPDATED


class TestOneTransaction:
    """What fails in the middle leaves neither an article nor an outcome."""

    def attempt(self, engine: Engine, submission: Any) -> None:
        with writing(engine) as connection:
            articles.store(connection, submission)

    def rows(self, engine: Engine) -> list[int]:
        with engine.connect() as connection:
            tables = (article_table, version, byline, person, image, keyword)
            counts = [connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables]
            return [*counts, connection.scalar(text("SELECT count(*) FROM article_search")) or 0]

    @pytest.mark.parametrize(
        "broken",
        [
            # Each fails at a later step: look, version, names, pictures, keywords, outcome.
            {"source_id": 99},
            {"content_hash": None},
            {"bylines": (Byline(name="Ada"), Byline(name=None))},  # type: ignore[arg-type]
            {"images": (Image(url="u"), Image(url=None))},  # type: ignore[arg-type]
            {"keywords": ("a", None)},
            {"run_id": 99},
        ],
    )
    def test_an_error_leaves_nothing(self, engine: Engine, broken: dict[str, Any]) -> None:
        item = story(bylines=(Byline(name="Ada"),), keywords=("a",))
        with writing(engine) as connection:
            submission = Newsroom(connection).submission(item)
        parts = {name: value for name, value in broken.items() if hasattr(item, name)}
        rest = {name: value for name, value in broken.items() if name not in parts}
        bad = replace(submission, article=replace(item, **parts), **rest)
        with pytest.raises((NoResultFound, IntegrityError, TypeError, AttributeError)):
            self.attempt(engine, bad)
        assert self.rows(engine) == [0] * 7
        self.attempt(engine, submission)
        assert self.rows(engine) == [1, 1, 1, 1, 0, 1, 1]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=any_articles())
def test_any_article_comes_back_as_it_was(connection: Connection, item: Article) -> None:
    with connection.begin_nested() as savepoint:
        newsroom = Newsroom(connection)
        submission = normalise(newsroom.submission(item))
        submission = replace(
            submission,
            text_hash=text_hash(submission.article),
            content_hash=content_hash(submission.article),
        )
        assert articles.store(connection, submission) is Outcome.STORED
        kept = only(newsroom)
        assert kept.article == submission.article
        for name in ("date_published", "date_modified"):
            before, after = getattr(submission.article, name), getattr(kept.article, name)
            assert (before and before.is_day) == (after and after.is_day)
        assert articles.store(connection, submission) is Outcome.UNCHANGED
        savepoint.rollback()
