"""Addresses as documents write them, made absolute."""

from __future__ import annotations

from urllib.parse import urljoin

from storage.urls import MAX_LENGTH

WEB_SCHEMES = ("http://", "https://")


def absolute(address: str | None, base: str) -> str | None:
    """`address` against `base`, or None where that is no web address of a length that anyone means."""
    text = (address or "").strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    if not text.lower().startswith(WEB_SCHEMES) or " " in text or "\n" in text:
        text = _joined(text, base)
    return text if text.lower().startswith(WEB_SCHEMES) and text.partition("://")[2].strip("/") else None


def _joined(address: str, base: str) -> str:
    one_line = "".join(address.splitlines()).replace("\t", "").replace(" ", "%20")
    try:
        return urljoin(base, one_line)
    except ValueError:  # "http://[" is no address
        return ""
