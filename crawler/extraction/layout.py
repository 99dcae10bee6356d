"""The page around the story's text: what stands above it, and what below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from crawler.extraction.story import Story

# How many elements above the headline still belong to the story's head: a kicker, a date, a lead picture.
_ABOVE = 80
# How many elements below the last paragraph still belong to its foot.
_BELOW = 120
_MAX_HEAD = 400


@dataclass(frozen=True, eq=False)
class Layout:
    """Zones of a page, as runs of elements in reading order, without what stands beside the story."""

    story: Story
    headline: HtmlElement | None

    @cached_property
    def frame(self) -> HtmlElement:
        """The smallest element that holds both headline and text."""
        if self.headline is None:
            return self.story.container
        around = {self.headline, *self.headline.iterancestors()}
        path = (self.story.container, *self.story.container.iterancestors())
        return next((element for element in path if element in around), self.story.tree)

    @cached_property
    def first_text(self) -> int:
        """The place of the first paragraph below the headline."""
        places = [place for p in self.story.paragraphs if (place := self._place(p)) is not None]
        after = self._place(self.headline) if self.headline is not None else None
        below = [place for place in places if after is None or place > after]
        return next(iter(below or places), len(self.story.elements))

    @cached_property
    def last_text(self) -> int:
        """The place of the last paragraph."""
        places = [place for p in self.story.paragraphs if (place := self._place(p)) is not None]
        return max(places, default=self.first_text)

    @cached_property
    def head(self) -> tuple[HtmlElement, ...]:
        """From a little above the headline to the first paragraph, that included."""
        top = self._place(self.headline) if self.headline is not None else None
        start = max(0, (self.first_text if top is None else top) - _ABOVE)
        return self._run(start, min(self.first_text + 1, start + _ABOVE + _MAX_HEAD))

    @cached_property
    def below_headline(self) -> tuple[HtmlElement, ...]:
        """The head's part after the headline."""
        if self.headline is None:
            return self.head
        inside = set(self.headline.iter())
        top = self._place(self.headline) or 0
        return tuple(e for e in self.head if e not in inside and (self._place(e) or 0) > top)

    @cached_property
    def foot(self) -> tuple[HtmlElement, ...]:
        """A little of what follows the last paragraph."""
        return self._run(self.last_text + 1, self.last_text + 1 + _BELOW)

    def _run(self, start: int, stop: int) -> tuple[HtmlElement, ...]:
        return tuple(e for e in self.story.elements[start:stop] if not self.story.is_beside(e))

    def _place(self, element: HtmlElement) -> int | None:
        return self.story.order.get(element)
