"""Whether the story is free to read, as the page marks it."""

from __future__ import annotations

from crawler.extraction.clues import Clues

_NO, _YES = ("false", "no", "0"), ("true", "yes", "1")
# Facebook's word for it; "metered" stories are free until too many have been read.
_TIERS = {"locked": False, "free": True}
_TIER_META = ("article:content_tier", "og:article:content_tier", "content_tier")


def is_accessible_for_free(clues: Clues) -> bool | None:
    """False behind a paywall, None where the page does not say."""
    said = [offer.value for offer in clues.linked.said("isAccessibleForFree")]
    said += [
        text
        for node in clues.linked.stories
        for part in node.nodes("hasPart")
        for text in part.texts("isAccessibleForFree")
    ]
    for word in (text.lower().rpartition("/")[2] for text in said):
        if word in _NO or word in _YES:
            return word in _YES
    return _TIERS.get((clues.meta.text(*_TIER_META) or "").lower())
