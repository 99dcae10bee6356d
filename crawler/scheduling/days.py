"""Days as a person writes them."""

from __future__ import annotations

import datetime as dt

from crawler.errors import UsageError


def day(text: str, name: str) -> dt.date:
    """`text` as a day; UsageError, which begins with `name`, says how one is written."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{name}: {text!r} is no day such as 2026-01-31") from error
