"""What every field is read from, gathered once a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from crawler.extraction import linked_data, meta, outlet, story
from crawler.extraction.document import Document
from crawler.extraction.hints import NOTHING, Hints
from crawler.extraction.linked_data import LinkedData
from crawler.extraction.meta import Meta
from crawler.extraction.overrides import Picks
from crawler.extraction.story import Story


@dataclass(frozen=True)
class Clues:
    """A page with what it says of itself; each part is read when it is first asked for."""

    document: Document
    hints: Hints = NOTHING
    picks: Picks = field(default_factory=Picks)
    # What the source's own selectors find.

    @cached_property
    def linked(self) -> LinkedData:
        """JSON-LD, microdata and RDFa."""
        return linked_data.read(self.document)

    @cached_property
    def meta(self) -> Meta:
        """<meta> and <link>."""
        return meta.read(self.document)

    @cached_property
    def story(self) -> Story:
        """Where the running text stands."""
        return story.find(self.document)

    @cached_property
    def outlet(self) -> frozenset[str]:
        """The folded names of the page's own publication."""
        return outlet.outlet_names(self.document.url, self.linked, self.meta, self.hints.site_name)

    @cached_property
    def language(self) -> str | None:
        """The page's own word for its language, else the source's; the primary subtag alone: "de"."""
        return self._locale[0].lower() or None

    @cached_property
    def region(self) -> str | None:
        """The country in the page's word for its language: "AT" of "de-AT"."""
        return next((part.upper() for part in self._locale[1:] if len(part) == 2), None)

    @cached_property
    def _locale(self) -> list[str]:
        said = self.document.tree.get("lang") or self.meta.text("og:locale", "content-language", "language")
        return (said or self.hints.language or "").strip().replace("_", "-").split("-")
