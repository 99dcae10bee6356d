"""Put articles into the archive, each with its outcome in the ledger in one transaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem
from sqlalchemy import Connection

from storage import articles, attempts
from storage.records import Outcome, Submission
from storage.writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

# What is a row of text in the archive; the rest goes no further (to -O exports, say).
KEPT = (Outcome.STORED, Outcome.UPDATED, Outcome.PAYWALL)


class NothingNew(DropItem):
    """The article is in the archive as it is, or another address of it was read."""


class Store:
    """Item pipeline: an item leaves it only when its transaction has committed."""

    def __init__(self, database: str, stats: StatsCollector | None = None) -> None:
        self.database = database
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["ARCHIVE_DATABASE"], crawler.stats)

    def open_spider(self) -> None:
        self.writer = Writer.shared(self.database)

    def close_spider(self) -> None:
        self.writer.release()

    async def process_item(self, item: object) -> object:
        if not isinstance(item, Submission):
            return item
        stored = self.writer.submit(lambda connection: store(connection, item), can_wait=True)
        outcome = await asyncio.wrap_future(stored)
        if self.stats:
            self.stats.inc_value(f"archive/outcome/{outcome}")
        if outcome not in KEPT:
            raise NothingNew(f"{outcome}: {item.article.url}", log_level="DEBUG")
        return item


def store(connection: Connection, item: Submission) -> Outcome:
    """Keep what is new of an article, and how it was come by."""
    outcome = articles.store(connection, item)
    attempts.keep_of(connection, item, outcome)
    return outcome
