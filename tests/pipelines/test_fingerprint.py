"""What makes two texts the same, and a reading a new version."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from pipelines.fingerprint import content_hash, text_hash
from storage.records import Article, Block, BlockKind, Byline, Candidate, Image, Moment, Role
from tests.any_article import articles
from tests.storage.newsroom import BODY, HOUR, NOON, article, paragraphs

PIER = "https://courier.example/pier"
SHORT = paragraphs("Watch live from five o'clock.")


def story(**fields: Any) -> Article:
    return article(PIER, **{"headline": "Pier closed", "blocks": paragraphs(*BODY), **fields})


def at(value: dt.datetime | dt.date, raw: str = "raw") -> Moment:
    return Moment(value=value, raw=raw, origin="meta")


WRITTEN = story(
    description="A storm.",
    byline="By Ada Holm",
    bylines=(Byline(name="Ada Holm"),),
    date_published=at(NOON),
    images=(
        Image(url="https://i.example/1.jpg?w=800", caption="A gull", credit_line="Wire", alt_text="A bird"),
    ),
)


@pytest.mark.parametrize(
    "same",
    [
        {"canonical_url": "https://courier.example/other"},
        {"headline": "Another headline above a long text"},
        {"blocks": paragraphs(*(text.upper() for text in BODY))},
        {"blocks": paragraphs(*(text.replace(" ", "\xa0 ").replace(",", " –") for text in BODY))},
        {"blocks": paragraphs(" ".join(BODY))},
        {"blocks": tuple(Block(kind=BlockKind.QUOTE, text=text) for text in BODY)},
        {"is_accessible_for_free": True},
        {"images": WRITTEN.images, "date_published": at(NOON)},
    ],
)
def test_the_same_text(same: dict[str, Any]) -> None:
    assert text_hash(story(**same)) == text_hash(story())


@pytest.mark.parametrize(
    "other",
    [
        {"blocks": paragraphs(*BODY, "More.")},
        {"blocks": paragraphs(*BODY[1:])},
        {"blocks": paragraphs(*reversed(BODY))},
        {"blocks": paragraphs(*BODY[:2], BODY[2].replace("third", "fourth"))},
    ],
)
def test_another_text(other: dict[str, Any]) -> None:
    assert text_hash(story(**other)) != text_hash(story())


def test_short_texts_are_the_same_only_under_the_same_headline() -> None:
    assert text_hash(story(blocks=SHORT)) == text_hash(story(blocks=SHORT))
    assert text_hash(story(blocks=SHORT)) != text_hash(story(blocks=SHORT, headline="Another match"))
    # A headline is not a part of the text: the border between them counts.
    assert text_hash(story(headline="a b", blocks=paragraphs("c"))) != text_hash(
        story(headline="a", blocks=paragraphs("b c"))
    )


@pytest.mark.parametrize(
    "nothing",
    [{"blocks": ()}, {"blocks": paragraphs("…", "—")}, {"is_accessible_for_free": False}],
)
def test_no_text_to_compare(nothing: dict[str, Any]) -> None:
    assert text_hash(story(**nothing)) is None


@pytest.mark.parametrize(
    "around",
    [
        {"canonical_url": "https://courier.example/other"},
        {"article_section": "News", "keywords": ("ports",), "site_name": "Courier", "in_language": "en"},
        {"date_modified": at(NOON + HOUR)},
        {"date_published": at(NOON.astimezone(dt.timezone(9 * HOUR)), raw="written otherwise")},
        {"byline": "Ada Holm, Courier"},
        {"images": (replace(WRITTEN.images[0], url="https://i.example/1.jpg?w=1200", alt_text="Gull"),)},
        {"images": (*WRITTEN.images, Image(url="https://i.example/logo.png"))},
        {"evidence": (Candidate(field="headline", value="x", origin="h1"),)},
    ],
)
def test_what_changes_around_an_article_makes_no_version(around: dict[str, Any]) -> None:
    assert content_hash(replace(WRITTEN, **around)) == content_hash(WRITTEN)


EDITS: list[dict[str, Any]] = [
    {"headline": "Pier open"},
    {"headline": None},
    {"description": "No storm."},
    {"bylines": (Byline(name="Jan Roe"),)},
    {"bylines": (Byline(name="Ada Holm", role=Role.PHOTOGRAPHER),)},
    {"bylines": (), "byline": "By our reporter"},
    {"date_published": at(NOON + HOUR)},
    {"date_published": at(NOON.date())},
    {"blocks": paragraphs(*BODY, "More.")},
    {"blocks": paragraphs(" ".join(BODY))},
    {"blocks": tuple(Block(kind=BlockKind.QUOTE, text=text) for text in BODY)},
    {"images": (replace(WRITTEN.images[0], caption="Two gulls"),)},
    {"images": (replace(WRITTEN.images[0], credit_line="Ada Holm"),)},
    {"images": ()},
]


def test_every_edit_makes_a_version_of_its_own() -> None:
    hashes = [content_hash(replace(WRITTEN, **edit)) for edit in EDITS]
    assert len({*hashes, content_hash(WRITTEN)}) == len(EDITS) + 1


def test_hashes_say_which_recipe_made_them_and_stay_as_they_are() -> None:
    """If these change, every article in every archive has a new version: raise RECIPE and say so."""
    assert text_hash(WRITTEN) == "1:1dda377d1207042794cb257ac452138f74f570b69609ed91"
    assert content_hash(WRITTEN) == "1:39d50ef623d6a0ad5945c90d5c821d5849652a7d2cc30704"


@given(articles())
def test_never_raises_and_is_stable(item: Article) -> None:
    if isinstance(getattr(item.date_published, "value", None), dt.datetime) and item.date_published:
        year = item.date_published.value.year
        if not 1600 <= year <= 2100:  # normalising has refused those
            return
    assert content_hash(item) == content_hash(item)
    assert text_hash(item) == text_hash(replace(item, keywords=(), images=()))
    assert len(content_hash(item)) <= 64
