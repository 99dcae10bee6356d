"""When the story was published and last changed, as precisely as the page says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first
from storage.records import Moment


def published(clues: Clues) -> Found[Moment]:
    """The instant or day of publication."""
    return first(
        _moments(
            [
                *clues.linked.said("datePublished", "dateCreated", "uploadDate"),
                *clues.meta.said("article:published_time", "datepublished", "date", "dc.date", "pubdate"),
            ]
        )
    )


def modified(clues: Clues) -> Found[Moment]:
    """The instant or day of the last change that the page owns up to."""
    return first(
        _moments(
            [*clues.linked.said("dateModified"), *clues.meta.said("article:modified_time", "last-modified")]
        )
    )


def _moments(offers: Iterable[Offer[str]]) -> Iterator[Offer[Moment]]:
    for offer in offers:
        try:
            value = dt.datetime.fromisoformat(offer.value)
        except ValueError:
            continue
        if value.tzinfo:
            yield Offer(
                Moment(value=value, raw=offer.value, origin=offer.origin), offer.origin, offer.elements
            )
