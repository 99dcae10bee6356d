"""Addresses as documents write them, made absolute."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from storage.urls import MAX_LENGTH

WEB_SCHEMES = ("http://", "https://")

# What needs no joining and no checking: nearly all addresses in sitemaps.
_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)

_WITH_HOST = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


def absolute(address: str | None, base: str) -> str | None:
    """`address` against `base`, or None where that is no web address of a length that anyone means."""
    text = (address or "").strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    if _PLAIN.fullmatch(text):
        return text
    joined = _joined(text, base)
    return joined if joined and len(joined) <= MAX_LENGTH else None


def _joined(address: str, base: str) -> str:
    """As browsers join: line breaks and tabs inside an address mean nothing, a space is one."""
    one_line = re.sub(r"[\t\r\n]", "", address).replace(" ", "%20")
    try:
        joined = urljoin(base, one_line)
    except ValueError:  # "http://[" is no address
        return ""
    return joined if _WITH_HOST.match(joined) else ""
