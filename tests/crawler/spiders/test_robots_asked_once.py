"""The manners and the search for sitemaps share what a host's robots.txt said."""

from __future__ import annotations

from tests.command import Command
from tests.site import XML, Site, story


def test_a_first_crawl_asks_for_robots_txt_once(newsarchive: Command) -> None:
    with Site() as site:
        page = site.serve("/news/1", story("Harbour"))
        site.serve("/odd.xml", f"<urlset><url><loc>{page}</loc></url></urlset>".encode(), headers=XML)
        site.serve("/robots.txt", f"Sitemap: {site.url}/odd.xml\n".encode())
        site.serve("/", f'<html><a href="{page}">News of the harbour and the town</a></html>'.encode())
        newsarchive.run("crawl", f"{site.url}/")
        assert site.asked.count("/robots.txt") == 1
        assert "/odd.xml" in site.asked
