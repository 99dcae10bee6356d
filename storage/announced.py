"""What an endpoint names, in the form in which the ledger takes it: readers of feeds and sitemaps make it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

# How long an announcer is not believed who said that an article changed when it had not.
DOUBT = dt.timedelta(hours=6)


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """A URL as the ledger takes it: cleaned, and judged whether to fetch it."""

    url: str
    # storage.urls.clean
    key: str
    # storage.urls.key
    title: str | None = None
    published: dt.datetime | None = None
    modified: dt.datetime | None = None
    wanted: bool = True
    # False: written down, but left for later (an old entry of a sitemap).
    excluded: str | None = None
    # Why our own rules forbid it: it gets its outcome at once.
