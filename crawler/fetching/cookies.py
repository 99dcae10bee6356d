"""Scrapy's cookies, which ask nobody on the network.

A cookie for a public suffix ("co.uk") is refused. Scrapy downloads the list of these when the first
cookie comes: from within the event loop, which waits for it, and past the guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares import cookies

from storage.urls import public_suffixes

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Cookies(cookies.CookiesMiddleware):
    """Scrapy's downloader middleware, with the list that ships with the package."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        cookies._split_domain = public_suffixes()  # it offers no other way
        return super().from_crawler(crawler)
