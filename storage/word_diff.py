"""Which words one text has and another lacks. Pure, and quick for texts of any length.

The longest common sequence of words is rapidfuzz's. Where two stretches are too
long for that, they are first cut into chunks that end where the words say so,
and not after a number of words: an insertion then moves no later chunk's ends.
The chunks are compared, and then the words of those that differ.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, takewhile

from rapidfuzz.distance import LCSseq

from storage.words import COUNTED, count_words

# A word, one character of a script without spaces, or one sign; with the white space after it.
TOKEN = re.compile(rf"(?:{COUNTED.pattern}|\S)\s*")
CELLS = 25_000_000  # of the table that one comparison fills, a bit each: 5,000 words by 5,000 take 12 ms
CHUNK, CHUNKS = 64, 8_000  # words in a chunk on average, at least; about how many chunks there are at most
# So few common words between two larger changes are chance ("of the"), and not what was kept.
CHANCE = 3


class PieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, each with the white space after it."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a text changed, in words; in scripts without spaces, in characters."""

    removed: int
    added: int
    share: float
    # The larger of both, of the words of the longer text: 0 to 1.


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one: what stayed, what was removed, and after it what was added in its place."""
    return tuple(
        Piece(kind, text)
        for hunk in _settled(_hunks(before, after))
        for kind, text in zip(ORDER, map("".join, hunk), strict=True)
        if text
    )


def extent(found: Iterable[Piece]) -> Extent:
    """How much the pieces say has changed."""
    words = dict.fromkeys(PieceKind, 0)
    for piece in found:
        words[piece.kind] += count_words(piece.text)
    removed, added = words[PieceKind.REMOVED], words[PieceKind.ADDED]
    longer = words[PieceKind.SAME] + max(removed, added)
    return Extent(removed, added, max(removed, added) / longer if longer else 0.0)


# A change and what follows it unchanged: words removed, words added, words that stayed.
Hunk = tuple[list[str], list[str], list[str]]
ORDER = (PieceKind.REMOVED, PieceKind.ADDED, PieceKind.SAME)


@dataclass(frozen=True, slots=True)
class _Match:
    """A stretch that both texts have: where it begins in each, and how long it is."""

    old: int
    new: int
    length: int


def _hunks(before: str, after: str) -> Iterator[Hunk]:
    """The texts, cut where they part and where they meet. White space is kept, and not compared."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    matches = _matches([word.rstrip() for word in old], [word.rstrip() for word in new])
    ends = _Match(0, 0, 0), _Match(len(old), len(new), 0)
    for last, match in pairwise([ends[0], *matches, ends[1]]):
        removed = old[last.old + last.length : match.old]
        added = new[last.new + last.length : match.new]
        yield removed, added, new[match.new : match.new + match.length]


def _settled(hunks: Iterable[Hunk]) -> Iterator[Hunk]:
    """The hunks without chance matches, and those that nothing parts as one."""
    held: Hunk = [], [], []
    for removed, added, same in hunks:
        between = held[2]
        smaller = min(_size(held), _size((removed, added)))
        if not between or len(between) < min(CHANCE, smaller):
            held = held[0] + between + removed, held[1] + between + added, same
        elif not removed and not added:
            held = held[0], held[1], between + same
        else:
            yield held
            held = removed, added, same
    yield held


def _size(change: Sequence[list[str]]) -> int:
    return max(len(change[0]), len(change[1]))


def _matches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Match]:
    """What both have, in order."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    yield _Match(0, 0, start)
    stop = len(old) - end, len(new) - end
    for match in _inner_matches(old[start : stop[0]], new[start : stop[1]]):
        yield _Match(start + match.old, start + match.new, match.length)
    yield _Match(*stop, end)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _inner_matches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Match]:
    if len(old) * len(new) <= CELLS:
        yield from _longest_common(old, new)
        return
    size = max(CHUNK, max(len(old), len(new)) // CHUNKS)
    old_ends, new_ends = _chunk_ends(old, size), _chunk_ends(new, size)
    same_chunks = _longest_common(_chunks(old, old_ends), _chunks(new, new_ends))
    a = b = 0
    for match in (*same_chunks, _Match(len(old_ends) - 1, len(new_ends) - 1, 0)):
        x, y = old_ends[match.old], new_ends[match.new]
        if (x - a) * (y - b) <= CELLS:
            for inner in _matches(old[a:x], new[b:y]):
                yield _Match(a + inner.old, b + inner.new, inner.length)
        a, b = old_ends[match.old + match.length], new_ends[match.new + match.length]
        yield _Match(x, y, a - x)


def _longest_common(old: Sequence[str], new: Sequence[str]) -> list[_Match]:
    blocks = LCSseq.opcodes(old, new)
    return [_Match(c.src_start, c.dest_start, c.src_end - c.src_start) for c in blocks if c.tag == "equal"]


def _chunks(words: Sequence[str], ends: Sequence[int]) -> list[str]:
    return [" ".join(words[a:b]) for a, b in pairwise(ends)]


def _chunk_ends(words: Sequence[str], size: int) -> list[int]:
    """0 and the end of each chunk: after each word whose checksum says so, and after the last."""
    ends = [n for n, word in enumerate(words, 1) if zlib.crc32(word.encode()) % size == 0]
    return [0, *ends, *([len(words)] if not ends or ends[-1] != len(words) else [])]
