"""Other addresses that a page names for its story: the AMP form, the licence."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice

from crawler.extraction import address
from crawler.extraction.clues import Clues

_LICENSE_META = ("dcterms.license", "dc.rights.license", "license")
_MOST_LINKS = 500


def amp_url(clues: Clues) -> str | None:
    """Where the page's AMP form is."""
    return _first(clues, clues.meta.links.get("amphtml", ()))


def license_url(clues: Clues) -> str | None:
    """The licence of the text: as its data names it, else the link that calls itself one (rel=license)."""
    said = (offer.value for offer in clues.linked.said("license", pages=False))
    named = (offer.value for offer in clues.meta.said(*_LICENSE_META))
    named_so = (link for link in clues.document.tagged("a") if "license" in (link.get("rel") or ""))
    linked = (link.get("href") or "" for link in islice(named_so, _MOST_LINKS))
    return _first(clues, chain(said, named, clues.meta.links.get("license", ()), linked))


def _first(clues: Clues, hrefs: Iterable[str]) -> str | None:
    base = clues.document.base_url
    urls = (address.absolute(base, href) for href in islice(hrefs, _MOST_LINKS) if href)
    return next((url for url in urls if url), None)
