"""Keep the pictures of articles as files, where a source's `pictures` says so.

    Store            wants them, in the transaction that stores the article    (storage/pictures.py)
    KeepPictures     takes what is wanted from the archive, a few at once
    PictureFetcher   each address once: is it a picture? then a file           (pipelines/picture_fetcher.py)

Articles do not wait for their pictures. Once the articles are done, the crawl
waits for the pictures that are left; what a killed one leaves, the next takes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from scrapy import signals
from scrapy.exceptions import DontCloseSpider
from sqlalchemy import Connection

from pipelines.picture_fetcher import PictureFetcher
from storage import pictures
from storage.errors import ArchiveError
from storage.pictures import Wanted
from storage.records import PictureFile, Pictures, Submission
from storage.writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

T = TypeVar("T")
logger = logging.getLogger(__name__)

AT_ONCE = 2  # pictures of one source under way: most of the downloader is left to the articles
BATCH = 100  # taken from the archive at once


class KeepPictures:
    """Item pipeline: lets each item go at once, and fetches the pictures that are wanted beside the crawl.

    The spider's `pictures_of` is the id of the source whose pictures are to be
    kept, or None.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.database: str = crawler.settings["ARCHIVE_DATABASE"]
        self.fetcher = PictureFetcher(crawler=crawler, known=self._known)
        self.work: asyncio.Task[None] | None = None
        self.closing: asyncio.Task[None] | None = None
        self.more = False  # something may be wanted that was not looked at
        self.last: Wanted | None = None
        self.articles_done = False
        self.stopped = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.idle, signal=signals.spider_idle)
        crawler.signals.connect(pipeline.stop, signal=signals.spider_error)
        return pipeline

    def open_spider(self) -> None:
        self.writer = Writer.shared(self.database)
        self.fetcher.open_spider()

    async def close_spider(self) -> None:
        """Finish what is under way; the rest stays wanted."""
        self.stop()
        if self.work is not None:
            await asyncio.wait([self.work])
        self.writer.release()

    def process_item(self, item: object) -> object:
        if isinstance(item, Submission) and item.pictures is not Pictures.NONE:
            self._wake()
        return item

    def idle(self) -> None:
        """The articles are done: the crawl goes on as long as there are pictures to fetch."""
        self.articles_done = True
        if self.work is None:  # an earlier crawl may have left some
            self._wake()
        if self.work is not None and not self.work.done():
            raise DontCloseSpider

    def stop(self) -> None:
        """Begin no further picture."""
        self.stopped = True

    def _is_over(self) -> bool:
        return self.stopped or self.crawler.engine is None or not self.crawler.engine.running

    # -- beside the articles ----------------------------------------------------

    def _wake(self) -> None:
        """Look what is wanted, unless somebody is at it; then once more."""
        self.more = True
        source_id: int | None = getattr(self.crawler.spider, "pictures_of", None)
        if source_id is None or self._is_over() or (self.work is not None and not self.work.done()):
            return
        self.work = asyncio.get_running_loop().create_task(self._keep_wanted(source_id))
        self.work.add_done_callback(self._worked)

    def _worked(self, work: asyncio.Task[None]) -> None:
        """Say what went wrong; close the spider that was kept open for the pictures alone."""
        if not work.cancelled() and (error := work.exception()) is not None:
            self.stop()
            bug = None if isinstance(error, ArchiveError) else error
            logger.error("pictures are left for the next crawl: %s", error, exc_info=bug)
        if self.articles_done and self.crawler.engine is not None and self.crawler.engine.running:
            closed = self.crawler.engine.close_spider_async(reason="finished")
            self.closing = asyncio.get_running_loop().create_task(closed)

    async def _keep_wanted(self, source_id: int) -> None:
        await self.fetcher.tidy()
        while self.more:
            self.more = False
            while not self._is_over() and (batch := await self._next_batch(source_id)):
                self.last = batch[-1]
                urls = iter(dict.fromkeys(one.url for one in batch))
                await asyncio.gather(*(self._keep_each(urls) for _ in range(AT_ONCE)))

    async def _next_batch(self, source_id: int) -> list[Wanted]:
        last = self.last
        return await self._commit(lambda c: pictures.wanted(c, source_id, after=last, limit=BATCH))

    async def _keep_each(self, urls: Iterator[str]) -> None:
        """Go through what the others leave."""
        for url in urls:
            if self._is_over():
                return
            await self._keep(url)

    async def _keep(self, url: str) -> None:
        file, reason = await self.fetcher.fetch(url)
        if file is not None:
            await self._commit(partial(pictures.keep, url=url, file=file))
        elif not self._is_over():  # else it may have failed because of that, and stays wanted
            await self._commit(partial(pictures.give_up, url=url, reason=reason))
            logger.debug("no picture at %s: %s", url, reason)

    async def _known(self, url: str) -> PictureFile | None:
        return await self._commit(partial(pictures.known, url=url))

    def _commit(self, operation: Callable[[Connection], T]) -> asyncio.Future[T]:
        return asyncio.wrap_future(self.writer.submit(operation))
