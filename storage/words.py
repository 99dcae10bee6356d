"""Text cut into the words that search compares: the same for what is stored and what is asked. Pure.

Words are folded (case, accents, width). Scripts that put no spaces between
words are cut into overlapping pairs of characters, so that any run of them can
be found as a phrase; the last character also stands alone, so that a single
character is found as the beginning of a pair wherever it stands:
"予算案" -> "予算 算案 案".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Han, kana, bopomofo, Hangul, Thai, Lao, Khmer, Myanmar: no spaces, or (Hangul) particles glued to words.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u1049\u1050-\u109f\u1100-\u11ff\u1780-\u17d3\u17dc-\u17ff\u3005-\u3007"
    "\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# The vowel signs of Devanagari, Tamil, Tibetan … belong to the word, though Unicode calls them marks.
MARKS = "".join(
    c for c in map(chr, (*range(0x300, 0x1E00), *range(0xA660, 0xAC00))) if unicodedata.category(c)[0] == "M"
)
# Letters and digits; those that most words are made of come first, since the others take long to tell.
WORD = rf"(?:[0-9A-Za-z]++|[^\W_{UNSPACED}]++|[{MARKS}]++)+"
TOKEN = re.compile(rf"[{UNSPACED}]+|{WORD}")
# "l'État", "don't" and "vice-president" are one word to who counts, and two to who searches.
COUNTED = re.compile(rf"[{UNSPACED}]|{WORD}(?:['’\-]{WORD})*")
IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
# Marks that many write and many leave out: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic
# (with the hamza on its carrier and the stroke that only stretches a word).
ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
INVISIBLE = "\u00ad\u2060\u200b\u200d\ufeff"  # where a line may break, or a letter joins
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}
REMEMBERED = 4  # texts: an article's body is cut up for its fingerprint, and soon again for the search index

# Most texts take no other characters than an old table has, a byte for each. There words are told byte by
# byte, in a tenth of the time that the patterns take.
WESTERN = "cp1252"


def _by_byte(joints: str = "", letter: str = "") -> bytes:
    """Each byte as itself, or `letter`, where words have its character; `-` for `joints`; else a space."""
    characters = bytes(range(256)).decode(WESTERN, "replace")
    kinds = ((letter or c) if re.fullmatch(WORD, c) else "-" if c in joints else " " for c in characters)
    return "".join(kinds).encode(WESTERN)


PARTED = _by_byte()
JOINED = _by_byte(joints="'’-", letter="a")


def fold(text: str) -> str:
    """`text` without case, accents and width: what a reader would call the same word."""
    if text.isascii():
        return text.lower()
    try:
        encoded = text.encode(WESTERN)
    except UnicodeEncodeError:
        return _folded(text)
    if any(byte in encoded for byte in LEAVING):
        return _folded(text)
    for byte, several in UNFOLDING.items():
        encoded = encoded.replace(byte, several)
    return encoded.translate(FOLDED).decode(WESTERN)


def _folded(text: str) -> str:
    for character in INVISIBLE:  # each by `str.replace`: a small part of what patterns and str.translate take
        text = text.replace(character, "")
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKC", ACCENTS.sub("", text))
    for letter, plain in LETTERS.items():
        text = text.replace(letter, plain)
    return text


def _folds_by_byte() -> tuple[bytes, dict[bytes, bytes], list[bytes]]:
    """What becomes of each byte; of those that become none or several; and those that leave the old table.

    No character there changes what becomes of its neighbours.
    """
    folded, unfolding, leaving = bytearray(range(256)), {}, []
    for place in range(256):
        byte = bytes([place])
        try:
            after = _folded(byte.decode(WESTERN)).encode(WESTERN)
        except UnicodeError:
            leaving.append(byte)
            continue
        if len(after) == 1:
            folded[place] = after[0]
        else:
            unfolding[byte] = after
    return bytes(folded), unfolding, leaving


FOLDED, UNFOLDING, LEAVING = _folds_by_byte()


@lru_cache(maxsize=REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The folded words of `text`; a run of unspaced script is one word here."""
    folded = fold(text)
    return tuple(spaced_words(folded) or TOKEN.findall(folded))


def spaced_words(text: str) -> list[str] | None:
    """The words of `text` as they stand there; None where it has characters of more than one table."""
    try:
        return text.encode(WESTERN).translate(PARTED).decode(WESTERN).split()
    except UnicodeEncodeError:
        return None


def index_text(text: str) -> str:
    """`text` as the search index takes it: folded words and pairs of characters, parted by spaces."""
    found = words(text)
    whole = " ".join(found)
    if whole.isascii() or not IS_UNSPACED.search(whole):
        return whole
    return " ".join(term for word in found for term in index_terms(word))


def index_terms(word: str) -> list[str]:
    """The index terms of one word: itself, or the pairs of an unspaced run and its last character."""
    if not is_unspaced(word):
        return [word]
    return [word[i : i + 2] for i in range(len(word))]


def is_unspaced(word: str) -> bool:
    """Whether `word` is of a script that puts no spaces between words."""
    return bool(IS_UNSPACED.match(word))


def count_words(text: str) -> int:
    """The number of words; in unspaced script, of characters."""
    try:
        kinds = text.encode(WESTERN).translate(JOINED)
    except UnicodeEncodeError:
        return len(COUNTED.findall(text))
    for _ in range(2):  # "a-a-a": the letter in the middle is in one pair at a time
        kinds = kinds.replace(b"a-a", b"aa")
    return (b" " + kinds.replace(b"-", b" ")).count(b" a")
