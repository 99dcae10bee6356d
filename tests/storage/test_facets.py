"""What a search filters by, as words of the index."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.facets import FIRST_DAY, LAST_DAY, MARK, around, days, facets, in_language, rounded, source
from storage.words import index_text

DAY = dt.date(2026, 3, 2)
NUMBERS = st.integers(FIRST_DAY, LAST_DAY)


def test_source_language_and_day() -> None:
    found = [facet.removeprefix(MARK) for facet in facets("courier", "pt-BR", DAY)]
    assert found == ["scourier", "db", "db4", "db49", "db495", "db495d", "lpt", f"lpt{MARK}br"]
    assert facets("courier", None, DAY) == facets("courier", "pt-BR", DAY)[:-2]


@given(first=NUMBERS, last=NUMBERS, day=NUMBERS)
def test_a_span_of_days_has_what_its_days_have_and_no_other_day(first: int, last: int, day: int) -> None:
    own = set(facets("s", None, dt.date.fromordinal(max(1, day))))
    covered = days(first, last)
    assert bool(own & set(covered)) == (first <= max(1, day) <= last)
    assert len(covered) <= 2 * 15 * 5


def test_years_are_a_few_words() -> None:
    assert len(days(DAY.toordinal(), DAY.toordinal() + 3_650)) < 50
    assert days(FIRST_DAY, LAST_DAY) == [f"{MARK}d{n:x}" for n in range(16)]
    assert days(5, 4) == []


def test_the_last_days_of_the_calendar_are_one() -> None:
    assert facets("s", None, dt.date.max) == facets("s", None, dt.date(5000, 1, 1))


@pytest.mark.parametrize("value", ["a b", "a'b", 'a"b', "a\\b", "a\0b", "a\ud800b", "a&b", "x" * 999, "Ä:*"])
def test_whatever_a_page_says_is_one_term(value: str) -> None:
    for facet in (source(value), in_language(value)):
        assert len(facet.split()) == 1
        assert len(facet) < 110
        assert not set(facet) & set("'\"\\&|!:*()\0")


@given(st.text())
def test_no_text_has_a_facet(text: str) -> None:
    assert MARK not in index_text(text + facets(text, text, DAY)[0])


@given(first=NUMBERS, last=NUMBERS, day=NUMBERS)
def test_a_span_and_a_few_days_around_it(first: int, last: int, day: int) -> None:
    own = set(facets("s", None, dt.date.fromordinal(max(1, day))))
    found = bool(own & set(around(first, last)))
    if first <= max(1, day) <= last:
        assert found
    if not first - 16 < max(1, day) < last + 16:
        assert not found


@given(last=st.integers(FIRST_DAY, LAST_DAY), length=st.integers(1, 3_000))
def test_a_window_that_begins_on_a_round_day_has_few_facets(last: int, length: int) -> None:
    first = max(FIRST_DAY, last - length + 1)
    begun = rounded(first, last)
    assert begun <= first
    assert first - begun < max(1, length / 2)
    assert length < 32 or begun % 16 == 0
    assert len(around(begun, last)) <= 32
