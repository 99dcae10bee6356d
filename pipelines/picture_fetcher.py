"""One picture from its address to its file: Scrapy's MediaPipeline, with names and checks of our own.

It asks each address once, through the crawl's downloader with all its manners
and guards, and makes a file only of what is a picture by its bytes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.media import FileException, FileInfo, MediaPipeline

from storage import picture_files
from storage.errors import ArchiveError
from storage.records import PictureFile

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

T = TypeVar("T")

# Decoding takes up to a second, and up to 4 bytes for each of ARCHIVE_PICTURE_MAXPIXELS: so not many at once.
workbench = ThreadPoolExecutor(2, thread_name_prefix="pictures")


class Fetched(NamedTuple):
    """What an address brought: a file, or the reason why not."""

    file: PictureFile | None
    reason: str = ""


class PictureInfo(FileInfo):
    """What MediaPipeline remembers of an address."""

    file: PictureFile


class PictureFetcher(MediaPipeline):
    """Fetches pictures; `known` answers which file the archive has of an address."""

    def __init__(self, *, crawler: Crawler, known: Callable[[str], Awaitable[PictureFile | None]]) -> None:
        super().__init__(crawler=crawler)
        settings = crawler.settings
        self.known = known
        self.folder = picture_files.folder(settings["ARCHIVE_PICTURES_FOLDER"], settings["ARCHIVE_DATABASE"])
        self.max_size = settings.getint("ARCHIVE_PICTURE_MAXSIZE")
        self.max_pixels = settings.getint("ARCHIVE_PICTURE_MAXPIXELS")
        self.reasons: dict[str, str] = {}  # why an address brought no picture
        self.broken: ArchiveError | None = None  # why none can be kept

    async def tidy(self) -> None:
        """Take away what processes that were killed have left half written."""
        await _in_thread(partial(picture_files.tidy, self.folder))

    async def fetch(self, url: str) -> Fetched:
        """The picture at `url`; ArchiveError where no picture at all can be kept."""
        meta = {"download_maxsize": self.max_size, "picture": url}
        try:
            request = Request(url, headers={"Accept": "image/*"}, meta=meta, callback=NO_CALLBACK)
        except ValueError as error:
            return Fetched(None, str(error))
        [(_, info)] = await self.process_item(request)
        if self.broken is not None:
            raise self.broken
        return Fetched(info["file"]) if info else Fetched(None, self.reasons.get(url, "not to be had"))

    # -- what MediaPipeline asks ----------------------------------------------

    def get_media_requests(self, item: Request, info: MediaPipeline.SpiderInfo) -> list[Request]:
        return [item]

    async def media_to_download(  # type: ignore[override]  # Scrapy awaits what it gets
        self, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> PictureInfo | None:
        """What is there: another version, source or process may have fetched it."""
        file = await self.known(request.meta["picture"])
        return _info(request, file, "uptodate") if file else None

    async def media_downloaded(
        self, response: Response, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> FileInfo:
        """Make a file of what came, if it is a picture."""
        if response.status not in (200, 203):
            raise FileException(f"HTTP {response.status}")
        file = await _in_thread(partial(self._written, response.body))
        self._count("kept")
        return _info(request, file, "downloaded")

    def media_failed(  # type: ignore[override]
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> None:
        """Note why. Scrapy would log what is raised here as an error, with its traceback."""
        error = failure.value
        if isinstance(error, ArchiveError):  # not the picture's fault, and no other will fare better
            self.broken = error
        self.reasons[request.meta["picture"]] = f"{error}"[:200] or type(error).__name__
        self._count("failed")

    def item_completed(self, results: list[Any], item: object, info: MediaPipeline.SpiderInfo) -> list[Any]:
        return results

    def file_path(self, request: Request, *args: Any, **kwargs: Any) -> str:
        """A file is named by what came: `PictureFile.path`."""
        raise NotImplementedError

    def _written(self, body: bytes) -> PictureFile:
        file = picture_files.examined(body, max_pixels=self.max_pixels, at=dt.datetime.now(dt.UTC))
        picture_files.write(self.folder, file, body)
        return file

    def _count(self, what: str) -> None:
        if self.crawler.stats:
            self.crawler.stats.inc_value(f"archive/picture/{what}")


def _info(request: Request, file: PictureFile, status: str) -> PictureInfo:
    return {"url": request.url, "path": file.path, "checksum": file.sha256, "status": status, "file": file}


def _in_thread(operation: Callable[[], T]) -> asyncio.Future[T]:
    return asyncio.get_running_loop().run_in_executor(workbench, operation)
