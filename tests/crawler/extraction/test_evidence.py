"""What a page offered, kept for people."""

from __future__ import annotations

from lxml import html

from crawler.extraction.evidence import IN_ORDER, OWN_SELECTOR, Found, Offer, first
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
        Candidate(field="f", value="a", origin="x", chosen=True, rule=IN_ORDER),
        Candidate(field="f", value="a", origin="y"),
    )


def test_evidence_is_short_and_has_what_was_chosen() -> None:
    offers = tuple(Offer(f"{i} " + "x" * 10_000, "o") for i in range(500))
    candidates = Found(offers[499], offers).candidates("f")
    assert len(candidates) < 30
    assert all(len(candidate.value) <= 500 for candidate in candidates)
    assert candidates[-1].chosen


def test_evidence_says_where_and_why() -> None:
    tree = html.fromstring(
        '<main><article id="a"><div class="head big"><h1>Storm</h1></div></article></main>'
    )
    shown = Offer("Storm", "h1", (next(tree.iter("h1")),))
    [chosen, other] = Found(shown, (shown, Offer("Calm", "title")), "by votes").candidates("headline")
    assert (chosen.path, chosen.rule) == ("main > article#a > div.head > h1", "by votes")
    assert (other.path, other.rule) == (None, None)


def test_a_selector_of_the_sources_own_decides() -> None:
    own, general = Offer("a", "override:b"), Offer("b", "h1")
    assert first([own]).before(first([general])).candidates("f")[0].rule == OWN_SELECTOR
    assert first([]).before(first([general], "why")).candidates("f")[0].rule == "why"
