"""Texts cut into runs of words, and what they are looked up by."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.shingles import SKETCH, TELLING, UNSPACED_WIDTH, WIDTH, read, sketch
from storage.words import words

TEXT = " ".join(f"word{n}" for n in range(400))
JAPANESE = "".join(chr(0x4E00 + (37 * n) % 5000) for n in range(400))


def values(text: str) -> set[int]:
    return set(sketch(words(text)))


def test_the_recipe_stays() -> None:
    """Values are kept in archives: another recipe would find nothing of what is there."""
    assert sketch(words(TEXT))[:2] == (130_081_984_389, 1_234_186_450_898)


def test_a_text_is_looked_up_by_the_same_values_however_it_is_set() -> None:
    assert values(TEXT) == values(TEXT.upper().replace(" ", ",\n"))
    assert len(values(TEXT)) == SKETCH


@pytest.mark.parametrize("text", [TEXT, JAPANESE])
def test_half_of_a_text_keeps_what_is_left_in_it(text: str) -> None:
    half = text[: len(text) // 2]
    shared = values(text) & values(half)
    assert shared
    # Of the whole text's smallest values every one that lies in the half is among the half's smallest.
    assert shared == {v for v in values(text) if v in set(read(half).shingles.tolist())}


def test_other_texts_share_nothing() -> None:
    rng = random.Random(1)
    shuffled = TEXT.split()
    rng.shuffle(shuffled)
    assert not values(TEXT) & values(" ".join(shuffled))


def test_a_text_too_short_to_tell_has_none() -> None:
    assert sketch(words(" ".join(TEXT.split()[: TELLING * WIDTH - 1]))) == ()
    assert sketch(words(" ".join(TEXT.split()[: TELLING * WIDTH]))) != ()
    assert sketch([]) == ()


def test_characters_are_the_units_where_nothing_parts_words() -> None:
    text = read(JAPANESE + " in 2026")
    assert text.width == UNSPACED_WIDTH
    assert text.units[-2:] == ["in", "2026"]
    assert len(text.units) == 402
    assert read(TEXT).width == WIDTH


def test_a_word_written_without_end_is_no_trouble() -> None:
    assert len(sketch(["the"] * 5000)) == 1


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = read(text)
    assert len(found.written) == len(found.units)
    assert all(0 <= value < 2**48 for value in found.shingles.tolist())
    assert list(sketch(words(text))) == sorted(sketch(words(text)))
