"""What is known of a page before it is read: from its source, its feed and its fetch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from crawler.sources import Override, Source


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
    overrides: tuple[Override, ...] = ()
    # The source's own selectors; those that hold on the day of the fetch go before anything else.

    @classmethod
    def of(cls, source: Source, **known: Any) -> Hints:
        """What `source` tells of its pages, and what else is `known` of this one."""
        made_up = (source.slug, urlsplit(source.home_page).netloc)
        return cls(
            time_zone=source.time_zone,
            language=source.language,
            country=source.country,
            site_name=None if source.name in made_up else source.name,
            overrides=source.overrides,
            **known,
        )


NOTHING = Hints()
