"""Whole pages of our own writing, in many languages and designs, with the article that each one holds.

A folder `tests/pages/<site>/<date>/` holds `page.html` and `article.json`; a bug report becomes a folder.
Text, outcome and language have to be right on every page. Other fields are counted over all pages: the
share that is right must not fall. What is embedded stands among the blocks as `["video", "<url>"]`; the
fields in STATED are compared where an answer has them.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction import read
from crawler.extraction.reading import Reading
from crawler.items import Page
from storage.records import EMBEDS, Block, article_to_json

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
STATED = (
    "date_modified",
    "genre",
    "breadcrumbs",
    "corrections",
    "license_url",
    "amp_url",
    "is_accessible_for_free",
    "block_positions",
)
FLOOR = 0.92
DATES = ("date_published", "date_modified")


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
    if key in DATES and value:
        return dt.datetime.fromisoformat(value)
    if key == "images":
        return [
            (i["url"], i["caption"], (i["credit_line"] or "").split(": ")[-1], i["alt_text"]) for i in value
        ]
    return value


def shown(block: Block) -> list[str | None]:
    """`block` as an answer states it."""
    return [block.kind.value, block.url if block.kind in EMBEDS else block.text]


def fields(found: Reading) -> dict[str, Any]:
    """All fields that an answer may state."""
    return article_to_json(found.article) | {
        "block_positions": [image.block_position for image in found.article.images]
    }


def test_there_are_pages_enough() -> None:
    answers = [json.loads((folder / "article.json").read_text(encoding="utf-8")) for folder in FOLDERS]
    assert len(answers) >= 40
    assert len({answer["in_language"] for answer in answers}) >= 20
    assert all({"design", *COUNTED} <= answer.keys() for answer in answers)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_text_is_the_storys_and_nothing_else(folder: Path) -> None:
    expected, found = reading(folder)
    assert [shown(block) for block in found.article.blocks] == expected["blocks"]
    assert found.outcome.value == expected["outcome"]
    assert found.article.in_language == expected["in_language"]
    assert found.reason


def test_the_other_fields_keep_their_floor() -> None:
    wrong, asked = [], 0
    for folder in FOLDERS:
        expected, found = reading(folder)
        given = fields(found)
        keys = (*COUNTED, *(key for key in STATED if key in expected))
        asked += len(keys)
        wrong += [
            f"{folder.parent.name}: {key} is {given[key]!r}, not {expected[key]!r}"
            for key in keys
            if normal(key, given[key]) != normal(key, expected[key])
        ]
    share = 1 - len(wrong) / asked
    assert share >= FLOOR, "\n".join([f"{share:.3f} right", *wrong])
