"""`scrapy crawl news -O …`: what Scrapy's exporters write."""

from __future__ import annotations

import csv
import io
import json

import pytest
from scrapy.exporters import BaseItemExporter
from scrapy.utils.misc import load_object

from crawler.settings import FEED_EXPORTERS
from pipelines.feed_export import Csv, Json, JsonLines
from storage.records import Byline, Image, article_to_json
from tests.pipelines.conftest import Submit
from tests.storage.newsroom import NOON

PIER = "https://courier.example/pier"


def exported(exporter: type[BaseItemExporter], *items: object) -> str:
    out = io.BytesIO()
    writer = exporter(out, encoding="utf-8")
    writer.start_exporting()
    for item in items:
        writer.export_item(item)
    writer.finish_exporting()
    return out.getvalue().decode()


@pytest.fixture
def items(submit: Submit) -> list[object]:
    pictures = (Image(url="https://i.example/1.jpg", caption="Möwe"), Image(url="https://i.example/2.jpg"))
    named = (Byline(name="Ada Holm"), Byline(name="Núria Roca"))
    return [submit(PIER, bylines=named, images=pictures), submit(f"{PIER}-2", headline="=1+1")]


@pytest.mark.parametrize("kind", [JsonLines, Json])
def test_json(kind: type[BaseItemExporter], items: list[object]) -> None:
    text = exported(kind, *items)
    records = json.loads(text) if kind is Json else [json.loads(line) for line in text.splitlines()]
    expected = [
        {**article_to_json(item.article), "fetched_at": NOON.isoformat()}  # type: ignore[attr-defined]
        for item in items
    ]
    assert records == expected
    assert "Möwe" in text


def test_csv(items: list[object]) -> None:
    first, second = csv.DictReader(io.StringIO(exported(Csv, *items), newline=""))
    assert (first["url"], first["authors"], first["images"]) == (PIER, "Ada Holm; Núria Roca", "2")
    assert (second["headline"], second["images"]) == ("'=1+1", "0")
    assert first["fetched_at"] == "2026-03-02T12:00:00+00:00"


def test_other_items_are_written_as_they_are() -> None:
    assert json.loads(exported(JsonLines, {"a": 1})) == {"a": 1}
    assert exported(Csv, {"a": 1}).splitlines() == ["a", "1"]


def test_the_settings_name_them() -> None:
    assert {kind: load_object(path) for kind, path in FEED_EXPORTERS.items()} == {
        "json": Json,
        "jsonl": JsonLines,
        "jsonlines": JsonLines,
        "csv": Csv,
    }
