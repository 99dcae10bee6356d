"""The benchmark of copies: its edits keep what they say, its schemes are never filled in alike."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.storage.test_overlap import OWN, WIRE

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import copies
import edits
import schemes

STORY = edits.Story(headline="Less wheat, more bread", paragraphs=list(WIRE))
DONOR = edits.Story(headline="Bread", paragraphs=list(OWN))


@pytest.mark.parametrize("edit", edits.EDITS)
def test_edits_are_the_same_for_the_same_seed_and_leave_a_text(edit: edits.Edit) -> None:
    one, other = (edit(STORY, random.Random(7), DONOR) for _ in range(2))
    assert one == other
    assert one.paragraphs
    assert one != STORY


def test_how_much_is_reused() -> None:
    half = edits.cut_to_half(STORY, random.Random(1), DONOR)
    assert copies.reused(STORY.text, half.text) == 1
    assert edits.size(half.text) == pytest.approx(edits.size(STORY.text) / 2, rel=0.4)
    assert copies.reused(STORY.text, DONOR.text) < 0.5


def test_every_place_of_a_scheme_is_filled_in() -> None:
    filled = list(schemes.articles(3))
    assert len({text for _, text in filled}) == 3 * len(schemes.SCHEMES)
    assert not any("{" in text for _, text in filled)


def test_recall_and_precision_of_one_edit() -> None:
    found = copies.score(edits.cut_to_half, [STORY, DONOR])
    assert (found.asked, found.found) == (4, 4)
    assert found.pairs >= 4
    assert found.wrong <= 1
