"""Whole crawls of the fictional newspaper over loopback HTTP, by the command as it is installed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from crawler.demo import Newspaper
from crawler.demo.outlet import Story
from storage.records import ArchivedArticle, Outcome
from storage.urls import key
from tests.command import Command
from tests.databases import Files, archive_on
from tests.postgresql import Server

KEPT = {Outcome.STORED, Outcome.PAYWALL}
FURNITURE = re.compile(r"RELATED|Author:|Leave a (?:reply|comment)|newsletter|cookie|©", re.IGNORECASE)
MOST_PER_SECOND = 10  # robots.txt of both outlets: Crawl-delay: 0.1


class Crawled:
    """A newspaper, crawled once; module-wide, since it is only looked at."""

    def __init__(self, paper: Newspaper, command: Command) -> None:
        self.paper = paper
        self.homes = [outlet.home_page for outlet in paper.outlets]
        self.result: dict[str, Any] = command.crawl(*self.homes)
        self.command = command
        self.archive = command.archive()

    def article(self, story: Story) -> ArchivedArticle:
        found = self.archive.article_by_url(story.url)
        assert found is not None, story.url
        return found

    @property
    def kept(self) -> list[Story]:
        return [
            s for s in self.paper.stories if s.expected_outcome in KEPT and self.archive.article_by_url(s.url)
        ]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, databases: Files | Server) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("crawled")
    with Newspaper() as paper, archive_on(databases, folder, empty=True) as where:
        done = Crawled(paper, Command(folder, where if isinstance(databases, Server) else None))
        yield done
        done.archive.close()


def test_every_announced_page_has_the_outcome_that_it_deserves(crawled: Crawled) -> None:
    wrong = {}
    announced = {key(url) for url in crawled.paper.announced()}
    for page in (*crawled.paper.stories, *crawled.paper.pages):
        entry = crawled.archive.why(page.url)
        if entry is None:
            assert key(page.url) not in announced or page.expected_outcome not in KEPT, page.url
        elif entry.outcome is not page.expected_outcome:
            wrong[page.url] = (page.expected_outcome, entry.outcome, entry.detail)
    assert not {url: found for url, found in wrong.items() if url not in _twins(crawled.paper)}


def _twins(paper: Newspaper) -> set[str]:
    """The same text at two addresses, neither of which says which is the own one: the first one read is."""
    aliases = [page for page in paper.pages if page.expected_outcome is Outcome.DUPLICATE and page.story]
    return {url for page in aliases for url in (page.url, page.story or "")}


def test_the_account_adds_up(crawled: Crawled) -> None:
    result = crawled.result
    assert sum(result["outcomes"].values()) == result["announced"]
    assert result["carried_over"] == {}
    made = result["outcomes"]["stored"] + result["outcomes"]["paywall"]
    assert result["articles"] == made == crawled.archive.count()
    days = crawled.archive.coverage()
    assert sum(day.announced for day in days) == result["announced"]


def test_one_row_for_each_story(crawled: Crawled) -> None:
    urls = [item.article.canonical_url for item in crawled.archive.articles()]
    assert len({key(url) for url in urls}) == len(urls)
    found = {key(item.article.canonical_url) for item in map(crawled.article, crawled.kept)}
    assert {key(url) for url in urls} == found
    assert len(found) == len(crawled.kept)


@pytest.mark.parametrize(
    ("field", "floor"),
    [("headline", 0.97), ("description", 0.9), ("authors", 0.95), ("date_published", 0.95), ("section", 0.8)],
)
def test_fields_are_what_the_newsroom_wrote(crawled: Crawled, field: str, floor: float) -> None:
    right, wrong = 0, {}
    for story in crawled.kept:
        article = crawled.article(story).article
        found = {
            "headline": article.headline,
            "description": article.description,
            "authors": article.authors,
            "date_published": article.date_published.value if article.date_published else None,
            "section": article.article_section,
        }[field]
        wanted = getattr(story, field)
        if found == wanted:
            right += 1
        else:
            wrong[story.url] = (found, wanted)
    assert right / len(crawled.kept) >= floor, wrong


def test_bodies_are_whole_and_hold_no_furniture(crawled: Crawled) -> None:
    unlike = {}
    for story in crawled.kept:
        body = crawled.article(story).article.body
        wanted = "\n\n".join(block.text for block in story.body)
        if story.is_accessible_for_free and fuzz.ratio(body, wanted) <= 95:
            unlike[story.url] = body
        assert not FURNITURE.search(body), (story.url, FURNITURE.search(body))
        for image in story.images:
            assert not image.caption or image.caption not in body, story.url
    assert len(unlike) <= len(crawled.kept) * 0.025, unlike


def test_captions_and_credits_are_rows_of_their_own(crawled: Crawled) -> None:
    pairs: Counter[str] = Counter()
    for story in crawled.kept:
        found = {(i.caption, i.credit_line) for i in crawled.article(story).article.images}
        for image in story.images:
            if image.caption or image.credit_line:
                pairs["right" if (image.caption, image.credit_line) in found else "wrong"] += 1
    assert pairs["right"] / sum(pairs.values()) >= 0.9, pairs


def test_the_crawl_is_polite(crawled: Crawled) -> None:
    asked = defaultdict(list)
    for request in crawled.paper.requests:
        asked[request.outlet].append(request)
    for requests in asked.values():
        assert [r for r in requests if r.path == "/robots.txt"]
        times = sorted(r.time for r in requests if r.path != "/robots.txt")
        # Times are taken when the server has answered, so single gaps may be shorter than those kept.
        gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
        assert len(times) / (times[-1] - times[0]).total_seconds() <= MOST_PER_SECOND * 1.05
        assert sum(gap < 0.05 for gap in gaps) <= len(gaps) * 0.05
        assert all("newsarchive" in r.headers["user-agent"] for r in requests)
    forbidden = [p.path for p in crawled.paper.pages if p.expected_outcome is Outcome.ROBOTS]
    assert forbidden
    assert not {r.path for r in crawled.paper.requests} & set(forbidden)


def test_a_second_crawl_fetches_no_article_again(paper: Newspaper, newsarchive: Command) -> None:
    homes = [outlet.home_page for outlet in paper.outlets]
    first = newsarchive.crawl(*homes)
    before = len(paper.requests)
    second = newsarchive.crawl(*homes)
    asked = paper.requests[before:]
    stories = {story.path for story in paper.stories}
    assert not [request.path for request in asked if request.path in stories]
    assert set(second["outcomes"]) <= {"known", "pending"}
    assert second["articles"] == first["articles"]
    conditional = [r for r in asked if "if-none-match" in r.headers or "if-modified-since" in r.headers]
    assert conditional
    assert {r.status for r in conditional} == {304}


def test_what_changed_is_taken_up(paper: Newspaper, newsarchive: Command) -> None:
    homes = [outlet.home_page for outlet in paper.outlets]
    newsarchive.crawl(*homes)
    change = paper.advance()
    second = newsarchive.crawl(*homes)
    assert second["outcomes"]["stored"] == len(change.published)
    assert second["outcomes"]["updated"] == len(change.edited)
    with newsarchive.archive() as archive:
        for story in change.edited:
            item = archive.article_by_url(story.url)
            assert item is not None
            assert (item.version, item.article.headline) == (2, story.headline)
    gone = change.removed[0].url
    newsarchive.crawl(gone)
    with newsarchive.archive() as archive:
        entry, item = archive.why(gone), archive.article_by_url(gone)
        assert entry is not None
        assert item is not None
        assert entry.outcome is Outcome.GONE
        assert item.removed_at is not None


def test_limit_takes_the_newest(paper: Newspaper, newsarchive: Command) -> None:
    home = paper.outlets[0].home_page
    result = newsarchive.crawl(home, "--limit", 3)
    fetched = result["announced"] - result["outcomes"]["pending"] - result["outcomes"].get("excluded", 0)
    assert fetched == 3
    assert sum(newsarchive.crawl(home)["carried_over"].values()) > 10


def test_old_entries_of_sitemaps_are_left_until_asked_for(paper: Newspaper, newsarchive: Command) -> None:
    home = paper.outlets[0].home_page
    old = [s for s in paper.outlets[0].stories if s.expected_outcome is Outcome.PENDING]
    assert old
    first = newsarchive.crawl(home)
    assert first["left"] >= len(old)
    assert "--all" in newsarchive("crawl", home)
    day = sorted(s.published for s in old)[-2].date()
    since = newsarchive.crawl(home, "--since", day.isoformat())
    assert 0 < since["left"] < first["left"]
    every = newsarchive.crawl(home, "--all")
    assert every["left"] == 0
    with newsarchive.archive() as archive:
        assert all(archive.article_by_url(story.url) for story in old)


def test_dry_run_changes_nothing(paper: Newspaper, tmp_path: Path) -> None:
    newsarchive = Command(tmp_path)
    home = paper.outlets[0].home_page
    result = newsarchive.crawl(home, "--dry-run")
    assert len(result["would_fetch"]) > 20
    assert not newsarchive.database.exists()
    assert not {r.path for r in paper.requests} & {s.path for s in paper.outlets[0].stories}
    newsarchive.crawl(home, "--limit", 5)
    before = newsarchive.database.read_bytes()
    newsarchive.crawl(home, "--dry-run")
    assert newsarchive.database.read_bytes() == before


def test_urls_of_every_kind(paper: Newspaper, newsarchive: Command) -> None:
    one, two = paper.outlets
    stories = [s for s in one.stories if s.expected_outcome is Outcome.STORED]
    article = newsarchive.crawl(stories[0].url)
    assert (article["announced"], article["outcomes"]) == (1, {"stored": 1})
    feed = newsarchive.crawl(f"{one.home_page}feed")
    assert feed["announced"] > 5
    (newsarchive.folder / "urls.txt").write_text(f"# two\n{stories[1].url}\n\n{stories[2].url}\n")
    listed = newsarchive.crawl("@urls.txt")
    assert listed["announced"] == 2
    section = f"{two.home_page}region/"
    assert newsarchive.crawl(section)["outcomes"]["stored"] > 1


def test_a_source_by_its_name(paper: Newspaper, newsarchive: Command) -> None:
    outlet = paper.outlets[0]
    newsarchive("add", outlet.home_page, "--slug", "courier")
    written = (newsarchive.folder / "sources.toml").read_text()
    assert "[sources.courier]" in written
    assert "/feed" in written
    assert "sitemap_index.xml.gz" in written
    result = newsarchive.crawl("courier")
    assert result["outcomes"]["stored"] > 20
    with newsarchive.archive() as archive:
        assert [status.slug for status in archive.sources()] == ["courier"]
