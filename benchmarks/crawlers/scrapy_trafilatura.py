"""Scrapy as its template sets it up, with trafilatura in the callback and JSON Lines out."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any


def command(job) -> list[str]:  # type: ignore[no-untyped-def]  # crawlers.Job; this file is a script, too
    return [sys.executable, __file__, str(job.urls), str(job.out)]


def stored(job) -> Iterator[tuple[str, str]]:  # type: ignore[no-untyped-def]
    from crawlers import read_lines

    return read_lines(job.folder)


def main(urls: list[str], out: str) -> None:
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from trafilatura import bare_extraction

    class Articles(scrapy.Spider):
        name = "articles"

        async def start(self) -> AsyncIterator[Any]:
            for url in urls:
                yield scrapy.Request(url)

        def parse(self, response: Any) -> Iterator[dict[str, Any]]:
            found = bare_extraction(response.body, url=response.url, with_metadata=True)
            if found and found.text:
                yield {
                    "url": response.url,
                    "title": found.title,
                    "author": found.author,
                    "date": found.date,
                    "body": found.text,
                }

    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "LOG_LEVEL": "INFO",
            "TELNETCONSOLE_ENABLED": False,
            "FEEDS": {out: {"format": "jsonl"}},
        }
    )
    process.crawl(Articles)
    process.start()


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text(encoding="utf-8").split(), sys.argv[2])
