"""A home or section page as a way to articles. Pure; by structure, in any language, no rule for a site.

page -> anchors (each link, where it stands) -> targets (by address) -> weighing -> articles
                                             -> sections, paging
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.discovery import anchors
from crawler.discovery.dates import instant
from crawler.discovery.paging import next_page
from crawler.discovery.sections import sections
from crawler.discovery.shapes import page_number
from crawler.discovery.targets import Target, targets
from crawler.discovery.weighing import articles
from crawler.extraction.document import parse
from crawler.items import Discovered
from storage.urls import is_home_page


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What a home or section page leads to on its own site."""

    articles: tuple[Discovered, ...] = ()
    # In the page's order, each URL once, the link's text as title.
    sections: tuple[str, ...] = ()
    # What its menus lead to.
    next_page: str | None = None
    # Where the list goes on.


def links(body: bytes, url: str) -> Listing:
    """What the page `body` at `url` links to; empty for what is no page."""
    page = anchors.read(parse(body, url))
    candidates = targets(page.anchors, url)
    chosen = articles(target for target in candidates if not _is_ruled_out(target, url))
    times = _times(chosen, page.times)
    return Listing(
        articles=tuple(_discovered(target, times.get(target.url)) for target in chosen),
        sections=sections(page.anchors, url),
        next_page=next_page([link for target in candidates for link in target.anchors], url),
    )


def _is_ruled_out(target: Target, page_url: str) -> bool:
    """A file, a host's root, another page of this list, or what the page itself calls a tag."""
    return (
        target.shape.other_file
        or is_home_page(target.url)
        or page_number(target.url)[0] == page_number(page_url)[0]
        or any("tag" in link.relations for link in target.anchors)
    )


def _discovered(target: Target, time: dt.datetime | None) -> Discovered:
    day = target.shape.date
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC) if day else None
    return Discovered(url=target.url, title=target.title, published=time or midnight)


def _times(chosen: Iterable[Target], times: Mapping[int, str]) -> dict[str, dt.datetime]:
    """When each article came out, where a teaser is its alone and gives a time."""
    teasers: dict[int, set[str]] = {}
    for target in chosen:
        for link in target.anchors:
            if link.teaser is not None:
                teasers.setdefault(link.teaser, set()).add(target.url)
    read = ((urls.pop(), instant(times.get(teaser))) for teaser, urls in teasers.items() if len(urls) == 1)
    return {url: time for url, time in read if time}
