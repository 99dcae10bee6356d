"""Names of files for articles: safe on any system, never twice the same. Pure."""

from __future__ import annotations

import re

from storage.records import ArchivedArticle
from storage.words import fold

IN_A_FOLDER = 1_000  # files
LENGTH = 60  # characters of a headline in a name


def place(number: int, item: ArchivedArticle, ending: str, *, every: bool = False) -> str:
    """Where the file of the nth article stands in its folder: `0000/courier-17-storm-closes-the-pier.txt`."""
    return f"{(number - 1) // IN_A_FOLDER:04}/{file_name(item, ending, every=every)}"


def file_name(item: ArchivedArticle, ending: str, *, every: bool = False) -> str:
    """`courier-17-storm-closes-the-pier.txt`; `every`: with the version, since there may be several."""
    number = f"{item.id}-v{item.version}" if every else str(item.id)
    words = _safe(item.article.headline or "")[:LENGTH].strip("-")
    source = _safe(item.source)[:LENGTH].strip("-")
    return "-".join(part for part in (source, number, words) if part) + ending


def _safe(text: str) -> str:
    """Letters a to z, digits and hyphens: what stays of `text` when accents are gone."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text).lower().encode("ascii", "ignore").decode())
