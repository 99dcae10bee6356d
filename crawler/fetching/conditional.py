"""Asking only for what changed: the validators of the last answer, sent back (RFC 9110, 13.1). Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
NOT_KEPT = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)


def condition(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The request headers that ask for an answer only if it differs from the last one."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def validators(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """(ETag, Last-Modified) of an answer whose header names are in lower case."""
    return headers.get("etag") or None, headers.get("last-modified") or None


def max_age(headers: Mapping[str, str]) -> dt.timedelta | None:
    """How long an answer says that it stays fresh (RFC 9111, 5.2.2.1), or None."""
    control = headers.get("cache-control", "")
    found = MAX_AGE.search(control)
    if found is None or NOT_KEPT.search(control):
        return None
    return dt.timedelta(seconds=int(found[1])) or None
