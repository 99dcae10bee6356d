"""A fetched page to what it is: an article ready to be stored, or why it is none. Pure; readers run it.

packed page -> unpacked -> a web page? -> extraction -> pipelines -> Submission

Crawls, `reextract` and `import` ask here, so that one page is judged alike by all of them.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from crawler.discovery import no_page
from crawler.extraction import Hints, read
from crawler.extraction.identity import extractor_for
from crawler.items import Page
from crawler.settings import DOWNLOAD_MAXSIZE, ITEM_PIPELINES
from storage.captures.decoding import TooLargeError, decode
from storage.errors import CaptureError
from storage.records import Outcome, Submission
from storage.search_terms import terms

KEPT = (Outcome.STORED, Outcome.PAYWALL)  # what extraction says of a page that is to be stored
STORE = "pipelines.store.Store"  # it and what comes after it write: not for readers
UNKNOWN = 0  # an id that is not known before the page is written down


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a page is."""

    outcome: Outcome
    reason: str
    extractor: str = ""
    submission: Submission | None = None
    # Ready to be stored but for the ids of its ledger entry; None where the page is no article.


def judge(page: Page, hints: Hints, max_size: int = DOWNLOAD_MAXSIZE) -> Judgement:
    """What `page`, packed or not, is. Never raises for what stands in it.

    `max_size`: bytes that its body may unfold to.
    """
    extractor = extractor_for(hints)
    try:
        page = unpacked(page, max_size)
    except TooLargeError:
        told = "larger than DOWNLOAD_MAXSIZE when unpacked"
        return Judgement(outcome=Outcome.TOO_LARGE, reason=told, extractor=extractor)
    except CaptureError as error:
        return Judgement(outcome=Outcome.EXTRACT_ERROR, reason=str(error), extractor=extractor)
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
    submission = prepared(submission)
    return replace(judgement, submission=replace(submission, search_terms=terms(submission.article)))


def unpacked(page: Page, max_size: int = DOWNLOAD_MAXSIZE) -> Page:
    """`page` with its encodings undone; CaptureError where that cannot be done."""
    content, transfer = (page.headers.get(name, "") for name in ("content-encoding", "transfer-encoding"))
    if not page.is_packed or not (content or transfer):
        return page
    body = decode(page.body, content_encoding=content, transfer_encoding=transfer, limit=max_size)
    return replace(page, body=body, is_packed=False)


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
