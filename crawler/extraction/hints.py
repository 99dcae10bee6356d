"""What is known of a page before it is read: from its source, its feed and its fetch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """Each may be missing; the page's own word goes first wherever it is clear."""

    fetched_at: dt.datetime | None = None
    # Aware; nothing on the page is later.
    time_zone: str | None = None
    # IANA name of the source's zone: "Asia/Tokyo".
    language: str | None = None
    # BCP 47: "de", "pt-BR".
    country: str | None = None
    # ISO 3166 alpha-2: "AT".
    site_name: str | None = None
    title: str | None = None
    # As the feed or sitemap announced it.
    published: dt.datetime | None = None
    # Aware; as announced.


NOTHING = Hints()
