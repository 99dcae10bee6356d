"""How much two short texts share, in any script."""

from __future__ import annotations

from functools import lru_cache

from crawler.extraction.text import fold

_LENGTH = 3
_MAX_LENGTH = 2_000


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's letter triples that the other has too, 0 to 1."""
    left, right = _triples(one), _triples(other)
    shorter = min(len(left), len(right))
    return len(left & right) / shorter if shorter else 0.0


def sameness(one: str, other: str) -> float:
    """The share of all letter triples that both texts have, 0 to 1: 1 only for the same text."""
    if one == other:
        return 1.0
    left, right = _triples(one), _triples(other)
    common = len(left & right)
    every = len(left) + len(right) - common
    return common / every if every else 0.0


@lru_cache(maxsize=512)
def _triples(text: str) -> frozenset[str]:
    letters = fold(text[:_MAX_LENGTH])
    if len(letters) < _LENGTH:
        return frozenset({letters} - {""})
    return frozenset({letters[i : i + _LENGTH] for i in range(len(letters) - _LENGTH + 1)})
