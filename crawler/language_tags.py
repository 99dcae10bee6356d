"""Language tags as BCP 47 writes them."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?(?![a-z])", re.I
)

# What stands in <language> and is none.
_NOT_A_LANGUAGE = frozenset({"und", "mul", "zxx", "xx"})


def tag(text: str | None) -> str | None:
    """``EN_us`` as "en-US", ``zh-hant-tw`` as "zh-Hant-TW"; None where it is no language tag."""
    found = _TAG.match((text or "").strip())
    if not found or found["language"].lower() in _NOT_A_LANGUAGE:
        return None
    parts = (found["language"].lower(), (found["script"] or "").title(), (found["region"] or "").upper())
    return "-".join(filter(None, parts))
