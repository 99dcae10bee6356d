"""The texts: enough of them, whole, and well-formed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.demo.content import (
    Furniture,
    Manuscript,
    PictureText,
    labels,
    outlets,
    parse_flow,
)
from storage.overlap import compare
from storage.records import EMBEDS, Block, BlockKind
from storage.shingles import read

MANUSCRIPTS = [m for outlet in outlets() for edition in outlet.editions for m in edition.manuscripts]
PICTURE = PictureText(motif="hills")
WORDS = st.text(st.characters(categories=["L"]), min_size=1)


def block(kind: BlockKind, text: str) -> Block:
    return Block(kind=kind, text=text)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("One.\n\nTwo.", [block(BlockKind.PARAGRAPH, "One."), block(BlockKind.PARAGRAPH, "Two.")]),
        ("One\nline.", [block(BlockKind.PARAGRAPH, "One line.")]),
        ("## Head", [block(BlockKind.HEADING, "Head")]),
        ("> Said.", [block(BlockKind.QUOTE, "Said.")]),
        ("- a\n- b", [block(BlockKind.LIST_ITEM, "a"), block(BlockKind.LIST_ITEM, "b")]),
        ("[newsletter]", [Furniture.NEWSLETTER]),
        ("[picture]", [PICTURE]),
    ],
)
def test_markup(markup: str, expected: list[object]) -> None:
    pictures = (PICTURE,) if "[picture]" in markup else ()
    assert list(parse_flow(markup, pictures)) == expected


@pytest.mark.parametrize(("markup", "pictures"), [("[picture]", ()), ("Text.", (PICTURE,))])
def test_each_picture_has_its_mark(markup: str, pictures: tuple[PictureText, ...]) -> None:
    with pytest.raises(ValueError, match="picture marks"):
        parse_flow(markup, pictures)


def test_unknown_furniture_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="sofa"):
        parse_flow("[sofa]")


@given(st.lists(WORDS, min_size=1))
def test_paragraphs_come_back_in_order(paragraphs: list[str]) -> None:
    flow = parse_flow("\n\n".join(paragraphs))
    assert [item.text for item in flow if isinstance(item, Block)] == paragraphs


def test_numbers() -> None:
    by_language = Counter(
        edition.language for outlet in outlets() for edition in outlet.editions for _ in edition.manuscripts
    )
    assert by_language == {"en": 32, "de": 14, "es": 10, "ja": 8}
    assert sum(m.appears for m in MANUSCRIPTS) == 2
    assert sum(m.vanishes for m in MANUSCRIPTS) == 1
    assert sum(m.edit is not None for m in MANUSCRIPTS) == 1
    assert sum(not m.free for m in MANUSCRIPTS) == 1
    assert sum(m.byline_at_foot for m in MANUSCRIPTS) >= 3


def test_every_kind_of_piece_occurs() -> None:
    pieces = [item for m in MANUSCRIPTS for item in m.flow]
    assert {item.kind for item in pieces if isinstance(item, Block)} == set(BlockKind) - EMBEDS
    assert {item for item in pieces if isinstance(item, Furniture)} == set(Furniture)


def test_credits_take_many_forms() -> None:
    pictures = [item for m in MANUSCRIPTS for item in (m.lead, *m.flow) if isinstance(item, PictureText)]
    forms = {picture.credit_form for picture in pictures if picture.credit}
    assert len(forms) >= 15
    assert all(form.count("{}") == 1 for form in forms)


def test_slugs_and_numbers_are_unique_within_an_outlet() -> None:
    for outlet in outlets():
        manuscripts = [m for edition in outlet.editions for m in edition.manuscripts]
        assert max(Counter(m.slug for m in manuscripts).values()) == 1
        assert max(Counter(m.number for m in manuscripts).values()) == 1


def test_what_a_story_refers_to_exists() -> None:
    for outlet in outlets():
        for edition in outlet.editions:
            slugs = {m.slug for m in edition.manuscripts}
            for manuscript in edition.manuscripts:
                assert set(manuscript.related) <= slugs - {manuscript.slug}, manuscript.slug
                assert ("[related]" in str(manuscript.flow)) <= bool(manuscript.related)
                assert manuscript.section in edition.sections
                assert all(name in (manuscript.byline or "") for name in manuscript.authors)


def text(manuscript: Manuscript) -> str:
    return "\n\n".join(block.text for block in manuscript.flow if isinstance(block, Block))


def test_both_outlets_carry_wire_copy_as_it_is_cut_and_edited() -> None:
    carried: dict[str, list[Manuscript]] = {}
    for manuscript in MANUSCRIPTS:
        if manuscript.wire:
            carried.setdefault(manuscript.wire, []).append(manuscript)
    assert len(carried) == 3
    shares = {}
    for key, (one, other) in carried.items():
        overlap = compare(*(read(text(manuscript)) for manuscript in (one, other)))
        assert overlap.is_copy
        shares[key] = (overlap.first, overlap.second)
        assert one.headline != other.headline
        assert one.byline != other.byline
    assert shares["wheat"] == (1, 1)
    assert shares["magnets"] == pytest.approx((0.5, 1), abs=0.06)
    assert shares["seabed"] == pytest.approx((0.75, 0.7), abs=0.06)


def test_all_languages_have_the_same_labels() -> None:
    assert {frozenset(labels(language)) for language in ("en", "de", "es", "ja")} == {frozenset(labels("en"))}
