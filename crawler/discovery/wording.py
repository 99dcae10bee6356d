"""How much a text says, in any script."""

from __future__ import annotations

import re

# Scripts from here on (kana, Han, Hangul …) mostly put no spaces between words,
FIRST_UNSPACED = "\u2e80"
# which have about so many characters there.
WORD_CHARACTERS = 2

_RUNS = re.compile(r"[^\W_]+")


def words(text: str) -> int:
    """How many words `text` has."""
    return sum(map(length, _RUNS.findall(text)))


def length(run: str) -> int:
    """How many words a run of letters is: one, but for scripts without spaces."""
    return 1 if run[0] < FIRST_UNSPACED else max(1, len(run) // WORD_CHARACTERS)
