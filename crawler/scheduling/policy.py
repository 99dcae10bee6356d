"""What to fetch, and when to look again. Pure: no clock, no database, no network."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crawler.items import Discovered, EndpointKind
from storage.records import Outcome

# Failures that may pass: tried again after this long, twice as long each time, and then no more.
FIRST_RETRY = dt.timedelta(minutes=15)
MAX_ATTEMPTS = 6
PASSING = (Outcome.NETWORK_ERROR, Outcome.HTTP_ERROR)
# A newspaper may mend its page, and we our reader.
LATER = {Outcome.CONSENT_WALL: dt.timedelta(days=1), Outcome.EXTRACT_ERROR: dt.timedelta(days=7)}
# A server may ask for a longer pause; it is asked again then nevertheless.
LONGEST_REST = dt.timedelta(days=7)
# An article that is not found may be so for the length of a repair: a second look has to find the same.
SECOND_LOOK = dt.timedelta(hours=1)
# A sitemap within an index that brought nothing new, and of which the index gives no date, rests so long.
QUIET_SITEMAP = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Appetite:
    """Which announced URLs a crawl takes."""

    take_all: bool = False
    since: dt.datetime | None = None
    sitemap_days: int = 7
    again_days: int | None = None
    # Look again at the articles that were published in so many days.

    def wants(self, item: Discovered, kind: EndpointKind, now: dt.datetime) -> bool:
        """Whether to fetch `item` now; what is not wanted is written down and left.

        Feeds, news sitemaps and section pages name what is new. A general
        sitemap names all there ever was: of it, what is recent.
        """
        if self.take_all or kind is EndpointKind.GIVEN:
            return True
        dates = [date for date in (item.published, item.modified) if date]
        date = max(dates) if dates else None
        if self.since is not None:
            return date >= self.since if date else kind is not EndpointKind.SITEMAP
        if kind is not EndpointKind.SITEMAP:
            return True
        return date is not None and date >= now - dt.timedelta(days=self.sitemap_days)


def is_removed(outcome: Outcome, http_status: int | None, *, before: Outcome) -> bool:
    """Whether an article is gone for good: 410 says so; else two looks in a row must have found it gone."""
    return outcome is Outcome.GONE and (http_status == 410 or before is Outcome.GONE)


def next_fetch(
    outcome: Outcome,
    *,
    attempts: int,
    now: dt.datetime,
    retry_after: float | None = None,
    in_doubt: bool = False,
) -> dt.datetime | None:
    """When to fetch a URL again after `outcome`, or None; `attempts` counts those before this one.

    `in_doubt`: it was an article's, and seems to be gone.
    """
    if retry_after is not None:
        return now + min(dt.timedelta(seconds=retry_after), LONGEST_REST)
    if in_doubt:
        return now + SECOND_LOOK
    if outcome in PASSING and attempts + 1 < MAX_ATTEMPTS:
        return now + FIRST_RETRY * (1 << attempts)
    if outcome in LATER and attempts + 1 < MAX_ATTEMPTS:
        return now + LATER[outcome]
    return None


def asks_child(
    *,
    modified: dt.datetime | None,
    last_success: dt.datetime | None,
    last_new: int | None,
    now: dt.datetime,
) -> bool:
    """Whether to ask a sitemap of an index: it is new, or dated later than our last look, or lively."""
    if last_success is None:
        return True
    if modified is not None:
        return modified > last_success
    return bool(last_new) or now - last_success >= QUIET_SITEMAP
