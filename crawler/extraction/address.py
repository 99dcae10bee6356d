"""Addresses as pages write them, taken apart and put together without ever raising."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def host(url: str) -> str:
    """The host in lower case, without "www."; ``""`` where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def path(url: str) -> str:
    """The path; ``""`` where `url` is no address."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def absolute(base_url: str, href: str) -> str | None:
    """`href` as a page at `base_url` means it, or None where that is no web address."""
    try:
        url = urljoin(base_url, href.strip())
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None
