"""The scorer of benchmarks/extraction.py: what counts, what is forgiven, what costs."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
bareness = import_module("bareness")
scoring = import_module("scoring")

TEXTS = [
    "The harbour board said on Monday that the old pier would stay closed until summer.",
    "Its chair told the town council that the repairs had not been paid for so far.",
    "Fishermen who land their catch there were told by letter in the second week of February.",
]
TRUTH: dict[str, Any] = {
    "id": "pier",
    "title": "Pier stays closed",
    "authors": ["Jane Roe", "Tom Aldous"],
    "published": "2026-03-02T09:00:00+01:00",
    "summary": ["Nobody knows who pays for the repairs of the pier."],
    "sections": [
        {"headline": [], "paragraphs": TEXTS[:2]},
        {"headline": ["What the fishermen say"], "paragraphs": TEXTS[2:]},
    ],
    "images": [
        {
            "url": "https://x.example/pier.jpg?w=100",
            "urls": ["https://x.example/large/pier.jpg"],
            "caption": "The pier in March, seen from the north",
            "credit": "Ruth Vane",
        }
    ],
    "tags": ["pier", "ferry"],
}
RIGHT: dict[str, Any] = {
    "title": "Pier Stays Closed",
    "authors": ["By Jane Roe", "tom aldous"],
    "published": "2026-03-02T08:00:30+00:00",
    "description": TRUTH["summary"][0],
    "body": "\n\n".join([*TEXTS[:2], "What the fishermen say", TEXTS[2]]),
    "headings": ["What the fishermen say"],
    "images": [
        {
            "url": "http://www.x.example/large/pier.jpg",
            "caption": "The pier in March, seen from the north (Photo: Ruth Vane)",
            "credit": "Photo: Ruth Vane",
        }
    ],
    "tags": ["Pier", "Ferry"],
}


def totals(**changes: Any) -> dict[str, float]:
    return scoring.totals([scoring.page_figures(TRUTH, {**RIGHT, **changes})])


def test_a_right_prediction_is_right_in_everything() -> None:
    assert {key: value for key, value in totals().items() if value != 1} == {}


def test_nothing_is_right_in_nothing() -> None:
    row = scoring.page_figures(TRUTH, {})
    assert row["empty"]
    assert {key: value for key, value in scoring.totals([row]).items() if value != 0} == {}


@pytest.mark.parametrize(
    "body",
    [
        "\n\n".join(TEXTS),  # without the sub-heading
        "\n\n".join([*TRUTH["summary"], *TEXTS]),  # with the standfirst
    ],
)
def test_standfirst_and_headings_may_be_in_the_body_or_not(body: str) -> None:
    found = totals(body=body)
    assert (found["body_f1_page"], found["para_p"], found["para_r"]) == (1, 1, 1)


def test_merged_paragraphs_are_forgiven_but_not_as_structure() -> None:
    found = totals(body=" ".join(TEXTS))
    assert (found["para_p"], found["para_r"]) == (1, 1)
    assert found["para_struct"] == 0


def test_a_surplus_paragraph_costs_precision() -> None:
    found = totals(body="\n\n".join([*TEXTS, "Subscribe now and read all of our stories about the harbour."]))
    assert found["para_p"] == 0.75
    assert found["body_p"] < 1 == found["body_r"]


def test_a_missing_paragraph_costs_recall() -> None:
    found = totals(body="\n\n".join(TEXTS[:2]))
    assert found["para_r"] == pytest.approx(2 / 3)
    assert found["body_r"] < 1 == found["body_p"]


@pytest.mark.parametrize(
    ("published", "day", "instant"),
    [
        ("2026-03-02", 1, 0),
        ("2026-03-02T23:30:00+01:00", 1, 0),
        ("2026-03-01T23:30:00-09:00", 1, 0),  # the same day in the truth's zone
        ("2026-03-03T09:00:00+01:00", 0, 0),
        ("soon", 0, 0),
        (None, 0, 0),
    ],
)
def test_dates_by_day_and_by_instant(published: str | None, day: float, instant: float) -> None:
    found = totals(published=published)
    assert (found["date_day"], found["date_instant"]) == (day, instant)


def test_one_author_of_two_is_half_the_names() -> None:
    found = totals(authors=["Jane Roe", "The Harbour Press"])
    assert (found["authors_f1"], found["authors_exact"]) == (0.5, 0)


def test_another_picture_has_neither_caption_nor_credit() -> None:
    found = totals(
        images=[{"url": "https://x.example/ad.jpg", "caption": "Buy a boat today", "credit": "Boats"}]
    )
    assert (found["caption_f1"], found["credit"], found["image_f1"]) == (0, 0, 0)


def test_a_bare_page_says_nothing_to_machines() -> None:
    html = (
        b'<html><head><meta charset="utf-8"><meta property="og:title" content="x"><title>Pier</title>'
        b'<script type="Application/LD+JSON">{}</script><script>keep()</script></head>'
        b'<body vocab="https://schema.org/"><p itemprop="text" class="a">Text</p></body></html>'
    )
    bare = bareness.strip(html)
    for hint in (b"og:title", b"LD+JSON", b"vocab", b"itemprop"):
        assert hint not in bare
    for kept in (b"charset", b"<title>Pier</title>", b"keep()", b'class="a"', b"Text"):
        assert kept in bare
