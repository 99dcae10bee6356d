"""The names under which a page's publication goes: what a byline may hold that is no person."""

from __future__ import annotations

from crawler.extraction import address
from crawler.extraction.linked_data import LinkedData
from crawler.extraction.meta import Meta
from crawler.extraction.text import fold
from storage import urls


def outlet_names(url: str, linked: LinkedData, meta: Meta, known: str | None) -> frozenset[str]:
    """The publication's names, folded: "thelocal", "thelocalde". `known` is what its source calls it."""
    names = [known or "", *(offer.value for offer in meta.said("og:site_name", "application-name"))]
    names += [text for node in linked.stories for text in node.texts("publisher")]
    sites = linked.of_type("website", "newsmediaorganization")
    names += [text for node in sites for text in node.texts("name")]
    domain = urls.site(url)
    names += [address.host(url), domain, domain.partition(".")[0]]
    return frozenset(fold(name) for name in names) - {""}
