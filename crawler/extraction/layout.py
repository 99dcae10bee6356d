"""The page around the story's text: what stands above it, and what below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction import surroundings
from crawler.extraction.story import Story
from crawler.extraction.surroundings import NAMES_NEAR_HEADLINE, TAGS_NEAR_HEADLINE, Surroundings, held_in

# How many elements above the headline still belong to the story's head: a kicker, a date, a lead picture.
_ABOVE = 60
# How many elements below the last paragraph still belong to its foot.
_BELOW = 120
_MAX_HEAD = 500

IMAGE_TAGS = ("img", "amp-img")
_MOST_IMAGES = 2_000


@dataclass(frozen=True, eq=False)
class Layout:
    """Zones of a page as runs of elements in reading order, without what stands beside the story."""

    story: Story
    headline: HtmlElement | None

    @cached_property
    def texts(self) -> tuple[int, ...]:
        """The places of the story's texts: those below the headline, where there are any."""
        places = tuple(sorted(text.place for text in self.story.texts))
        top = self.story.order.get(self.headline, -1) if self.headline is not None else -1
        return tuple(place for place in places if place > top) or places

    @cached_property
    def head(self) -> tuple[HtmlElement, ...]:
        """From a little above the headline to the second paragraph: the first may be the standfirst."""
        end = self.texts[min(1, len(self.texts) - 1)] + 1 if self.texts else self._top + _MAX_HEAD
        return self._run(max(0, self._top - _ABOVE, end - _MAX_HEAD), end)

    @cached_property
    def below_headline(self) -> tuple[HtmlElement, ...]:
        """The part of the head that follows the headline."""
        inside = set(self.headline.iter()) if self.headline is not None else set()
        order = self.story.order
        return tuple(e for e in self.head if e not in inside and order[e] >= self._top)

    @cached_property
    def above_headline(self) -> tuple[HtmlElement, ...]:
        """The part of the head that comes before the headline, and does not hold it."""
        around = self._near.trunk
        return tuple(e for e in self.head if self.story.order[e] < self._top and e not in around)

    @cached_property
    def after_text(self) -> tuple[HtmlElement, ...]:
        """A little of what follows the last paragraph, whatever it is."""
        end = self.texts[-1] + 1 if self.texts else self._top
        return self.story.elements[end : end + _BELOW]

    @cached_property
    def foot(self) -> tuple[HtmlElement, ...]:
        """The part of it that belongs to the story."""
        return tuple(element for element in self.after_text if not self.story.beside.holds(element))

    @cached_property
    def story_images(self) -> tuple[HtmlElement, ...]:
        """The images from a little above the headline to the end of the text's container."""
        order = self.story.order
        end = self.texts[-1] + 1 if self.texts else self._top + _MAX_HEAD
        start = max(0, self._top - _ABOVE)
        images = islice(self.story.container.iter(*IMAGE_TAGS), _MOST_IMAGES)
        below = [e for e in images if order.get(e, 0) >= end]
        return (*(e for e in self.story.elements[start:end] if _is_image(e)), *below)

    def is_in_story(self, element: HtmlElement) -> bool:
        """Whether `element` stands between the headline and the end of the text's container.

        Those do, too, whose content is never shown as text: frames, players.
        """
        return element in self.story.inside or self.place(element) in self._opening

    def place(self, element: HtmlElement) -> int:
        """Where `element` comes among the elements of the page's text, whether it is one or not."""
        place = self.story.order.get(element)
        return self.story.unseen_places.get(element, -1) if place is None else place

    def is_furniture(self, element: HtmlElement) -> bool:
        """Whether `element` stands in navigation, a list of other stories, a newsletter box …"""
        return self._near.holds(element)

    def is_beside(self, element: HtmlElement) -> bool:
        """Whether `element` stands in something that is not the story, by the rules for its place."""
        return (self._near if self.is_above_text(element) else self.story.beside).holds(element)

    def is_above_text(self, element: HtmlElement) -> bool:
        """Whether `element` comes before the first paragraph."""
        return self.story.order.get(element, 0) < next(iter(self.texts), 0)

    def holds_story(self, element: HtmlElement) -> bool:
        """Whether half of the story's paragraphs stand in `element`."""
        return element in self._near.trunk or 2 * self._paragraphs_in.get(element, 0) >= max(
            2, len(self.texts)
        )

    @cached_property
    def _paragraphs_in(self) -> dict[HtmlElement, int]:
        return held_in(dict.fromkeys(self.story.paragraphs, 1))

    @cached_property
    def _near(self) -> Surroundings:
        """What stands beside headline and text."""
        held = [self.story.container] if self.headline is None else [self.story.container, self.headline]
        return Surroundings(surroundings.trunk(held), NAMES_NEAR_HEADLINE, TAGS_NEAR_HEADLINE)

    @cached_property
    def _top(self) -> int:
        """The headline's place, else the first paragraph's."""
        place = self.story.order.get(self.headline) if self.headline is not None else None
        return place if place is not None else next(iter(self.texts), 0)

    @cached_property
    def _opening(self) -> range:
        """The places from the headline to the first paragraph."""
        return range(self._top, next(iter(self.texts), 0))

    def _run(self, start: int, stop: int) -> tuple[HtmlElement, ...]:
        return tuple(e for e in self.story.elements[start:stop] if not self._near.holds(e))


def _is_image(element: HtmlElement) -> bool:
    """Whether it is an <img>, or an element that a publisher has made up for it: <lazy-image> …"""
    tag = str(element.tag)
    if tag in IMAGE_TAGS or "-" not in tag:
        return tag in IMAGE_TAGS
    return ("img" in tag or "image" in tag) and any("src" in name for name, _ in element.items())
