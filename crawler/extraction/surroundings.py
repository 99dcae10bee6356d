"""What stands beside a story: navigation, teasers, comments, advertising …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.marks import naming
from crawler.extraction.text import word_set

# Elements whose content is never the story.
FURNITURE_TAGS = word_set("nav aside footer form dialog noscript template menu")

_NEVER_STORY = r"""
    nav navi navigation navbar menu breadcrumbs? related recommend\w* recirc\w* trending popular playlist
    ticker most_(?:read|popular|viewed) more_(?:from|on|stories|news) read_(?:more|also|next) see_also
    tag_list weather search outbrain taboola newsletter cookies? consent modal popup
"""
_BESIDE_TEXT = r"""
    comments? disqus aside complementary contentinfo side_rail right_rail teasers? promo\w*
    (?<!with.)(?<!has.)(?<!content.)sidebar(?!.(?:grid|layout|wrap|wrapper|container))
    share sharing login subscribe subscription paywall advert\w* ads? sponsor\w* overlay
"""
NAMES = naming(_NEVER_STORY + _BESIDE_TEXT)

# Between headline and text stand things that go by such names, too: a "teaser" is a standfirst there,
# and the byline is in an <aside> with the buttons to share.
NAMES_NEAR_HEADLINE = naming(_NEVER_STORY)
TAGS_NEAR_HEADLINE = word_set("nav form dialog noscript template menu")

_MAX_ANCESTORS = 80


def ancestry(element: HtmlElement) -> list[HtmlElement]:
    """`element` and what it stands in, innermost first; not endlessly."""
    return list(islice((element, *element.iterancestors()), _MAX_ANCESTORS))


def held_in(amounts: Mapping[HtmlElement, int]) -> dict[HtmlElement, int]:
    """What each element has of `amounts`, its own and that of all in it.

    Paragraphs mostly stand side by side: the way up from there is gone once for all of them.
    """
    held = dict(amounts)
    above: Counter[HtmlElement] = Counter()
    for element, amount in amounts.items():
        if (parent := element.getparent()) is not None:
            above[parent] += amount
    for parent, amount in above.items():
        for node in ancestry(parent):
            held[node] = held.get(node, 0) + amount
    return held


def inherited(
    element: HtmlElement, own: Callable[[HtmlElement], bool], known: dict[HtmlElement, bool]
) -> bool:
    """Whether `own` is true of `element` or of anything that it stands in; `known` remembers the answers."""
    fresh: list[HtmlElement] = []
    here: HtmlElement | None = element
    while here is not None and here not in known and len(fresh) < _MAX_ANCESTORS:
        fresh.append(here)
        here = here.getparent()
    answer = here is not None and known.get(here, False)
    for node in reversed(fresh):
        answer = known[node] = answer or own(node)
    return answer


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Tells what stands beside the story; remembers its answers."""

    trunk: frozenset[HtmlElement]
    # The elements that hold the story: whatever their names say, they are not beside it.
    is_named_so: Callable[[HtmlElement], bool] = NAMES
    tags: frozenset[str] = FURNITURE_TAGS
    _known: dict[HtmlElement, bool] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._known.update(dict.fromkeys(self.trunk, False))

    def holds(self, element: HtmlElement) -> bool:
        """Whether `element` is, or stands in, a piece of furniture."""
        known = self._known.get(element)
        return inherited(element, self._is_furniture, self._known) if known is None else known

    def _is_furniture(self, node: HtmlElement) -> bool:
        return node.tag in self.tags or self.is_named_so(node)


def trunk(elements: Iterable[HtmlElement]) -> frozenset[HtmlElement]:
    """`elements` and all that they stand in."""
    return frozenset(node for element in elements for node in ancestry(element))
