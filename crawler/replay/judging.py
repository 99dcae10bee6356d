"""A stored response to what a crawl would make of it; for readers."""

from __future__ import annotations

from pathlib import Path

from crawler.extraction import Hints
from crawler.items import Page, headers_by_name
from crawler.judging import Judgement, judge
from storage.captures.reading import StoredResponse
from storage.captures.reading import read as read_capture
from storage.records import Capture


def reread(folder: Path, capture: Capture, hints: Hints, url: str | None = None) -> Judgement:
    """Judge a capture in `folder`; `url` is what was asked for where redirects led to it. CaptureError."""
    return judge(page_of(read_capture(folder, capture), url), hints)


def page_of(response: StoredResponse, url: str | None = None) -> Page:
    """A stored response as it was when it was fetched; `url` as in `reread`."""
    return Page(
        url=url or response.capture.url,
        final_url=response.capture.url,
        status=response.status,
        body=response.body,
        fetched_at=response.capture.fetched_at,
        headers=headers_by_name(response.headers),
        capture=response.capture,
        is_packed=True,
    )
