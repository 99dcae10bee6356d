"""Bodies of pages stay packed on their way through the event loop: readers unpack them.

Only a page that leads elsewhere by its own words (`<meta http-equiv="refresh">`) is looked into here,
and such a page is small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

STAYS_PACKED = "archive_stays_packed"  # in a request's meta: who asked for it unpacks it
SMALL = 8 * 1024  # bytes, as they came


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's, but for what a reader will unpack."""

    def process_response(  # type: ignore[override]  # without the deprecated argument
        self, request: Request, response: Response
    ) -> Request | Response:
        if request.meta.get(STAYS_PACKED) and len(response.body) > SMALL:
            return response
        return super().process_response(request, response)


class MetaRefresh(MetaRefreshMiddleware):
    """Scrapy's, for pages that are so small that they may say nothing but where to go."""

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        if request.meta.get(STAYS_PACKED) and len(response.body) > 4 * SMALL:
            return response
        if is_packed(response):
            return response
        return super().process_response(request, response)


def is_packed(response: Response) -> bool:
    """Whether a response's body still has the encodings that its headers name."""
    return bool(response.headers.get("Content-Encoding"))
