"""Keep the raw bytes of what is fetched: each response that a request asks to be kept, as it came.

A request carries in its meta what keeps its response (`Recorder.to_keep`);
robots.txt and a probe before any crawl carry nothing and are not kept. What a
redirect or a new try asks anew inherits it, so each answer is kept, and
`captured` gives the last one: that of the page.

    response -> Capture middleware -> Recorder -> the captures' thread: file, then row -> on to the spider
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.fetching.headers import pairs
from crawler.fetching.reservations import RESERVED
from crawler.settings import VERSION
from storage.captures.exchange import Exchange
from storage.captures.folder import default_folder
from storage.captures.repair import repair
from storage.captures.rows import add, keep
from storage.captures.writing import CaptureFiles
from storage.records import Capture, CaptureKind
from storage.writer import Writer

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

T = TypeVar("T")

logger = logging.getLogger(__name__)

KEEP = "archive_keep"  # in a request's meta: what its response is handed to
CAPTURED = "archive_capture"  # … and what came of that
CACHED = "cached"  # Scrapy's flag of a response that did not come from the network

# The one thread of this process that packs and writes: the event loop has no time for it.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="captures")


class Recorder:
    """The captures of one run: bytes to its files, then a row for each, before anybody hears of it."""

    def __init__(self, files: CaptureFiles, writer: Writer) -> None:
        self.files = files
        self.writer = writer

    @classmethod
    async def for_run(
        cls, settings: BaseSettings, *, source: str, run_id: int, writer: Writer
    ) -> Recorder | None:
        """The recorder that the settings ask for; None where raw bytes are not to be kept."""
        if not settings.getbool("ARCHIVE_CAPTURES"):
            return None
        folder = settings["ARCHIVE_CAPTURES_FOLDER"] or default_folder(settings["ARCHIVE_DATABASE"])
        info = _description(settings, source, run_id)
        files = CaptureFiles(Path(folder), source=source, run_id=run_id, info=info)
        return await cls.open(files, writer)

    @classmethod
    async def open(cls, files: CaptureFiles, writer: Writer) -> Recorder:
        """A recorder for a run, once what killed runs of its source have left behind is mended."""
        for mended in await _run(repair, files.folder, files.source, partial(_adopt, writer)):
            logger.warning(
                "%s was left open by a crawl that was killed: %d responses in it are whole and kept, "
                "%d torn bytes are cut off",
                mended.name,
                mended.captures,
                mended.cut,
            )
        return cls(files, writer)

    def to_keep(self, kind: CaptureKind) -> dict[str, Any]:
        """The meta of a request whose responses are to be kept."""
        return {KEEP: partial(self.keep, kind)}

    async def keep(self, kind: CaptureKind, request: Request, response: Response) -> Capture:
        """Keep a response; CaptureError where that cannot be done."""
        found = exchange(request, response, kind, dt.datetime.now(dt.UTC))
        # Plain text: readers, who are handed the capture, know nothing of what fetches.
        reserved = tuple(map(str, request.meta.get(RESERVED, ())))
        return await _run(self._keep, found, reserved)

    def _keep(self, found: Exchange, reserved: tuple[str, ...]) -> Capture:
        capture = replace(self.files.write(found), reservations=reserved)
        # Nobody waits for it: the writer commits in order, so the row is there before any that points to it.
        self.writer.submit(lambda connection: add(connection, capture, self.files.run_id), can_wait=True)
        return capture

    async def close(self) -> None:
        """Give the last file its name, once all is written that was handed in."""
        await _run(self.files.close)


class CaptureMiddleware:
    """Downloader middleware, the one nearest to the network: the body is as it came."""

    async def process_response(self, request: Request, response: Response) -> Response:
        keep_it: Callable[[Request, Response], Awaitable[Capture]] | None = request.meta.get(KEEP)
        if keep_it is not None and CACHED not in response.flags:
            request.meta[CAPTURED] = await keep_it(request, response)
        return response


def captured(response: Response) -> Capture | None:
    """Where the raw bytes of a response are kept, if they are."""
    capture: Capture | None = response.meta.get(CAPTURED)
    return capture


def exchange(request: Request, response: Response, kind: CaptureKind, now: dt.datetime) -> Exchange:
    """A request and its response as the archive takes them."""
    return Exchange(
        url=response.url,
        kind=kind,
        fetched_at=now,
        status=response.status,
        headers=tuple(pairs(response.headers)),
        body=response.body,
        request_headers=tuple(pairs(request.headers)),
        method=request.method,
        protocol=response.protocol or "HTTP/1.1",
        ip_address=str(response.ip_address) if response.ip_address else None,
    )


def _description(settings: BaseSettings, source: str, run_id: int) -> dict[str, str]:
    """What a file's first record says of it, in the words of WARC 1.1 and Dublin Core."""
    return {
        "software": f"newsarchive/{VERSION}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": source,
        "description": f"run {run_id}",
        "operator": settings["ARCHIVE_CONTACT"],
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "http-header-user-agent": settings["USER_AGENT"],
    }


def _adopt(writer: Writer, captures: list[Capture], run_id: int | None) -> None:
    """Give captures the rows that a killed crawl may not have written."""

    def rows(connection: Any) -> None:
        for capture in captures:
            keep(connection, capture, run_id)

    writer.submit(rows).result()


async def _run(function: Callable[..., T], *args: Any) -> T:
    """`function`'s result from the captures' thread, after all that waits there."""
    return await asyncio.wrap_future(_thread.submit(function, *args))
