"""Front, section, tag and author pages, search and videos: pages that list stories and are none. Pure."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from crawler.demo.announcements import announced_pages, next_section_page, section_stories
from crawler.demo.answers import Answer, html
from crawler.demo.content import labels
from crawler.demo.designs import plain
from crawler.demo.designs.fragments import REL_NEXT, link, teasers
from crawler.demo.outlet import FRESH, Edition, OtherPage, Outlet, Story

FRONT_SIZE = 9
SHORT_LIST = 6


def front_page(outlet: Outlet, place: int) -> Answer:
    """An edition's front page: its newest stories, then the most read."""
    edition = outlet.editions[place]
    words = labels(edition.language)
    recent = _recent(outlet, edition)
    most_read = "".join(f"<li>{link(s.path, s.headline)}</li>" for s in recent[::-1][:SHORT_LIST])
    main = (
        f"<h2>{words['latest']}</h2>{teasers(recent[:FRONT_SIZE])}"
        f"<aside><h2>{words['most_read']}</h2><ol>{most_read}</ol></aside>"
    )
    return html(plain(outlet, edition, words["home"], main))


def _recent(outlet: Outlet, edition: Edition) -> list[Story]:
    """What lists may show: nothing that a first crawl is meant to leave."""
    return [s for s in edition.stories if outlet.now - s.published < FRESH and not s.manuscript.torn]


def _section(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    onwards = next_section_page(outlet, page)
    extras = [p for p in announced_pages(outlet, "section") if p.edition == page.edition]
    main = "\n".join(
        (
            f"<h1>{escape(page.title)}</h1>",
            teasers(section_stories(outlet, page)),
            *(f'<p class="extra">{link(p.path, p.title)}</p>' for p in extras),
            f'<p class="pagination">{link(onwards, labels(edition.language)["more"], attributes=REL_NEXT)}</p>'
            if onwards
            else "",
        )
    )
    return html(plain(outlet, edition, page.title, main))


def _tag(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    stories = [story for story in edition.stories if page.subject in story.keywords]
    main = f"<h1>{escape(page.title)}</h1>{teasers(stories)}"
    return html(plain(outlet, edition, page.title, main))


def _author(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    stories = [story for story in edition.stories if page.subject in story.authors]
    about = f"{page.title} {labels(edition.language)['about_author']} {edition.text.title}."
    main = f"<h1>{escape(page.title)}</h1><p>{escape(about)}</p>{teasers(stories)}"
    return html(plain(outlet, edition, page.title, main))


def _search(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    words = labels(edition.language)
    main = (
        f"<h1>{words['search']}</h1>"
        f'<form action="/search"><input type="search" name="q"><button>{words["search"]}</button></form>'
        f"<p>{words['no_results']}</p>{teasers(_recent(outlet, edition)[:SHORT_LIST])}"
    )
    return html(plain(outlet, edition, words["search"], main))


def _videos(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    words = labels(edition.language)
    items = "".join(
        f'<div class="video"><button>▶</button> {escape(story.headline)} <span>{index + 1}:{17 * index % 60:02}</span></div>'
        for index, story in enumerate(_recent(outlet, edition)[:SHORT_LIST])
    )
    return html(plain(outlet, edition, words["videos"], f"<h1>{words['videos']}</h1>{items}"))


FRONTS: dict[str, Callable[[Outlet, OtherPage], Answer]] = {
    "section": _section,
    "tag": _tag,
    "author": _author,
    "search": _search,
    "videos": _videos,
}
