"""Articles as JSON Lines and CSV, as other programs read them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from storage.export.lines import CSV_COLUMNS, to_json, write_csv, write_jsonl
from storage.records import ArchivedArticle, Byline, Image, Moment, Role
from tests.storage.newsroom import NOON, article, paragraphs

ITEM = ArchivedArticle(
    id=7,
    source="courier",
    version=2,
    first_seen_at=NOON,
    fetched_at=NOON + dt.timedelta(hours=1),
    last_checked_at=NOON + dt.timedelta(hours=2),
    removed_at=None,
    word_count=3,
    article=article(
        "https://courier.example/pier",
        headline='The "old" pier, closed',
        description="Two lines,\nindeed",
        byline="By Ada Holm and Núria Roca",
        bylines=(Byline(name="Ada Holm"), Byline(name="Núria Roca"), Byline(name="Wire", role=Role.AGENCY)),
        date_published=Moment(value=NOON, raw="2 March", origin="time"),
        date_modified=Moment(value=dt.date(2026, 3, 3), raw="3 March", origin="time"),
        blocks=paragraphs("First.", "予算案が成立\u2028した。"),
        images=(
            Image(
                url="https://i.example/1.jpg",
                caption="A gull",
                credit_line="Wire",
                alt_text="A bird",
                file_sha256="ab" * 32,
            ),
            Image(url="https://i.example/2.jpg"),
        ),
        keywords=("ports", "weather"),
        in_language="en",
        is_accessible_for_free=True,
    ),
)
BARE = replace(
    ITEM, id=8, removed_at=NOON, article=article("https://courier.example/bare", headline=None, blocks=())
)

# What README's data dictionary promises of a line of JSON.
KEYS = """id url canonical_url headline description byline authors date_published date_modified body headings
    images keywords article_section in_language site_name is_accessible_for_free genre breadcrumbs
    corrections embeds amp_url license_url source version word_count first_seen_at
    fetched_at last_checked_at removed_at"""


def changed(**fields: Any) -> ArchivedArticle:
    return replace(ITEM, article=replace(ITEM.article, **fields))


def written(kind: str, *items: ArchivedArticle) -> str:
    out = io.StringIO(newline="")
    assert {"jsonl": write_jsonl, "csv": write_csv}[kind](items, out) == len(items)
    return out.getvalue()


def rows(*items: ArchivedArticle) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv", *items), newline="")))


def test_jsonl() -> None:
    first, second = written("jsonl", ITEM, BARE).split("\n")[:-1]
    record = json.loads(first)
    assert list(record) == KEYS.split()
    assert record == to_json(ITEM)
    assert record["authors"] == ["Ada Holm", "Núria Roca"]
    assert (record["date_published"], record["date_modified"]) == ("2026-03-02T12:00:00+00:00", "2026-03-03")
    assert record["body"] == "First.\n\n予算案が成立\u2028した。"
    assert record["images"][0] == {
        "url": "https://i.example/1.jpg",
        "caption": "A gull",
        "credit_line": "Wire",
        "alt_text": "A bird",
        "file_sha256": "ab" * 32,
    }
    assert (record["first_seen_at"], record["removed_at"]) == ("2026-03-02T12:00:00+00:00", None)
    assert "Núria" in first, "written as it reads, not escaped"
    assert json.loads(second)["headline"] is None
    assert json.loads(second)["removed_at"] == "2026-03-02T12:00:00+00:00"


def test_csv_as_rfc_4180_has_it() -> None:
    text = written("csv", ITEM, BARE)
    header, *_ = text.split("\r\n")
    assert header == ",".join(CSV_COLUMNS)
    assert text.endswith("\r\n")
    assert '"The ""old"" pier, closed"' in text
    assert '"Two lines,\nindeed"' in text


def test_a_row_of_csv() -> None:
    row, bare = rows(ITEM, BARE)
    assert (row["id"], row["source"], row["version"], row["word_count"]) == ("7", "courier", "2", "3")
    assert row["headline"] == 'The "old" pier, closed'
    assert (row["authors"], row["keywords"]) == ("Ada Holm; Núria Roca", "ports; weather")
    assert (row["images"], row["body"]) == ("2", "First.\n\n予算案が成立\u2028した。")
    assert (row["date_published"], row["date_modified"]) == ("2026-03-02T12:00:00+00:00", "2026-03-03")
    assert row["is_accessible_for_free"] == "True"
    assert (bare["headline"], bare["authors"], bare["images"], bare["body"]) == ("", "", "0", "")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1 degrees", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(formula: str) -> None:
    [row] = rows(changed(headline=formula, keywords=(formula,)))
    assert row["headline"] == row["keywords"] == f"'{formula}"
    assert json.loads(written("jsonl", changed(headline=formula)))["headline"] == formula


def test_every_column_of_csv_is_a_key_of_json() -> None:
    assert set(CSV_COLUMNS) <= set(to_json(ITEM))


def test_nothing() -> None:
    assert written("jsonl") == ""
    assert written("csv") == ",".join(CSV_COLUMNS) + "\r\n"


@pytest.mark.parametrize("write", [write_jsonl, write_csv])
def test_a_line_is_written_before_the_next_article_is_read(write: Any) -> None:
    out = io.StringIO(newline="")

    def stream() -> Any:
        yield ITEM
        assert "https://courier.example/pier" in out.getvalue()
        yield BARE

    assert write(stream(), out) == 2
