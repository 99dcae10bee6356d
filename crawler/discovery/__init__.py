"""From a feed, sitemap or page to the URLs it names. Pure functions over bytes: no network, no clock."""

from __future__ import annotations

from crawler.discovery.sniff import is_home_page, kind, no_page

__all__ = ["is_home_page", "kind", "no_page"]
