"""Whole pages of our own writing, in many languages and designs, with the article that each one holds.

A folder `tests/pages/<site>/<date>/` holds `page.html` and `article.json`; a bug report becomes a folder.
Text, outcome and language have to be right on every page. Other fields are counted over all pages: the
share that is right must not fall.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction import Reading, read
from crawler.items import Page
from storage.records import article_to_json

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "pages").rglob("article.json"))
COUNTED = (
    "headline",
    "description",
    "authors",
    "date_published",
    "article_section",
    "site_name",
    "keywords",
    "images",
)
FLOOR = 0.92


def reading(folder: Path) -> tuple[dict[str, Any], Reading]:
    expected = json.loads((folder / "article.json").read_text(encoding="utf-8"))
    page = Page(
        url=expected["url"],
        final_url=expected["url"],
        status=200,
        body=(folder / "page.html").read_bytes(),
        fetched_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
    )
    return expected, read(page)


def normal(key: str, value: Any) -> Any:
    """`value` as it is compared: dates as points in time, credits without "Photo:"."""
    if key == "date_published" and value:
        return dt.datetime.fromisoformat(value)
    if key == "images":
        return [
            (i["url"], i["caption"], (i["credit_line"] or "").split(": ")[-1], i["alt_text"]) for i in value
        ]
    return value


def test_there_are_pages_enough() -> None:
    languages = {json.loads((folder / "article.json").read_text())["in_language"] for folder in FOLDERS}
    assert len(FOLDERS) >= 30
    assert len(languages) >= 20


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_text_is_the_storys_and_nothing_else(folder: Path) -> None:
    expected, found = reading(folder)
    assert [[block.kind.value, block.text] for block in found.article.blocks] == expected["blocks"]
    assert found.outcome.value == expected["outcome"]
    assert found.article.in_language == expected["in_language"]
    assert found.reason


def test_the_other_fields_keep_their_floor() -> None:
    wrong = []
    for folder in FOLDERS:
        expected, found = reading(folder)
        given = article_to_json(found.article)
        wrong += [
            f"{folder.parent.name}: {key} is {given[key]!r}, not {expected[key]!r}"
            for key in COUNTED
            if normal(key, given[key]) != normal(key, expected[key])
        ]
    share = 1 - len(wrong) / (len(COUNTED) * len(FOLDERS))
    assert share >= FLOOR, "\n".join([f"{share:.3f} right", *wrong])
