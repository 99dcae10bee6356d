"""How much two short texts share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.likeness import likeness, sameness


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Old pier closed", "OLD PIER – CLOSED!", 1.0, 1.0),
        ("Old pier closed", "Ferries late again", 0.0, 0.1),
        ("古い桟橋が閉鎖", "古い桟橋が再び閉鎖", 0.25, 0.9),
    ],
)
def test_sameness(one: str, other: str, least: float, most: float) -> None:
    assert least <= sameness(one, other) <= most


def test_a_part_is_like_the_whole_and_not_the_same() -> None:
    assert likeness("Old pier closed", "Storm: Old pier closed for a month") == 1.0
    assert sameness("Old pier closed", "Storm: Old pier closed for a month") < 0.7


@given(st.text(), st.text())
def test_both_ways_alike(one: str, other: str) -> None:
    assert sameness(one, other) == sameness(other, one)
    assert 0.0 <= sameness(one, other) <= 1.0
    assert 0.0 <= likeness(one, other) <= 1.0


@given(st.text())
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert sameness(text, text) == 1.0
