"""Look at a home page and what it offers, without crawling: what `newsarchive add` writes down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request

from crawler.extraction.pool import ReaderPool
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.fetcher import Fetcher, FetchError
from crawler.spiders.prober import Probed, Prober


@dataclass(kw_only=True)
class Finding:
    """What a probe of one home page brought."""

    home_page: str
    probed: Probed | None = None
    error: str | None = field(default=None)


class ProbeSpider(ArchiveSpider):
    """Fills a `Finding`; yields nothing."""

    name = "probe"

    def __init__(self, finding: Finding, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.finding = finding

    async def start(self) -> AsyncIterator[Request]:
        settings = self.settings
        pool = ReaderPool.shared(1, seconds=settings.getfloat("ARCHIVE_READ_SECONDS"))
        fetcher = Fetcher(self.crawler, max_size=settings.getint("ARCHIVE_ENDPOINT_MAXSIZE"))
        prober = Prober(fetcher, pool, max_sections=settings.getint("ARCHIVE_SECTIONS"))
        try:
            self.finding.probed = await prober.probe(self.finding.home_page)
        except FetchError as error:
            self.finding.error = str(error)
        finally:
            pool.release()
        nothing: tuple[Request, ...] = ()  # all has been asked; Scrapy wants a generator
        for request in nothing:
            yield request
