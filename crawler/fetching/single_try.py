"""Scrapy's HTTP handler, which keeps to a Crawl-delay as the server sees it.

When a kept-alive connection breaks before an answer, Twisted sends a GET again
at once: below Scrapy's retries, and so past every Crawl-delay.

Scrapy counts a delay from when it hands a request out. The server gets it later
(a connection has to be made, this process may be busy), the next one at once.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler

from crawler.fetching.politeness import slot_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

PACED = "autothrottle_dont_adjust_delay"  # in the meta of a request to a host with a Crawl-delay


class SingleTry(HTTP11DownloadHandler):
    """One request for each request: trying again is the retry middleware's, which waits its turn."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False

    async def download_request(self, request: Request) -> Response:
        """Where the host has a Crawl-delay, it counts from the end of the answer."""
        try:
            return await super().download_request(request)
        finally:
            if request.meta.get(PACED) and (slot := slot_of(self._crawler, request)):
                slot.lastseen = max(slot.lastseen, time.monotonic())
