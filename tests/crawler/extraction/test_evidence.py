"""What a page offered, kept for people."""

from __future__ import annotations

from crawler.extraction.evidence import Found, Offer, first
from storage.records import Candidate


def test_first_takes_the_first() -> None:
    found = first([Offer("a", "x"), Offer("b", "y")])
    assert found.value == "a"
    assert [c.chosen for c in found.candidates("headline")] == [True, False]


def test_nothing_offered() -> None:
    nothing: Found[str] = first([])
    assert nothing.value is None
    assert nothing.elements == ()
    assert nothing.candidates("headline") == ()


def test_each_value_and_origin_stands_once_and_the_chosen_one_is_marked() -> None:
    one, same, other = Offer("a", "x"), Offer("a", "x"), Offer("a", "y")
    found = Found(same, (one, same, other))
    assert found.candidates("f") == (
        Candidate(field="f", value="a", origin="x", chosen=True),
        Candidate(field="f", value="a", origin="y"),
    )


def test_evidence_is_short_and_has_what_was_chosen() -> None:
    offers = tuple(Offer(f"{i} " + "x" * 10_000, "o") for i in range(500))
    candidates = Found(offers[499], offers).candidates("f")
    assert len(candidates) < 30
    assert all(len(candidate.value) <= 500 for candidate in candidates)
    assert candidates[-1].chosen
