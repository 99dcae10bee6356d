"""What stands beside a story: navigation, teasers, comments, advertising …"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.marks import marks, naming
from crawler.extraction.text import word_set

# Elements whose content is never the story.
FURNITURE_TAGS = word_set("nav aside footer form dialog noscript template menu")

_ALWAYS = r"""
    nav navi navigation navbar menu breadcrumbs? aside complementary contentinfo side_rail right_rail
    (?<!with.)(?<!has.)(?<!content.)sidebar(?!.(?:grid|layout|wrap|wrapper|container))
    related recommend\w* recirc\w* trending popular most_(?:read|popular|viewed) playlist ticker
    more_(?:from|on|stories|news) read_(?:more|also|next) see_also tag_list weather search outbrain
    taboola comments? disqus share sharing newsletter login subscribe subscription paywall
    cookies? consent advert\w* ads? sponsor\w* modal popup overlay
"""

# Between headline and text, where "teaser" is what some call the standfirst.
NAMES_NEAR_HEADLINE = naming(_ALWAYS)
# Anywhere else.
NAMES = naming(_ALWAYS + r"teasers? promo\w*")

_MAX_ANCESTORS = 80


def ancestry(element: HtmlElement) -> list[HtmlElement]:
    """`element` and what it stands in, innermost first; not endlessly."""
    return list(islice((element, *element.iterancestors()), _MAX_ANCESTORS))


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Tells what stands beside the story; remembers its answers."""

    trunk: frozenset[HtmlElement]
    # The elements that hold the story: whatever their names say, they are not beside it.
    names: re.Pattern[str] = NAMES
    _known: dict[HtmlElement, bool] = field(default_factory=dict, repr=False)

    def holds(self, element: HtmlElement) -> bool:
        """Whether `element` is, or stands in, a piece of furniture."""
        fresh = []
        answer = False
        for node in ancestry(element):
            if node in self.trunk or node in self._known:
                answer = self._known.get(node, False)
                break
            fresh.append(node)
        for node in reversed(fresh):
            answer = answer or node.tag in FURNITURE_TAGS or self.names.search(marks(node)) is not None
            self._known[node] = answer
        return answer


def trunk(elements: Iterable[HtmlElement]) -> frozenset[HtmlElement]:
    """`elements` and all that they stand in."""
    return frozenset(node for element in elements for node in ancestry(element))
