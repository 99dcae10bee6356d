"""Keep the same text from being two articles: an alias is written down, not stored."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from pipelines.fingerprint import content_hash, text_hash
from storage.articles import store_alias
from storage.records import Submission
from storage.writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Duplicate(DropItem):
    """The text is in the archive already, under another address of the same source."""


class Deduplicate:
    """Item pipeline: gives each submission its fingerprints, and drops copies with their outcome recorded."""

    def __init__(self, database: str) -> None:
        self.database = database

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["ARCHIVE_DATABASE"])

    def open_spider(self) -> None:
        self.writer = Writer.shared(self.database)

    def close_spider(self) -> None:
        self.writer.release()

    async def process_item(self, item: object) -> object:
        if not isinstance(item, Submission):
            return item
        item = replace(item, text_hash=text_hash(item.article), content_hash=content_hash(item.article))
        twin = await asyncio.wrap_future(self.writer.submit(lambda connection: store_alias(connection, item)))
        if twin is not None:
            raise Duplicate(f"{item.article.url} has the text of article {twin}", log_level="DEBUG")
        return item
