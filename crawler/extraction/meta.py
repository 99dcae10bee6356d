"""<meta> and <link>: what the page's head says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from crawler.extraction.document import Document
from crawler.extraction.evidence import Offer
from crawler.extraction.text import clean, strip_tags

# Attributes that name a <meta>, in the order of use.
_NAMES = ("property", "name", "itemprop", "http-equiv")
_MAX_TAGS = 2_000


@dataclass(frozen=True)
class Meta:
    """Contents by name, and addresses by relation, both in lower case."""

    contents: dict[str, tuple[str, ...]]
    links: dict[str, tuple[str, ...]]

    def said(self, *names: str) -> Iterator[Offer[str]]:
        """Each content under each of `names`, in their order."""
        for name in names:
            for text in self.contents.get(name, ()):
                yield Offer(text, f"meta:{name}")

    def text(self, *names: str) -> str | None:
        """The first content under any of `names`."""
        return next((offer.value for offer in self.said(*names)), None)


def read(document: Document) -> Meta:
    """The page's <meta> and <link> tags, wherever they stand: broken heads spill into bodies."""
    contents: dict[str, tuple[str, ...]] = {}
    links: dict[str, tuple[str, ...]] = {}
    for element in document.tree.xpath("//meta[@content]")[:_MAX_TAGS]:
        text = clean(strip_tags(unescape(element.get("content"))))
        for name in {(element.get(attribute) or "").strip().lower() for attribute in _NAMES} - {""}:
            if text and text not in contents.get(name, ()):
                contents[name] = (*contents.get(name, ()), text)
    for element in document.tree.xpath("//link[@rel][@href]")[:_MAX_TAGS]:
        address = element.get("href").strip()
        for relation in element.get("rel").lower().split() if address else ():
            links[relation] = (*links.get(relation, ()), address)
    return Meta(contents, links)
