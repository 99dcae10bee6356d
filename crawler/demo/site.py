"""The newspaper's site: every address that it answers, as a table. Pure.

What a request's headers change is in `answers`, who announces what in
`announcements`; the server asks `Site.answer` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import parse_qsl, urlencode

from crawler.demo import feeds, sitemaps
from crawler.demo.answers import Answer, html
from crawler.demo.content import labels
from crawler.demo.designs import DESIGNS, article, plain, style
from crawler.demo.lists import LISTS, front_page
from crawler.demo.oddities import ODDITIES
from crawler.demo.outlet import OtherPage, Outlet, Story
from crawler.demo.pictures import picture

Maker = Callable[[], Answer]
RETRY_AFTER_SECONDS = 1
PAGES = LISTS | ODDITIES


class Site:
    """What stands at each path of an outlet."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._makers: dict[str, Maker] = dict(_rows(outlet))
        self._shy = {story.path for story in outlet.stories if story.manuscript.shy}

    def answer(self, target: str, visits: int) -> Answer:
        """What a request for `target` (path and query) gets after `visits` earlier ones."""
        path = without_tracking(target)
        if path in self._shy and visits == 0:
            return Answer(status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
        maker = self._makers.get(path) or self._makers.get(path.partition("?")[0])
        return maker() if maker else self._without_row(path)

    def _without_row(self, path: str) -> Answer:
        """Pictures are too many for rows; all else is not there."""
        if file := picture(path):
            return Answer(body=file[0], content_type=file[1], last_modified=self._outlet.now)
        words = labels(self._outlet.language)
        main = f"<h1>{words['not_found']}</h1><p>{words['not_found_text']}</p>"
        return html(plain(self._outlet, self._outlet.editions[0], words["not_found"], main), status=404)


def without_tracking(target: str) -> str:
    """The request target without ``utm_…`` parameters."""
    path, _, query = target.partition("?")
    kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not k.startswith("utm_")]
    return f"{path}?{urlencode(kept)}" if kept else path


def _rows(outlet: Outlet) -> Iterator[tuple[str, Maker]]:
    """The table: what is asked for, and what makes the answer."""
    yield "/robots.txt", partial(sitemaps.robots, outlet)
    yield sitemaps.INDEX, partial(sitemaps.index, outlet)
    for path in sitemaps.children(outlet):
        yield path, partial(sitemaps.child, outlet, path)
    for name in DESIGNS:
        yield f"/assets/{name}.css", partial(style, name)
    for place, edition in enumerate(outlet.editions):
        yield edition.text.front, partial(front_page, outlet, place)
        yield edition.text.feed_path, partial(feeds.feed, outlet, place)
    for page in outlet.pages:
        yield page.path, partial(_page, outlet, page)
    for story in outlet.stories:
        yield story.path, partial(_story, outlet, story)


def _story(outlet: Outlet, story: Story) -> Answer:
    """A story's page, in the charset that it is written in and with the one that its header claims."""
    quirks = story.manuscript
    return Answer(
        body=article(outlet, story).encode(quirks.charset, "xmlcharrefreplace"),
        content_type=f"text/html; charset={quirks.claimed_charset or quirks.charset}",
        last_modified=story.touched,
    )


def _page(outlet: Outlet, page: OtherPage) -> Answer:
    return PAGES[page.kind](outlet, page)
