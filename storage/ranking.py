"""How well a text answers a query: a number that is the same whatever engine found the text. Pure.

BM25F: how often a word stands there counts less and less (a text that says it twenty times is not twenty
times as good), less in a long text, more in a headline, and more where few of the others have it. The two
engines' own rankings differ, and both read every match of a common word first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from storage.search_query import Phrase, phrase_terms

SATURATION = 1.2  # the larger, the more a word's fifth time says
BY_LENGTH = 0.6  # 0: a long text may say a word as often as it likes; 1: twice as long, twice as often
USUAL_LENGTH = 400  # terms
PARTED = "  "  # two between words, so that each has a space of its own before it and behind it


def scores(
    wanted: Iterable[Phrase], texts: Sequence[Mapping[str, str]], weights: Mapping[str, float]
) -> list[float]:
    """The score of each text, given as the index has it, by column; the larger, the better."""
    patterns = [_pattern(phrase) for phrase in dict.fromkeys(wanted)]
    counted = [_weighed(text, patterns, weights) for text in texts]
    rarity = [_rarity(len(texts), sum(1 for row in counted if row[n])) for n in range(len(patterns))]
    return [sum(one * rare for one, rare in zip(row, rarity, strict=True)) for row in counted]


def _pattern(phrase: Phrase) -> str:
    terms, is_beginning = phrase_terms(phrase)
    return f" {PARTED.join(terms)}" + ("" if is_beginning else " ")


def _weighed(text: Mapping[str, str], patterns: Sequence[str], weights: Mapping[str, float]) -> list[float]:
    """What each phrase is worth in a text, 0 to 1."""
    columns = [(f" {text[name].replace(' ', PARTED)} ", weight) for name, weight in weights.items()]
    length = sum(column.count(PARTED) for column, _ in columns)
    room = SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / USUAL_LENGTH)
    often = (sum(column.count(pattern) * weight for column, weight in columns) for pattern in patterns)
    return [number / (number + room) for number in often]


def _rarity(texts: int, having: int) -> float:
    return math.log(1 + texts / having) if having else 0.0
