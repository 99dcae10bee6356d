"""Asking only for what changed: the validators of the last answer, sent back (RFC 9110, 13.1). Pure."""

from __future__ import annotations

from collections.abc import Mapping


def condition(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The request headers that ask for an answer only if it differs from the last one."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def validators(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """(ETag, Last-Modified) of an answer whose header names are in lower case."""
    return headers.get("etag") or None, headers.get("last-modified") or None
