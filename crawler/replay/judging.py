"""One stored response to what a crawl would have made of it. Pure but for reading its file; for workers."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from crawler.discovery import no_page
from crawler.extraction import Hints, read
from crawler.extraction.identity import extractor_for
from crawler.items import Page
from crawler.settings import DOWNLOAD_MAXSIZE, ITEM_PIPELINES
from storage.captures import StoredResponse
from storage.captures import read as read_capture
from storage.captures.decoding import TooLargeError
from storage.errors import CaptureError
from storage.records import Capture, Outcome, Submission

KEPT = (Outcome.STORED, Outcome.PAYWALL)  # what extraction says of a page that is to be stored
STORE = "pipelines.store.Store"  # it and what comes after it write: not for workers
UNKNOWN = 0  # an id that is not known before the page is written down


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a page is."""

    outcome: Outcome
    reason: str
    extractor: str
    submission: Submission | None = None
    # Ready to be stored but for the ids of its ledger entry; None where the page is no article.


def reread(folder: Path, capture: Capture, hints: Hints, url: str | None = None) -> Judgement:
    """Judge a capture in `folder`; `url` is what was asked for where redirects led to it. CaptureError."""
    return judge(read_capture(folder, capture), hints, url)


def judge(response: StoredResponse, hints: Hints, url: str | None = None) -> Judgement:
    """What a crawl would make of `response`. Never raises for what stands in it."""
    extractor = extractor_for(hints)
    try:
        body = response.content(DOWNLOAD_MAXSIZE)
    except TooLargeError:
        told = "larger than DOWNLOAD_MAXSIZE when unpacked"
        return Judgement(outcome=Outcome.TOO_LARGE, reason=told, extractor=extractor)
    except CaptureError as error:
        return Judgement(outcome=Outcome.EXTRACT_ERROR, reason=str(error), extractor=extractor)
    page = Page(
        url=url or response.capture.url,
        final_url=response.capture.url,
        status=response.status,
        body=body,
        fetched_at=response.capture.fetched_at,
        headers=_by_name(response),
        capture=response.capture,
    )
    return _judge(page, hints, extractor)


def _judge(page: Page, hints: Hints, extractor: str) -> Judgement:
    if (content_type := no_page(page)) is not None:
        told = f"no web page: {content_type}"
        return Judgement(outcome=Outcome.NOT_ARTICLE, reason=told, extractor=extractor)
    reading = read(page, hints)
    judgement = Judgement(outcome=reading.outcome, reason=reading.reason, extractor=extractor)
    if reading.outcome not in KEPT:
        return judgement
    submission = Submission(
        article=reading.article,
        source_id=UNKNOWN,
        url_id=UNKNOWN,
        run_id=UNKNOWN,
        fetched_at=page.fetched_at,
        final_url=page.final_url,
        http_status=page.status,
        outcome=reading.outcome,
        detail=reading.reason if reading.outcome is not Outcome.STORED else None,
        extractor=extractor,
        capture=page.capture,
    )
    return replace(judgement, submission=prepared(submission))


def _by_name(response: StoredResponse) -> Mapping[str, str]:
    """The headers with names in lower case, the last value of each."""
    return {name.lower(): value for name, value in response.headers}


def prepared(submission: Submission) -> Submission:
    """`submission` after the pipelines that come before the one that stores."""
    item: Any = submission
    for step in _steps():
        item = step.process_item(item)
    assert isinstance(item, Submission)
    return item


@cache
def _steps() -> tuple[Any, ...]:
    """The pipelines in the settings' order. Settings join them to the crawler: it imports none."""
    before = (name for name, place in ITEM_PIPELINES.items() if place < ITEM_PIPELINES[STORE])
    return tuple(_named(name)() for name in sorted(before, key=lambda name: ITEM_PIPELINES[name]))


def _named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)
