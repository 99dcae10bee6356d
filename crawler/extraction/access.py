"""Whether the story is free to read."""

from __future__ import annotations

from crawler.extraction.clues import Clues

_NO, _YES = ("false", "no", "0"), ("true", "yes", "1")


def is_accessible_for_free(clues: Clues) -> bool | None:
    """False behind a paywall, None where the page does not say."""
    for offer in clues.linked.said("isAccessibleForFree"):
        if offer.value.lower() in _NO:
            return False
        if offer.value.lower() in _YES:
            return True
    return None
