"""From a home page to a source: its feeds, sitemaps, sections, name and language, by asking the site."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin

from crawler.discovery import kind as kind_of
from crawler.discovery import probe
from crawler.errors import ReadError
from crawler.extraction.pool import ReaderError, ReaderPool
from crawler.fetching.politeness import Robots
from crawler.items import Endpoint, EndpointKind
from crawler.spiders.fetcher import Answer, Fetcher, FetchError

KINDS = {"feed": EndpointKind.FEED, "sitemap": EndpointKind.SITEMAP, "html": EndpointKind.LISTING}


@dataclass(frozen=True, kw_only=True, slots=True)
class Probed:
    """What a site offers, with the answers already had, so that nothing is asked twice."""

    site: probe.Site
    answers: tuple[tuple[Endpoint, Answer], ...]
    # The home page, feeds and sitemaps.
    sections: tuple[Endpoint, ...]
    # Not asked yet.

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All that was found, what names new articles soonest first."""
        return (*(endpoint for endpoint, _ in self.answers), *self.sections)


class Prober:
    """Looks at a home page, robots.txt, and where feeds and sitemaps usually are."""

    def __init__(self, fetcher: Fetcher, pool: ReaderPool, *, max_sections: int) -> None:
        self.fetcher = fetcher
        self.pool = pool
        self.max_sections = max_sections

    async def probe(self, home_page: str) -> Probed:
        """What the site of `home_page` offers; FetchError where the page itself cannot be had."""
        home = await self.fetcher.get(home_page)
        try:
            site = await self.pool.run(probe.site, home.body, home.url)
        except (ReadError, ReaderError):
            site = probe.Site()
        feeds = await self._ask_first(site.feeds, probe.WELL_KNOWN_FEEDS, home.url, EndpointKind.FEED)
        declared = await self._sitemaps_in_robots(home.url)
        sitemaps = await self._ask_first(declared, probe.WELL_KNOWN_SITEMAPS, home.url, EndpointKind.SITEMAP)
        listing = Endpoint(url=home_page, kind=EndpointKind.LISTING)
        known = {home_page, home.url}
        sections = tuple(
            Endpoint(url=url, kind=EndpointKind.LISTING) for url in site.sections if url not in known
        )
        return Probed(
            site=site,
            answers=((listing, home), *feeds, *sitemaps),
            sections=sections[: self.max_sections],
        )

    async def _ask_first(
        self, declared: tuple[str, ...], well_known: tuple[str, ...], base: str, kind: EndpointKind
    ) -> list[tuple[Endpoint, Answer]]:
        """What the site declares of a kind; where that gives nothing, what lies where it usually lies."""
        found = await self._ask_all(declared, kind)
        return found or await self._ask_all(tuple(urljoin(base, path) for path in well_known), kind)

    async def _ask_all(self, urls: tuple[str, ...], kind: EndpointKind) -> list[tuple[Endpoint, Answer]]:
        answers = await asyncio.gather(*(self._ask(url, kind) for url in dict.fromkeys(urls)))
        # Two addresses may lead to one document: /feed/ and /rss.
        once = {answer.url: (Endpoint(url=url, kind=kind), answer) for url, answer in answers if answer}
        return list(once.values())

    async def _ask(self, url: str, kind: EndpointKind) -> tuple[str, Answer | None]:
        try:
            answer = await self.fetcher.get(url)
        except FetchError:
            return url, None
        found = KINDS.get(kind_of(answer.body, answer.headers.get("content-type"), answer.url) or "")
        return url, answer if found is kind else None

    async def _sitemaps_in_robots(self, home_page: str) -> tuple[str, ...]:
        url = urljoin(home_page, "/robots.txt")
        if (known := Robots.sitemaps(url)) is not None:  # it was asked for before the home page was
            return probe.each_absolute(known, url)
        try:
            answer = await self.fetcher.get(url, obey_robots=False)
        except FetchError:
            return ()
        return probe.sitemaps_in_robots(answer.body, url)
