"""The columns of Parquet files and their types; instants are UTC."""

from __future__ import annotations

import pyarrow as pa

Columns = list[tuple[str, pa.DataType]]

INSTANT = pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.string())
IMAGE: Columns = [
    ("url", pa.string()),
    ("caption", pa.string()),
    ("credit_line", pa.string()),
    ("alt_text", pa.string()),
    ("is_lead", pa.bool_()),
    ("block_position", pa.int32()),
    ("file_sha256", pa.string()),
]
DATED: Columns = [("date_published", INSTANT), ("date_published_precision", pa.string())]
PART: Columns = [
    ("article_id", pa.int64()),
    ("source", pa.string()),
    ("canonical_url", pa.string()),
    ("version", pa.int32()),
    ("headline", pa.string()),
    *DATED,
    ("position", pa.int32()),
]
ARTICLE: Columns = [
    ("id", pa.int64()),
    ("source", pa.string()),
    ("version", pa.int32()),
    ("url", pa.string()),
    ("canonical_url", pa.string()),
    ("headline", pa.string()),
    ("description", pa.string()),
    ("byline", pa.string()),
    ("authors", TEXTS),
    ("bylines", pa.list_(pa.struct([("name", pa.string()), ("role", pa.string())]))),
    *DATED,
    ("date_modified", INSTANT),
    ("date_modified_precision", pa.string()),
    ("body", pa.string()),
    (
        "blocks",
        pa.list_(pa.struct([("kind", pa.string()), ("text", pa.string()), ("url", pa.string())])),
    ),
    ("word_count", pa.int32()),
    ("images", pa.list_(pa.struct(IMAGE))),
    ("keywords", TEXTS),
    ("article_section", pa.string()),
    ("in_language", pa.string()),
    ("site_name", pa.string()),
    ("is_accessible_for_free", pa.bool_()),
    ("genre", pa.string()),
    ("breadcrumbs", TEXTS),
    ("corrections", TEXTS),
    ("amp_url", pa.string()),
    ("license_url", pa.string()),
    ("first_seen_at", INSTANT),
    ("fetched_at", INSTANT),
    ("last_checked_at", INSTANT),
    ("removed_at", INSTANT),
]
SCHEMAS = {
    "articles": pa.schema(ARTICLE),
    "captions": pa.schema(PART + [("image_url" if n == "url" else n, kind) for n, kind in IMAGE]),
    "bylines": pa.schema([*PART, ("name", pa.string()), ("role", pa.string())]),
}
