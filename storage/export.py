"""Articles out of the archive: JSON Lines and CSV, one article a line, streaming."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

from storage.records import ArchivedArticle, article_to_json

# What CSV has a column for; lists are joined with "; ", pictures and embeds counted (their rows: the views
# `captions` and `embeds`).
CSV_COLUMNS = (
    "id",
    "source",
    "canonical_url",
    "headline",
    "description",
    "byline",
    "authors",
    "date_published",
    "date_modified",
    "article_section",
    "keywords",
    "in_language",
    "site_name",
    "is_accessible_for_free",
    "genre",
    "breadcrumbs",
    "corrections",
    "amp_url",
    "license_url",
    "word_count",
    "version",
    "fetched_at",
    "first_seen_at",
    "removed_at",
    "images",
    "embeds",
    "body",
)
COUNTED = ("images", "embeds")
# A spreadsheet runs a cell that begins so as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(item: ArchivedArticle) -> dict[str, Any]:
    """An article of the archive as one JSON object: the page's fields and the archive's own."""
    return {
        "id": item.id,
        **article_to_json(item.article),
        "source": item.source,
        "version": item.version,
        "word_count": item.word_count,
        "first_seen_at": item.first_seen_at.isoformat(),
        "fetched_at": item.fetched_at.isoformat(),
        "last_checked_at": item.last_checked_at.isoformat(),
        "removed_at": item.removed_at.isoformat() if item.removed_at else None,
    }


def to_cells(record: Mapping[str, Any]) -> dict[str, object]:
    """An article's JSON object as one row of CSV: lists joined, records in it counted, no formulas."""
    return {name: _cell(len(value) if name in COUNTED else value) for name, value in record.items()}


def write_jsonl(items: Iterable[ArchivedArticle], out: IO[str]) -> int:
    """Write one JSON object a line; returns how many."""
    number = 0
    for number, item in enumerate(items, 1):  # noqa: B007 - the count is the result
        out.write(json.dumps(to_json(item), ensure_ascii=False) + "\n")
    return number


def write_csv(items: Iterable[ArchivedArticle], out: IO[str]) -> int:
    """Write a header and one line an article (RFC 4180); returns how many."""
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    number = 0
    for number, item in enumerate(items, 1):  # noqa: B007 - the count is the result
        cells = to_cells(to_json(item))
        writer.writerow([cells[column] for column in CSV_COLUMNS])
    return number


FORMATS: dict[str, Callable[[Iterable[ArchivedArticle], IO[str]], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
}


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
