"""How well a text answers a query."""

from __future__ import annotations

import pytest

from storage.ranking import scores
from storage.search_index import COLUMNS
from storage.search_query import parse, phrases
from storage.words import index_text

FILL = "of the old harbour and its many boats " * 20


def ranked(query: str, *texts: dict[str, str] | str) -> list[int]:
    """The places of the texts, the best first."""
    found = scored(query, *texts)
    return sorted(range(len(texts)), key=lambda n: -found[n])


def scored(query: str, *texts: dict[str, str] | str) -> list[float]:
    told = [{"body": text} if isinstance(text, str) else text for text in texts]
    indexed = [{name: index_text(text.get(name, "")) for name in COLUMNS} for text in told]
    return scores(phrases(parse(query)), indexed, COLUMNS)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("pier", [{"headline": "The pier"}, {"bylines": "Ann Pier"}, {"captions": "A pier"}, "a pier"]),
        ("pier", ["pier pier pier", "pier pier", "pier"]),
        ("pier", ["a pier", f"a pier {FILL}"]),
        ("pier*", ["pier piers", "pier"]),
        ('"old pier"', ["an old pier, an old pier", "an old pier and a pier"]),
        ("予算", ["予算と補正予算", "予算案です"]),
        ("pier OR mole", ["mole", "pier", "pier"]),  # a word that few have says more
        ("pier NOT mole", ["pier pier", "pier"]),
    ],
)
def test_the_order(query: str, texts: list[dict[str, str] | str]) -> None:
    assert ranked(query, *texts) == list(range(len(texts)))
    assert ranked(query, *reversed(texts))[0] == len(texts) - 1


def test_a_word_that_is_said_twice_in_a_row_is_there_twice() -> None:
    assert scored("so", "so so it goes") == scored("so", "so it so goes")


def test_scores_are_positive_and_bounded() -> None:
    assert all(0 < score < 2 for score in scored("a", "a", "a " * 500, {"headline": "a " * 50}))
    assert scored("a") == []
    assert scored("b", "a") == [0.0]
