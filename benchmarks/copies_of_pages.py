"""Copies of a real page that differ as articles do, so that no crawler takes two of them for one.

Of each copy the seldom words change places among themselves: its texts, their hashes and their runs of
words are its own, while its language, markup, length and structure stay as they were. The same exchange on
the page's right answer keeps that right.
"""

from __future__ import annotations

import html
import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

# Ideographs one by one; of other scripts the words of four letters or more.
WORD = r"[\u4e00-\u9fff]|[^\W\d_\u3040-\u30ff\u4e00-\u9fff]{4,}"
TAG = r"<[^>]*>"
_WORD = re.compile(WORD)
_TAG = re.compile(TAG)
_TAG_OR_WORD = re.compile(f"{TAG}|(?P<word>{WORD})")
_NO_PROSE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
_KEY = re.compile(r'"(\w+)"')
_CANONICAL = re.compile(r"<link\b[^>]*\brel=[\"']?canonical\b[^>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"']?([^\"'\s>]+)", re.IGNORECASE)
SELDOM = 3  # a word that comes more often carries the language


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy writes for each word that has changed its place."""

    exchange: Mapping[str, str]

    def page(self, text: str, addresses: Mapping[str, str]) -> str:
        """The copy of the page `text`; `addresses` are those to be written otherwise."""
        changed = _TAG_OR_WORD.sub(self._piece, letters_spelt_out(text))
        for old, new in addresses.items():
            changed = changed.replace(old, new).replace(old.replace("/", r"\/"), new.replace("/", r"\/"))
        return changed

    def answer(self, truth: Record) -> Record:
        """The right answer for the copy: what `scoring.body_figures` reads of it."""
        return {
            "summary": [self.text(part) for part in truth["summary"]],
            "sections": [
                {kind: [self.text(part) for part in section[kind]] for kind in ("headline", "paragraphs")}
                for section in truth["sections"]
            ],
        }

    def text(self, text: str) -> str:
        """`text` as the copy has it."""
        return _WORD.sub(lambda found: self.exchange.get(found[0], found[0]), text)

    def _piece(self, found: re.Match[str]) -> str:
        return self.exchange.get(found[0], found[0]) if found["word"] else found[0]


def copy_of(text: str, number: int) -> Copy:
    """The copy `number` of the page `text`; number 0 is the page itself."""
    if number == 0:
        return Copy({})
    groups: dict[str, list[str]] = {}
    for word in sorted(movable(letters_spelt_out(text))):
        kind = "ideograph" if len(word) == 1 else "name" if word[0].isupper() else "word"
        groups.setdefault(kind, []).append(word)
    exchange: dict[str, str] = {}
    for words in groups.values():
        shuffled = random.Random(number).sample(words, len(words))
        exchange.update(zip(words, shuffled, strict=True))
    return Copy(exchange)


def movable(text: str) -> set[str]:
    """The seldom words of a page's prose that mean nothing to a machine."""
    prose = _TAG.sub(" ", _NO_PROSE.sub(" ", text))
    counted = Counter(_WORD.findall(prose))
    for_machines = {word for tag in _TAG.findall(text) for word in _WORD.findall(tag)}
    keys = set(_KEY.findall(text))
    return {word for word, times in counted.items() if times <= SELDOM} - for_machines - keys


def letters_spelt_out(text: str) -> str:
    """`text` with "é" for "&eacute;": a word is a word however it is written."""

    def letter(found: re.Match[str]) -> str:
        meant = html.unescape(found[0])
        return meant if meant.isalpha() else found[0]

    return _ENTITY.sub(letter, text)


def own_address(text: str) -> str | None:
    """The address that a page calls its own."""
    link = _CANONICAL.search(text)
    href = _HREF.search(link[0]) if link else None
    return html.unescape(href[1]) if href else None
