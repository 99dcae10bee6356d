"""What a page links to: its links gathered by address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.discovery.anchors import Anchor, Place
from crawler.discovery.shapes import Shape, shape
from crawler.discovery.wording import words
from storage import urls

CONTENT = (Place.CONTENT, Place.HEADER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One address of the page's own site, and the links to it: a picture, a headline, "read more"."""

    url: str
    shape: Shape
    anchors: tuple[Anchor, ...]

    @property
    def title(self) -> str | None:
        """The longest text among its links, those in headings first; else a link's own title."""
        best = max(self.anchors, key=lambda anchor: (anchor.has_heading, words(anchor.text)))
        return best.text or max((anchor.label for anchor in self.anchors), key=len) or None

    @property
    def in_content(self) -> tuple[Anchor, ...]:
        """Its links outside what the markup says are menus and furniture."""
        return tuple(link for link in self.anchors if link.place in CONTENT or not link.is_marked)


def targets(anchors: Iterable[Anchor], page_url: str) -> list[Target]:
    """The addresses of the same site, but for the page's own, in the order of their first links."""
    grouped: dict[str, list[Anchor]] = {}
    for anchor in anchors:
        grouped.setdefault(urls.key(anchor.url), []).append(anchor)
    grouped.pop(urls.key(page_url), None)
    return [
        Target(url=group[0].url, shape=shape(group[0].url), anchors=tuple(group))
        for group in grouped.values()
        if urls.same_site(group[0].url, page_url)
    ]
