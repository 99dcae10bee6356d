"""The pages that are no stories: lists, walls, errors, and the other ways to a story. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from math import ceil
from urllib.parse import quote

from crawler.demo.content import PageText
from crawler.demo.outlet import Edition, OtherPage, Outlet, Story
from storage.records import Outcome

# What a first crawl must record of each kind of page.
EXPECTED = {
    "section": Outcome.NOT_ARTICLE,
    "tag": Outcome.NOT_ARTICLE,
    "author": Outcome.NOT_ARTICLE,
    "search": Outcome.NOT_ARTICLE,
    "login": Outcome.NOT_ARTICLE,
    "videos": Outcome.NOT_ARTICLE,
    "pdf": Outcome.EXCLUDED,
    "consent_wall": Outcome.CONSENT_WALL,
    "stub": Outcome.TOO_SHORT,
    "soft_404": Outcome.GONE,
    "missing": Outcome.GONE,
    "gone": Outcome.GONE,
    "forbidden": Outcome.ROBOTS,
    "restricted": Outcome.HTTP_ERROR,
    "redirect": Outcome.REDIRECTED,
    "loop": Outcome.HTTP_ERROR,
    "amp": Outcome.DUPLICATE,
    "print": Outcome.DUPLICATE,
    "slash": Outcome.DUPLICATE,
    "copy": Outcome.DUPLICATE,
}
SECTION_AGE = dt.timedelta(days=6)  # how far back section pages reach
SECTION_PAGE_SIZE = 5


def other_pages(outlet: Outlet, vanished: Iterable[tuple[str, int]] = ()) -> tuple[OtherPage, ...]:
    """All pages of `outlet` beside its stories, its front pages and what only machines read.

    `vanished` names path and edition of stories that are gone; sitemaps still announce them.
    """
    written = [_written(page, outlet) for page in outlet.text.pages]
    gone = [
        _written(PageText(kind="gone", path=path, announced_by="sitemap", edition=place), outlet)
        for path, place in vanished
    ]
    lists = [page for place in range(len(outlet.editions)) for page in _lists(outlet, place)]
    return (*written, *gone, *lists)


def recent_of_section(edition: Edition, section: str, now: dt.datetime) -> tuple[Story, ...]:
    """What the section's pages list, newest first."""
    return tuple(
        story
        for story in edition.stories
        if story.section_key == section and now - story.published < SECTION_AGE and not story.manuscript.torn
    )


def tag_page(edition: Edition, keyword: str) -> str:
    """The path of the page that lists a keyword's stories."""
    return f"{edition.text.front.rstrip('/')}/tag/{slugify(keyword)}"


def author_page(edition: Edition, author: str) -> str:
    """The path of the page about an author."""
    return f"{edition.text.front.rstrip('/')}/author/{slugify(author)}"


def slugify(name: str) -> str:
    """A name as a piece of a URL: "María Solís" -> "maria-solis"; other scripts are percent-encoded."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return quote(re.sub(r"\W+", "-", unicodedata.normalize("NFC", plain).lower()).strip("-"))


def _written(page: PageText, outlet: Outlet) -> OtherPage:
    """A page that content/ names; ``{path}`` in its path is that of the story it leads to."""
    story = next((s for s in outlet.stories if s.slug == page.story), None)
    return _page(
        outlet,
        page.kind,
        page.path.format(path=story.path if story else ""),
        page.title,
        page.edition,
        story=story.url if story else None,
        announced_by=page.announced_by,
    )


def _lists(outlet: Outlet, place: int) -> Iterator[OtherPage]:
    """The section, tag and author pages that an edition's stories make necessary."""
    edition = outlet.editions[place]
    for section, name in edition.text.sections.items():
        for number in range(1, section_page_count(edition, section, outlet.now) + 1):
            path = edition.section_page(section, number)
            announced_by = "sitemap" if number == 1 else None
            yield _page(outlet, "section", path, name, place, subject=section, announced_by=announced_by)
    # As on many a site, the sitemap names a tag page and an author page among the articles.
    keywords = sorted({keyword for story in edition.stories for keyword in story.keywords})
    for index, keyword in enumerate(keywords):
        by = None if index else "sitemap"
        yield _page(
            outlet, "tag", tag_page(edition, keyword), keyword, place, subject=keyword, announced_by=by
        )
    authors = sorted({author for story in edition.stories for author in story.authors})
    for index, author in enumerate(authors):
        by = None if index else "sitemap"
        yield _page(
            outlet, "author", author_page(edition, author), author, place, subject=author, announced_by=by
        )


def section_page_count(edition: Edition, section: str, now: dt.datetime) -> int:
    """How many pages the section's list has: at least one."""
    return max(1, ceil(len(recent_of_section(edition, section, now)) / SECTION_PAGE_SIZE))


def _page(
    outlet: Outlet,
    kind: str,
    path: str,
    title: str,
    place: int,
    *,
    story: str | None = None,
    announced_by: str | None = None,
    subject: str | None = None,
) -> OtherPage:
    return OtherPage(
        url=outlet.base + path,
        path=path,
        kind=kind,
        title=title,
        expected_outcome=EXPECTED[kind],
        edition=place,
        story=story,
        announced_by=announced_by,
        subject=subject,
    )
