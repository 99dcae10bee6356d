"""What another reading changes, counted and shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest

from crawler.replay.comparison import FIELDS, Comparison, Turn, turned
from storage.records import (
    Article,
    Block,
    BlockKind,
    Byline,
    Genre,
    Image,
    Moment,
)
from storage.rereading import NOT_SHOWN, differing

DAY = Moment(value=dt.date(2026, 1, 5), raw="5 January", origin="time")
WHOLE = Article(
    url="https://a.example/?from=feed",
    canonical_url="https://a.example/",
    headline="The pier",
    description="It stays closed.",
    byline="By Ada Holm",
    bylines=(Byline(name="Ada Holm"),),
    date_published=DAY,
    date_modified=DAY,
    blocks=(Block(kind=BlockKind.PARAGRAPH, text="The board said so."),),
    images=(Image(url="https://a.example/pier.jpg", caption="The pier"),),
    keywords=("harbour",),
    article_section="Town",
    in_language="en",
    site_name="The Courier",
    is_accessible_for_free=True,
    paywall_selector=".paid",
    genre=Genre.NEWS,
    breadcrumbs=("News",),
    corrections=("It was the old pier.",),
    amp_url="https://a.example/amp",
    license_url="https://a.example/licence",
)


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        ("a", "a", Turn.SAME),
        ("", None, Turn.SAME),
        (None, "a", Turn.GAINED),
        ("a", "", Turn.LOST),
        ("a", "b", Turn.CHANGED),
        (False, None, Turn.LOST),
        (None, False, Turn.GAINED),
    ],
)
def test_turns(before: object, after: object, turn: Turn) -> None:
    assert turned(before, after) is turn


@pytest.mark.parametrize("name", sorted({field.name for field in fields(Article)} - NOT_SHOWN))
def test_no_field_is_forgotten(name: str) -> None:
    """Emptying any field of an article is seen."""
    value = getattr(WHOLE, name)
    assert value not in (None, ()), "the article of the tests lacks it"
    emptied = replace(WHOLE, **{name: () if isinstance(value, tuple) else None})
    assert differing(WHOLE, emptied) == (name,)
    comparison = Comparison(1)
    comparison.add("courier", 1, WHOLE, emptied)
    assert any(c.turns.keys() - {Turn.SAME} for c in comparison.sources["courier"].values())
    assert comparison.sources["courier"].keys() == FIELDS.keys()


def test_an_instant_in_another_zone_is_the_same() -> None:
    oslo = dt.datetime(2026, 1, 5, 10, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    one = Moment(value=oslo, raw="10:00", origin="time")
    other = Moment(value=oslo.astimezone(dt.UTC), raw="9:00Z", origin="json-ld")
    before = Article(url="https://a.example/", canonical_url="https://a.example/", date_published=one)
    comparison = Comparison(1)
    comparison.add("courier", 1, before, replace(before, date_published=other))
    assert comparison.sources["courier"]["date_published"].turns == {Turn.SAME: 1}


def test_examples_begin_near_the_difference() -> None:
    long = "word " * 200
    before = Article(url="u", canonical_url="https://a.example/", headline=f"{long}old end")
    comparison = Comparison(1)
    for _ in range(3):
        comparison.add("courier", 7, before, replace(before, headline=f"{long}new end"))
    [example] = comparison.sources["courier"]["headline"].examples
    assert example.before.endswith("old end")
    assert example.after.endswith("new end")
    assert len(example.before) < 100
