"""The address that the article lives at."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction import address
from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer
from storage import urls


def canonical_url(clues: Clues) -> Found[str]:
    """Where the page says that it lives, trusted only within its own site; else its own URL.

    A story that calls the home page its address is mistaken.
    """
    offers = tuple(_offers(clues))
    own = clues.document.url
    trusted = (
        offer
        for offer in offers
        if urls.same_site(offer.value, own) and (urls.is_home_page(own) or not urls.is_home_page(offer.value))
    )
    return Found(next(trusted, offers[-1]), offers, "the first within the page's own site")


def _offers(clues: Clues) -> Iterator[Offer[str]]:
    said = [Offer(href, "link:canonical") for href in clues.meta.links.get("canonical", ())]
    said += clues.meta.said("og:url")
    for offer in said:
        url = address.absolute(clues.document.base_url, offer.value)
        if url is not None and urls.clean(url) is not None:
            yield Offer(url, offer.origin)
    yield Offer(clues.document.url, "url")
