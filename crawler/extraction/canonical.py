"""The address that the article lives at."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer
from storage import urls


def canonical_url(clues: Clues) -> Found[str]:
    """Where the page says that it lives, trusted only within its own site; else its own URL."""
    offers = tuple(_offers(clues))
    own = (offer for offer in offers if urls.same_site(offer.value, clues.document.url))
    return Found(next(own, offers[-1]), offers)


def _offers(clues: Clues) -> Iterator[Offer[str]]:
    said = [Offer(href, "link:canonical") for href in clues.meta.links.get("canonical", ())]
    said += clues.meta.said("og:url")
    for offer in said:
        try:
            yield Offer(urljoin(clues.document.base_url, offer.value), offer.origin)
        except ValueError:
            continue
    yield Offer(clues.document.url, "url")
