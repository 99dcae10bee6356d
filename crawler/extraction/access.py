"""Whether the story is free to read, as the page marks it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from crawler.extraction.clues import Clues
from crawler.extraction.linked_data import Node

_NO, _YES = ("false", "no", "0"), ("true", "yes", "1")
# Facebook's word for it; "metered" stories are free until too many have been read.
_TIERS = {"locked": False, "free": True}
_TIER_META = ("article:content_tier", "og:article:content_tier", "content_tier")
_MOST_PARTS = 20


def is_accessible_for_free(clues: Clues) -> bool | None:
    """False behind a paywall, None where the page does not say."""
    said = [offer.value for offer in clues.linked.said("isAccessibleForFree")]
    said += [text for part in _parts(clues) for text in part.texts("isAccessibleForFree")]
    for word in (text.lower().rpartition("/")[2] for text in said):
        if word in _NO or word in _YES:
            return word in _YES
    return _TIERS.get((clues.meta.text(*_TIER_META) or "").lower())


def paywall_selector(clues: Clues) -> str | None:
    """The part of the page that only subscribers see, as the CSS selector by which the page marks it."""
    selectors = (
        selector
        for part in _parts(clues)
        if (part.text("isAccessibleForFree") or "").lower().rpartition("/")[2] in _NO
        for selector in part.texts("cssSelector")
    )
    return ", ".join(dict.fromkeys(islice(selectors, _MOST_PARTS))) or None


def _parts(clues: Clues) -> Iterator[Node]:
    for node in clues.linked.stories:
        yield from node.nodes("hasPart")
