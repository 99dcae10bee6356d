"""Text cut into overlapping runs of words, and the few of them that a text is looked up by. Pure.

A run of eight words in a row is hardly ever written twice, so two texts that have
one in common are worth a comparison. Of all its runs a text keeps those with
the smallest hashes (a bottom-k sketch, the one-hash form of MinHash): which
runs these are depends on nothing but the runs, so two texts that share half of
their runs keep, on average, half of the same. A text that is cut keeps every
one that is left in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from storage.words import IS_UNSPACED, UNSPACED, WORD, fold, is_unspaced, spaced_words

Hashes: TypeAlias = NDArray[np.uint64]

WIDTH = 8  # words in a shingle
UNSPACED_WIDTH = 16  # characters, in scripts that put no spaces between words
SKETCH = 12  # shingles that a text is looked up by
TELLING = 3  # a text of fewer than so many widths is looked up by nothing: it may be a formula
VALUE_BYTES = 6  # a sketch's values have 48 bits: no two of 100 million shingles meet by chance

UNIT = re.compile(rf"[{UNSPACED}]|{WORD}")
BASE = np.uint64(0x9E3779B97F4A7C15)


class Text(NamedTuple):
    """A text as it is compared."""

    written: Sequence[str]
    # Its units as they stand there: words, and in scripts without spaces characters.
    units: Sequence[str]
    # The same, folded.
    width: int
    # Units in a shingle.
    shingles: Hashes
    # One for each place where a shingle begins.


def read(text: str) -> Text:
    """`text` cut into units and shingles."""
    written = spaced_words(text)
    if written is None:
        written = UNIT.findall(text)
    units = fold("\n".join(written)).split("\n") if written else []
    width = _width(units)
    return Text(written, units, width, _hashes(units, width))


def sketch(words: Sequence[str]) -> tuple[int, ...]:
    """The values that a text of these folded words is looked up by; none where it is too short to tell."""
    units = words
    if _unspaced("".join(words)):
        units = [unit for word in words for unit in (word if is_unspaced(word) else (word,))]
    width = _width(units)
    if len(units) < TELLING * width:
        return ()
    smallest = np.sort(_hashes(units, width))[: 4 * SKETCH].tolist()  # a run may be written several times
    return tuple(dict.fromkeys(smallest))[:SKETCH]


def _width(units: Sequence[str]) -> int:
    return UNSPACED_WIDTH if 2 * _unspaced("".join(units)) > len(units) else WIDTH


def _unspaced(text: str) -> int:
    """How many characters are of scripts that put no spaces between words."""
    return 0 if text.isascii() else len(IS_UNSPACED.findall(text))


def _hashes(units: Sequence[str], width: int) -> Hashes:
    """A 48-bit hash of each run of `width` units."""
    count = len(units) - width + 1
    if count < 1:
        return np.empty(0, np.uint64)
    encoded = "\n".join(units).encode(errors="surrogatepass").split(b"\n")
    words = np.fromiter(map(crc32, encoded), np.uint64, len(units))
    hashes = np.zeros(count, np.uint64)
    for place in range(width):
        hashes = hashes * BASE + words[place : place + count]
    return _mixed(hashes) >> np.uint64(64 - 8 * VALUE_BYTES)


def _mixed(hashes: Hashes) -> Hashes:
    """Each bit of the input spread over all of the output (the finaliser of splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
