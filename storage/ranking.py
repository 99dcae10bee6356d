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
USUAL_LENGTH = 2_500  # characters of its terms


def scores(
    wanted: Iterable[Phrase], texts: Sequence[Mapping[str, str]], weights: Mapping[str, float]
) -> list[float]:
    """The score of each text, given as the index has it, by column; the larger, the better."""
    patterns = [_pattern(phrase) for phrase in dict.fromkeys(wanted)]
    counted = [_weighed(text, patterns, weights) for text in texts]
    rarity = [_rarity(len(texts), sum(1 for row in counted if row[n])) for n in range(len(patterns))]
    return [sum(one * rare for one, rare in zip(row, rarity, strict=True)) for row in counted]


def _pattern(phrase: Phrase) -> tuple[str, bool]:
    """What is looked for in a column, and whether it may be the beginning of a longer word."""
    terms, is_beginning = phrase_terms(phrase)
    return f" {' '.join(terms)}" + ("" if is_beginning else " "), is_beginning


def _weighed(
    text: Mapping[str, str], patterns: Sequence[tuple[str, bool]], weights: Mapping[str, float]
) -> list[float]:
    """What each phrase is worth in a text, 0 to 1."""
    columns = [(f" {text[name]} ", weight) for name, weight in weights.items() if text[name]]
    length = sum(len(column) for column, _ in columns)
    room = SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / USUAL_LENGTH)
    often = (sum(_count(column, *one) * weight for column, weight in columns) for one in patterns)
    return [number / (number + room) for number in often]


def _count(column: str, pattern: str, is_beginning: bool) -> int:
    """How often a pattern stands in a column."""
    if is_beginning:
        return column.count(pattern)
    # Twice in a row they share the space between them.
    found, place = 0, column.find(pattern)
    while place >= 0:
        found, place = found + 1, column.find(pattern, place + len(pattern) - 1)
    return found


def _rarity(texts: int, having: int) -> float:
    return math.log(1 + texts / having) if having else 0.0
