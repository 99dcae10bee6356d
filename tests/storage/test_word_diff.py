"""Words removed and added, in any script and at any length."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.word_diff import Extent, Piece, PieceKind, extent, pieces

SAME, REMOVED, ADDED = PieceKind.SAME, PieceKind.REMOVED, PieceKind.ADDED


def shown(before: str, after: str) -> list[tuple[PieceKind, str]]:
    return [(piece.kind, piece.text.strip()) for piece in pieces(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("The pier", "The pier", [(SAME, "The pier")]),
        ("", "New", [(ADDED, "New")]),
        ("Old", "", [(REMOVED, "Old")]),
        (
            "The pier is closed.",
            "The pier is open.",
            [(SAME, "The pier is"), (REMOVED, "closed"), (ADDED, "open"), (SAME, ".")],
        ),
        ("It cost £5m", "It cost £50m", [(SAME, "It cost £"), (REMOVED, "5m"), (ADDED, "50m")]),
        ("補正予算案が成立", "予算案が成立", [(REMOVED, "補正"), (SAME, "予算案が成立")]),
        ("One.\n\nTwo.", "One. Two.", [(SAME, "One. Two.")]),
        ("don't go", "do go", [(REMOVED, "don't"), (ADDED, "do"), (SAME, "go")]),
    ],
)
def test_what_is_shown(before: str, after: str, expected: list[tuple[PieceKind, str]]) -> None:
    assert shown(before, after) == expected


def test_chance_words_between_two_larger_changes_are_no_match() -> None:
    before = "Nobody expects the fishermen to wait long of the kind that they knew"
    after = "Everybody hopes these captains will sail soon of the sort which others forgot"
    assert shown(before, after) == [(REMOVED, before), (ADDED, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c d", "a b c d", Extent(0, 0, 0.0)),
        ("", "", Extent(0, 0, 0.0)),
        ("a b c d", "a b c x", Extent(1, 1, 0.25)),
        ("a b c", "a b c d e f", Extent(0, 3, 0.5)),
        ("a b", "c d", Extent(2, 2, 1.0)),
        ("予算案が国会で", "予算案が議会で", Extent(1, 1, 1 / 7)),
    ],
)
def test_the_share_is_of_the_longer_text(before: str, after: str, expected: Extent) -> None:
    found = extent(pieces(before, after))
    assert (found.removed, found.added) == (expected.removed, expected.added)
    assert found.share == pytest.approx(expected.share)


TEXTS = st.lists(st.sampled_from(["a", "b", "c.", "予算", "\n\n", "don't", "£5"]), max_size=40).map(" ".join)


def without(kind: PieceKind, found: tuple[Piece, ...]) -> list[str]:
    return "".join(piece.text for piece in found if piece.kind is not kind).split()


@given(before=TEXTS, after=TEXTS)
def test_both_texts_are_in_the_pieces(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(without(ADDED, found)) == "".join(before.split())
    assert "".join(without(REMOVED, found)) == "".join(after.split())
    assert 0 <= extent(found).share <= 1
    assert all(one.kind is not other.kind or one.kind is not SAME for one, other in pairwise(found))


def book(words: int) -> list[str]:
    chance = random.Random(words)
    return [f"w{chance.randrange(20_000)}" for _ in range(words)]


def test_few_changes_in_a_very_long_text_are_found_each() -> None:
    before = book(120_000)
    after = list(before)
    for place in range(5_000, 120_000, 10_000):
        after[place] = "changed"
    after[60_000:60_000] = ["inserted", "here"]
    found = extent(pieces(" ".join(before), " ".join(after)))
    assert (found.removed, found.added) == (12, 14)


@pytest.mark.parametrize(
    "texts",  # made by the test itself: each worker collects all tests
    [
        lambda: (" ".join(book(300_000)), " ".join(book(299_999))),
        lambda: ("a " * 300_000 + "b", "b " * 300_000 + "c"),
        lambda: (" ".join(book(300_000)), ""),
        lambda: ("予" * 300_000, "算" * 300_000),
        lambda: ("x" * 2_000_000, "y" * 2_000_000),
    ],
)
def test_hostile_lengths_take_seconds_at_most(texts: Callable[[], tuple[str, str]]) -> None:
    before, after = texts()
    started = time.process_time()
    assert extent(pieces(before, after)).share > 0.9
    assert time.process_time() - started < 4
