"""What a feed says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from crawler.items import Discovered

MAX_LINKS = 10_000  # of one feed; usual are 10 to 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A feed as it was read."""

    title: str | None = None
    home_page: str | None = None
    # The page that the feed is of, absolute.
    language: str | None = None
    # BCP 47: "en", "pt-BR".
    links: tuple[Discovered, ...] = ()
    # In the feed's order, each URL once.
    next_url: str | None = None
    # Where older entries are (RFC 5005, JSON Feed), absolute.
    ttl: dt.timedelta | None = None
    # How long the publisher says it may be kept before it is asked for again.


def distinct(links: Iterable[Discovered | None], limit: int = MAX_LINKS) -> tuple[Discovered, ...]:
    """The first `limit` links, each URL once, as first announced."""
    once: dict[str, Discovered] = {}
    for link in islice(links, 2 * limit):
        if link is not None:
            once.setdefault(link.url, link)
    return tuple(islice(once.values(), limit))
