"""Scrapy's HTTP handler, which keeps to what a host asks for as the host sees it.

* When a kept-alive connection breaks before an answer, Twisted sends a GET again
  at once: below Scrapy's retries, and so past every Crawl-delay.
* Scrapy counts a delay from when it hands a request out. The server gets it later
  (a connection has to be made, this process may be busy), the next one at once.
* Scrapy hands the next request out before any middleware has seen the answer,
  and so also when that was a 429 with Retry-After.
* Requests wait here, where no middleware sees them, while a process that stood
  still for longer than its leases has lost its turn at the host to another one.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler

from crawler.fetching.hosts import ENTERED, turns_of
from crawler.fetching.politeness import crawl_delay_of, retry_after, slot_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader import Slot
    from scrapy.http import Response

HEARD = 2.0  # seconds in which `Patience` has heard of a Retry-After, too, and sees to the rest
TICK = 0.001  # seconds: without a delay a slot looks at no clock
PACED = "autothrottle_dont_adjust_delay"  # in the meta of a request to a host with a Crawl-delay


class PoliteHandler(HTTP11DownloadHandler):
    """One request for each request: trying again is the retry middleware's, which waits its turn."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False

    async def download_request(self, request: Request) -> Response:
        """A Crawl-delay counts from the end of the answer, a Retry-After before anybody has read it.

        A slot is a host name's: the ports of it that have not asked for a long rest go on.
        """
        response: Response | None = None
        try:
            await self._confirm_turn(request)
            response = await super().download_request(request)
            return response
        finally:
            if slot := slot_of(self._crawler, request):
                _hold_back(slot, request, response)

    async def _confirm_turn(self, request: Request) -> None:
        turns = turns_of(self._crawler)
        if turns is not None and ENTERED in request.meta:
            await turns.confirm(request.meta[ENTERED], pause=crawl_delay_of(self._crawler, request))


def _hold_back(slot: Slot, request: Request, response: Response | None) -> None:
    """Let no request of the slot out before the host wants it."""
    asked = retry_after(response, dt.datetime.now(dt.UTC)) if response is not None else None
    if asked:
        slot.delay = slot.delay or TICK
    if asked or request.meta.get(PACED):
        slot.lastseen = max(slot.lastseen, time.monotonic() + min(asked or 0, HEARD))
