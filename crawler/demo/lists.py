"""Front, section, tag and author pages, search and videos: pages that list stories and are none. Pure."""

from __future__ import annotations

from collections.abc import Callable

from crawler.demo.announcements import announced_pages, next_section_page, section_stories
from crawler.demo.answers import Answer, html
from crawler.demo.content import labels
from crawler.demo.designs import plain
from crawler.demo.designs.fragments import REL_NEXT, link, teasers, text
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
        f'<aside class="most-read"><h2>{words["most_read"]}</h2><ol>{most_read}</ol></aside>'
    )
    return html(plain(outlet, edition, words["home"], main))


def _section(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    extras = (p for p in announced_pages(outlet, "section") if p.edition == page.edition)
    links = "".join(f'<p class="extra">{link(p.path, p.title)}</p>' for p in extras)
    return _list(outlet, page, teasers(section_stories(outlet, page)) + links + _older(outlet, edition, page))


def _older(outlet: Outlet, edition: Edition, page: OtherPage) -> str:
    """The link to the next page of a section; "" on its last."""
    path = next_section_page(outlet, page)
    if path is None:
        return ""
    anchor = link(path, labels(edition.language)["more"], attributes=REL_NEXT)
    return f'<p class="pagination">{anchor}</p>'


def _tag(outlet: Outlet, page: OtherPage) -> Answer:
    stories = outlet.editions[page.edition].stories
    return _list(outlet, page, teasers(story for story in stories if page.subject in story.keywords))


def _author(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    about = f"{page.title} {labels(edition.language)['about_author']} {edition.text.title}."
    stories = teasers(story for story in edition.stories if page.subject in story.authors)
    return _list(outlet, page, f"<p>{text(about)}</p>{stories}")


def _search(outlet: Outlet, page: OtherPage) -> Answer:
    """The form, and for a page with a query what its headlines hold."""
    edition = outlet.editions[page.edition]
    words = labels(edition.language)
    query = page.path.partition("?q=")[2]
    found = [s for s in _recent(outlet, edition) if query and query in s.headline.lower()]
    form = f'<form action="/search"><input type="search" name="q"><button>{words["search"]}</button></form>'
    return _list(outlet, page, form + (teasers(found) or f"<p>{words['no_results']}</p>"))


def _videos(outlet: Outlet, page: OtherPage) -> Answer:
    edition = outlet.editions[page.edition]
    headlines = [story.headline for story in _recent(outlet, edition)[:SHORT_LIST]]
    videos = (f'<div class="video"><button>▶</button> {text(headline)}</div>' for headline in headlines)
    return _list(outlet, page, "".join(videos))


def _recent(outlet: Outlet, edition: Edition) -> list[Story]:
    """What lists may show: nothing that a first crawl is meant to leave."""
    return [s for s in edition.stories if outlet.now - s.published < FRESH and not s.manuscript.torn]


def _list(outlet: Outlet, page: OtherPage, main: str) -> Answer:
    """`main` under the page's title, in its edition's design."""
    body = f"<h1>{text(page.title)}</h1>{main}"
    return html(plain(outlet, outlet.editions[page.edition], page.title, body))


LISTS: dict[str, Callable[[Outlet, OtherPage], Answer]] = {
    "section": _section,
    "tag": _tag,
    "author": _author,
    "search": _search,
    "videos": _videos,
}
