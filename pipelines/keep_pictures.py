"""Keep the pictures of articles as files, where a source's `pictures` says so.

    Store              wants them, in the transaction that stores the article   (storage/pictures.py)
    _keep_wanted       takes them from the archive, a few at once
    MediaPipeline      each address once, through the crawl's downloader with all its manners and guards
    media_downloaded   are these bytes a picture? then a file                   (storage/picture_files.py)

Articles do not wait for their pictures. Once the articles are done, the crawl
waits for the pictures that are left; what a killed one leaves, the next takes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.media import FileException, FileInfo, MediaPipeline
from sqlalchemy import Connection

from storage import picture_files, pictures
from storage.errors import ArchiveError
from storage.pictures import Wanted
from storage.records import PictureFile, Pictures, Submission
from storage.writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

T = TypeVar("T")
logger = logging.getLogger(__name__)

AT_ONCE = 2  # pictures of one source under way: most of the downloader is left to the articles
BATCH = 100  # taken from the archive at once
# Decoding takes up to a second, and up to ARCHIVE_PICTURE_MAXPIXELS in memory: so not many at once.
workbench = ThreadPoolExecutor(2, thread_name_prefix="pictures")


class PictureInfo(FileInfo):
    """What MediaPipeline remembers of an address."""

    file: PictureFile


class KeepPictures(MediaPipeline):
    """Item pipeline: lets each item go at once, and fetches the pictures that its article wants."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        settings = crawler.settings
        self.database: str = settings["ARCHIVE_DATABASE"]
        self.folder = picture_files.folder(settings["ARCHIVE_PICTURES_FOLDER"], self.database)
        self.max_size = settings.getint("ARCHIVE_PICTURE_MAXSIZE")
        self.max_pixels = settings.getint("ARCHIVE_PICTURE_MAXPIXELS")
        self.work: asyncio.Task[None] | None = None
        self.closing: asyncio.Task[None] | None = None
        self.more = False  # something may be wanted that was not looked at
        self.last: Wanted | None = None
        self.reasons: dict[str, str] = {}  # why an address brought no picture
        self.articles_done = False
        self.stopped = False
        self.broken: ArchiveError | None = None  # why pictures cannot be kept at all
        crawler.signals.connect(self.idle, signal=signals.spider_idle)
        crawler.signals.connect(self.stop, signal=signals.spider_error)

    def open_spider(self) -> None:  # type: ignore[override]  # without the deprecated argument
        super().open_spider()
        self.writer = Writer.shared(self.database)

    async def close_spider(self) -> None:
        """Finish what is under way; the rest stays wanted."""
        self.stop()
        if self.work is not None:
            await asyncio.wait([self.work])
        self.writer.release()

    async def process_item(self, item: object) -> object:  # type: ignore[override]
        if isinstance(item, Submission) and item.pictures is not Pictures.NONE:
            self._wake()
        return item

    # -- beside the articles ------------------------------------------------

    def idle(self) -> None:
        """The articles are done: the crawl goes on as long as pictures are to be fetched."""
        self.articles_done = True
        if self.work is None:  # an earlier crawl may have left some
            self._wake()
        if self.work is not None and not self.work.done():
            raise DontCloseSpider

    def stop(self) -> None:
        """Begin no further picture."""
        self.stopped = True

    @property
    def source_id(self) -> int | None:
        """The source whose pictures are to be kept, as the spider says."""
        return getattr(self.crawler.spider, "pictures_of", None)

    def _wake(self) -> None:
        self.more = True
        if self._is_over() or self.source_id is None or (self.work is not None and not self.work.done()):
            return
        self.work = asyncio.get_running_loop().create_task(self._keep_wanted())
        self.work.add_done_callback(self._worked)

    def _worked(self, work: asyncio.Task[None]) -> None:
        """Say what went wrong; close the spider that was kept open for the pictures alone."""
        if not work.cancelled() and (error := work.exception()) is not None:
            self.stop()
            logger.error("pictures are left for the next crawl: %s", error, exc_info=_of_a_bug(error))
        if self.articles_done and self.crawler.engine is not None and self.crawler.engine.running:
            closed = self.crawler.engine.close_spider_async(reason="finished")
            self.closing = asyncio.get_running_loop().create_task(closed)

    def _is_over(self) -> bool:
        return self.stopped or self.crawler.engine is None or not self.crawler.engine.running

    async def _keep_wanted(self) -> None:
        await self._in_thread(partial(picture_files.tidy, self.folder))
        while self.more:
            self.more = False
            while not self._is_over() and (batch := await self._next_batch()):
                self.last = batch[-1]
                urls = iter(dict.fromkeys(one.url for one in batch))
                await asyncio.gather(*(self._keep_each(urls) for _ in range(AT_ONCE)))

    async def _next_batch(self) -> list[Wanted]:
        source_id, last = self.source_id, self.last
        assert source_id is not None
        return await self._commit(lambda c: pictures.wanted(c, source_id, after=last, limit=BATCH))

    async def _keep_each(self, urls: Iterator[str]) -> None:
        for url in urls:
            if self._is_over():
                return
            await self._keep(url)

    async def _keep(self, url: str) -> None:
        info = await self._fetched(url)
        if self.broken is not None:
            raise self.broken
        if info is not None:
            await self._commit(partial(pictures.keep, url=url, file=info["file"]))
            self._count("kept" if info["status"] == "downloaded" else "known")
        elif not self._is_over():  # else it may have failed because of that
            reason = self.reasons.get(url, "not to be had")
            await self._commit(partial(pictures.give_up, url=url, reason=reason))
            self._count("failed")
            logger.debug("no picture at %s: %s", url, reason)

    async def _fetched(self, url: str) -> PictureInfo | None:
        """The picture at `url`, or None; then `reasons` has the reason."""
        meta = {"download_maxsize": self.max_size, "picture": url}
        try:
            request = Request(url, headers={"Accept": "image/*"}, meta=meta, callback=NO_CALLBACK)
        except ValueError as error:
            self.reasons[url] = str(error)
            return None
        [(_, info)] = await super().process_item(request)
        return cast("PictureInfo | None", info)

    def _count(self, what: str) -> None:
        if self.crawler.stats:
            self.crawler.stats.inc_value(f"archive/picture/{what}")

    def _commit(self, operation: Callable[[Connection], T]) -> asyncio.Future[T]:
        return asyncio.wrap_future(self.writer.submit(operation))

    def _in_thread(self, operation: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(workbench, operation)

    # -- as MediaPipeline asks ----------------------------------------------

    def get_media_requests(self, item: Request, info: MediaPipeline.SpiderInfo) -> list[Request]:
        return [item]

    async def media_to_download(  # type: ignore[override]
        self, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> PictureInfo | None:
        """What the archive has of this address: another version, source or process may have fetched it."""
        file = await self._commit(partial(pictures.known, url=request.meta["picture"]))
        return _info(request, file, "uptodate") if file else None

    async def media_downloaded(
        self, response: Response, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> FileInfo:
        """Make a file of what came, if it is a picture."""
        if response.status not in (200, 203):
            raise FileException(f"HTTP {response.status}")
        file = await self._in_thread(partial(self._written, response.body))
        return _info(request, file, "downloaded")

    def _written(self, body: bytes) -> PictureFile:
        file = picture_files.examined(body, max_pixels=self.max_pixels, at=dt.datetime.now(dt.UTC))
        picture_files.write(self.folder, file, body)
        return file

    def media_failed(  # type: ignore[override]
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> None:
        """Note why; raising it would log each with its traceback."""
        error = failure.value
        if isinstance(error, ArchiveError):  # not the picture's fault, and no other will fare better
            self.broken = error
        self.reasons[request.meta["picture"]] = f"{error}"[:200] or type(error).__name__

    def item_completed(self, results: list[Any], item: object, info: MediaPipeline.SpiderInfo) -> list[Any]:
        return results

    def file_path(self, request: Request, *args: Any, **kwargs: Any) -> str:
        """The name is the hash of what comes, so there is none before: `PictureFile.path`."""
        raise NotImplementedError


def _of_a_bug(error: BaseException) -> BaseException | None:
    return None if isinstance(error, ArchiveError) else error


def _info(request: Request, file: PictureFile, status: str) -> PictureInfo:
    return {"url": request.url, "path": file.path, "checksum": file.sha256, "status": status, "file": file}
