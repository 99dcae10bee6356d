"""`scrapy crawl news -O out.jsonl`: items in the keys that README documents, not as internal records.

Scrapy's exporters would write a submission with its bookkeeping, and times
without their offset.
"""

from __future__ import annotations

from typing import Any

from scrapy.exporters import CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from storage.export import to_cells
from storage.records import Submission, article_to_json


def exported(item: Any) -> Any:
    """What an exporter writes of `item`."""
    if not isinstance(item, Submission):
        return item
    return {**article_to_json(item.article), "fetched_at": item.fetched_at.isoformat()}


class JsonLines(JsonLinesItemExporter):
    """One article a line."""

    def export_item(self, item: Any) -> None:
        super().export_item(exported(item))


class Json(JsonItemExporter):
    """One JSON array of articles."""

    def export_item(self, item: Any) -> None:
        super().export_item(exported(item))


class Csv(CsvItemExporter):
    """One article a line: lists joined, pictures counted, nothing that a spreadsheet runs as a formula."""

    def export_item(self, item: Any) -> None:
        record = exported(item)
        super().export_item(to_cells(record) if isinstance(item, Submission) else record)
