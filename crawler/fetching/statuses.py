"""What an HTTP status means, in the ledger's words. Pure, and without Scrapy."""

from __future__ import annotations

from storage.records import Outcome


def meaning_of_status(status: int) -> tuple[Outcome, str] | None:
    """The outcome of a status that brings no page, or None where it brings one."""
    if status in (404, 410):
        return Outcome.GONE, f"HTTP {status}"
    if status in (200, 203):
        return None
    return Outcome.HTTP_ERROR, f"HTTP {status}"
