"""<meta> and <link>: what the page's head says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from crawler.extraction.document import Document
from crawler.extraction.evidence import Offer
from crawler.extraction.text import LONGEST, clean, strip_tags

# Attributes that name a <meta>.
_NAMES = ("property", "name", "itemprop", "http-equiv")
_MOST_TAGS = 2_000
_MOST_CONTENTS = 60  # under one name


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
    contents: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    said = ((tag, content) for tag in document.tagged("meta") if (content := tag.get("content")) is not None)
    for element, content in islice(said, _MOST_TAGS):
        text = clean(strip_tags(unescape(content[:LONGEST])))
        named = (value for attribute, value in element.items() if attribute in _NAMES)
        for name in {value.strip().lower() for value in named} - {""}:
            known = contents.setdefault(name, [])
            if text and text not in known and len(known) < _MOST_CONTENTS:
                known.append(text)
    led = ((link.get("rel"), link.get("href")) for link in document.tagged("link"))
    for relations, href in islice(((r, h) for r, h in led if r is not None and h is not None), _MOST_TAGS):
        for relation in relations.lower().split()[:5]:
            links.setdefault(relation, []).append(href.strip())
    return Meta(_frozen(contents), _frozen(links))


def _frozen(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in lists.items() if values}
