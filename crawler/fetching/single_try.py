"""Scrapy's HTTP handler, without a second request that nobody asked for.

When a kept-alive connection breaks before an answer, Twisted sends a GET again
at once: below Scrapy's retries, and so past every Crawl-delay.
"""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler


class SingleTry(HTTP11DownloadHandler):
    """One request for each request: trying again is the retry middleware's, which waits its turn."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
