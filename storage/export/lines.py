"""JSON Lines and CSV: one record a line, as text."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from storage.parts import Caption, Credit
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
PART = ("article_id", "source", "canonical_url", "version", "headline", "date_published", "position")
CAPTION_COLUMNS = (
    *PART,
    "image_url",
    "caption",
    "credit_line",
    "alt_text",
    "is_lead",
    "block_position",
    "file_sha256",
)
BYLINE_COLUMNS = (*PART, "name", "role")
COUNTED = ("images", "embeds")
# A spreadsheet runs a cell that begins so as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(record: ArchivedArticle | Caption | Credit) -> dict[str, Any]:
    """A record of the archive as one JSON object."""
    match record:
        case ArchivedArticle():
            return _article(record)
        case Caption():
            picture = record.image
            return {
                **_part(record),
                "image_url": picture.url,
                "caption": picture.caption,
                "credit_line": picture.credit_line,
                "alt_text": picture.alt_text,
                "is_lead": picture.is_lead,
                "block_position": picture.block_position,
                "file_sha256": picture.file_sha256,
            }
        case Credit():
            return {**_part(record), "name": record.name, "role": record.role}


def _article(item: ArchivedArticle) -> dict[str, Any]:
    """The page's fields and the archive's own."""
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


def _part(record: Caption | Credit) -> dict[str, Any]:
    return {
        "article_id": record.article_id,
        "source": record.source,
        "canonical_url": record.canonical_url,
        "version": record.version,
        "headline": record.headline,
        "date_published": record.date_published.isoformat() if record.date_published else None,
        "position": record.position,
    }


def to_cells(record: Mapping[str, Any]) -> dict[str, object]:
    """An article's JSON object as one row of CSV: lists joined, records in it counted, no formulas."""
    return {name: _cell(len(value) if name in COUNTED else value) for name, value in record.items()}


def write_jsonl(records: Iterable[Any], out: IO[str]) -> int:
    """Write one JSON object a line; returns how many."""
    number = 0
    for number, record in enumerate(records, 1):  # noqa: B007 - the count is the result
        out.write(json.dumps(to_json(record), ensure_ascii=False) + "\n")
    return number


def write_csv(records: Iterable[Any], out: IO[str], columns: Sequence[str] = CSV_COLUMNS) -> int:
    """Write a header and one line a record (RFC 4180); returns how many."""
    writer = csv.writer(out)
    writer.writerow(columns)
    number = 0
    for number, record in enumerate(records, 1):  # noqa: B007 - the count is the result
        cells = to_cells(to_json(record))
        writer.writerow([cells[column] for column in columns])
    return number


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
