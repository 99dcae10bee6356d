"""Who announces what: the entries of each feed, sitemap and section page. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crawler.demo.other_pages import SECTION_PAGE_SIZE, recent_of_section, section_page_count
from crawler.demo.outlet import FRESH, Edition, OtherPage, Outlet, Story

FEED_AGE = dt.timedelta(days=3)
NEWS_AGE = dt.timedelta(days=2)  # Google's rule for news sitemaps
# Behind all of the day's stories at whatever hour: where only the day is told, that is its midnight.
OTHER_AGE = dt.timedelta(days=2)
TRACKING = "utm_source=rss&utm_medium=feed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A URL and what its announcer says of it."""

    url: str
    title: str
    published: dt.datetime
    modified: dt.datetime | None = None
    story: Story | None = None

    @property
    def touched(self) -> dt.datetime:
        return self.modified or self.published


def feed_entries(outlet: Outlet, place: int) -> tuple[Entry, ...]:
    """An edition's feed: the stories of the last three days and the odd ones out, newest first."""
    edition = outlet.editions[place]
    stories = [_entry(s) for s in edition.stories if _age(outlet, s) < FEED_AGE and not s.manuscript.torn]
    others = [_other(outlet, page) for page in announced_pages(outlet, "feed") if page.edition == place]
    return tuple(sorted(stories + others, key=lambda entry: entry.touched, reverse=True))


def news_entries(outlet: Outlet) -> tuple[Entry, ...]:
    """The news sitemap: what was published within two days, all editions."""
    return tuple(_entry(s) for s in outlet.stories if _age(outlet, s) < NEWS_AGE and not s.manuscript.torn)


def recent_entries(outlet: Outlet) -> tuple[Entry, ...]:
    """The general sitemap's first part: this month's stories and everything that is none."""
    stories = [_entry(s) for s in outlet.stories if not is_old(outlet, s) and not s.manuscript.torn]
    return (*stories, *(_other(outlet, page) for page in announced_pages(outlet, "sitemap")))


def old_entries(outlet: Outlet) -> tuple[Entry, ...]:
    """The general sitemap's second part: what no crawl takes the first time."""
    return tuple(_entry(s) for s in outlet.stories if is_old(outlet, s))


def torn_entries(outlet: Outlet) -> tuple[Entry, ...]:
    """The truncated sitemap, up to its tear."""
    return tuple(_entry(s) for s in outlet.stories if s.manuscript.torn)


def section_stories(outlet: Outlet, page: OtherPage) -> tuple[Story, ...]:
    """The teasers of one page of a section."""
    edition = outlet.editions[page.edition]
    recent = recent_of_section(edition, page.subject or "", outlet.now)
    first = (_number(edition, page, outlet.now) - 1) * SECTION_PAGE_SIZE
    return recent[first : first + SECTION_PAGE_SIZE]


def next_section_page(outlet: Outlet, page: OtherPage) -> str | None:
    """The path of the page after this one of a section's list."""
    edition, number = outlet.editions[page.edition], _number(outlet.editions[page.edition], page, outlet.now)
    section = page.subject or ""
    has_more = number < section_page_count(edition, section, outlet.now)
    return edition.section_page(section, number + 1) if has_more else None


def announced_pages(outlet: Outlet, announcer: str) -> tuple[OtherPage, ...]:
    """The pages that are no stories and stand in a feed, a sitemap or on a section page."""
    return tuple(page for page in outlet.pages if page.announced_by == announcer)


def announced(outlet: Outlet) -> frozenset[str]:
    """Every article address that feeds, sitemaps and section pages name, without tracking parameters."""
    stories = {story.url for story in outlet.stories}
    return frozenset(stories | {page.url for page in outlet.pages if page.announced_by})


def is_old(outlet: Outlet, story: Story) -> bool:
    """Whether only the sitemap of old articles names it."""
    return _age(outlet, story) > FRESH


def _number(edition: Edition, page: OtherPage, now: dt.datetime) -> int:
    section = page.subject or ""
    paths = [edition.section_page(section, n + 1) for n in range(section_page_count(edition, section, now))]
    return paths.index(page.path) + 1


def _age(outlet: Outlet, story: Story) -> dt.timedelta:
    return outlet.now - story.published


def _entry(story: Story) -> Entry:
    return Entry(
        url=story.url, title=story.headline, published=story.published, modified=story.modified, story=story
    )


def _other(outlet: Outlet, page: OtherPage) -> Entry:
    """A page that is no story says that it is two days old; one that is gone, that it changed just now."""
    age = dt.timedelta(minutes=12) if page.kind == "gone" else OTHER_AGE
    moment = (outlet.now - age).astimezone(outlet.editions[page.edition].zone).replace(microsecond=0)
    return Entry(url=page.url, title=page.title, published=moment)
