"""Fundus, with one parser for all sites, in an environment of its own: it asks for an older lxml than ours.

Its parsers are written for one publisher each. The one here takes what every such parser has (its own readers
of JSON-LD and meta tags, of images and topics) and every paragraph outside menus: what its body is worth says
nothing of Fundus, what it costs does. A thread for each site, no pauses; it finds the pages itself.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PYTHON = os.environ.get("FUNDUS_PYTHON", "")  # of the environment that it is installed in
PARAGRAPHS = (
    "//p[not(ancestor::nav or ancestor::footer or ancestor::aside or ancestor::form or ancestor::figure)]"
)


def command(job) -> list[str]:  # type: ignore[no-untyped-def]  # crawlers.Job; this file is a script, too
    return [PYTHON, __file__, str(job.out), *job.home_pages]


def stored(job) -> Iterator[tuple[str, str]]:  # type: ignore[no-untyped-def]
    from crawlers import read_lines

    return read_lines(job.folder)


def publishers(home_pages: list[str]) -> Any:
    """A group of publishers, one for each site."""
    from fundus.parser import BaseParser, ParserProxy, attribute
    from fundus.parser.utility import (
        extract_article_body_with_selector,
        generic_author_parsing,
        generic_date_parsing,
        generic_topic_parsing,
        image_extraction,
    )
    from fundus.publishers.base_objects import Publisher, PublisherGroup
    from fundus.scraping.url import NewsMap, RSSFeed, Sitemap
    from lxml.etree import XPath

    paragraphs, top = XPath(PARAGRAPHS), XPath("//body")

    class AnyParser(ParserProxy):
        class V1(BaseParser):
            @attribute
            def title(self):
                return self.precomputed.meta.get("og:title")

            @attribute
            def body(self):
                return extract_article_body_with_selector(self.precomputed.doc, paragraph_selector=paragraphs)

            @attribute
            def authors(self):
                return generic_author_parsing(self.precomputed.ld.bf_search("author"))

            @attribute
            def publishing_date(self):
                return generic_date_parsing(self.precomputed.ld.bf_search("datePublished"))

            @attribute
            def topics(self):
                return generic_topic_parsing(self.precomputed.ld.bf_search("keywords"))

            @attribute
            def images(self):
                return image_extraction(
                    doc=self.precomputed.doc, paragraph_selector=paragraphs, upper_boundary_selector=top
                )

    def publisher(home_page: str) -> Publisher:
        sources = [
            RSSFeed(f"{home_page}feed.xml"),
            NewsMap(f"{home_page}news.xml"),
            Sitemap(f"{home_page}general.xml"),
        ]
        return Publisher(name=home_page, domain=home_page, parser=AnyParser, sources=sources)

    sites = {f"Site{number}": publisher(home_page) for number, home_page in enumerate(home_pages)}
    return PublisherGroup("Sites", (), {"default_language": "en", **sites})


def main(out: Path, home_pages: list[str]) -> None:
    from fundus import Crawler

    crawler = Crawler(publishers(home_pages), delay=0.0)
    with out.open("w", encoding="utf-8") as lines:
        for article in crawler.crawl(only_complete=False):
            if article.body:
                body = "\n\n".join(text for section in article.body.sections for text in section.paragraphs)
                record = {
                    "url": article.html.requested_url,
                    "title": article.title,
                    "authors": article.authors,
                    "published": str(article.publishing_date),
                    "topics": article.topics,
                    "images": [str(image) for image in article.images or ()],
                    "body": body,
                }
                lines.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
