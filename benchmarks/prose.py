"""News without end for benchmarks of growth: made-up words with the frequencies of real ones."""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Iterator

import numpy as np
import schemes

VOCABULARY = 60_000
PARAGRAPHS, SENTENCES, WORDS = 8, 3, 17  # of an article: some 400 words
COPIES, OF_SCHEMES = 0.2, 0.05
RECENT = 2_000  # stories that copies are made of
SYLLABLES = re.findall("...", "bardefgohukalemnopursetivowuzentarlinmorgalberstirandov")


class Prose(Iterator[str]):
    """Texts, a share of them copies of earlier ones with an edit, a share articles of one scheme."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.dice = np.random.default_rng(rng.randrange(2**32))
        self.words = np.array([self._word(rank) for rank in range(VOCABULARY)], dtype=object)
        chances = 1 / np.arange(10, VOCABULARY + 10)
        self.chances = np.cumsum(chances / chances.sum())
        self.schemes = list(schemes.SCHEMES.values())
        self.recent: deque[list[str]] = deque(maxlen=RECENT)

    def __next__(self) -> str:
        luck = self.rng.random()
        if luck < OF_SCHEMES:
            return schemes.fill(self.rng.choice(self.schemes), self.rng)
        if self.recent and luck < OF_SCHEMES + COPIES:
            return "\n\n".join(self._edited(self.rng.choice(self.recent)))
        paragraphs = [self._paragraph() for _ in range(PARAGRAPHS)]
        self.recent.append(paragraphs)
        return "\n\n".join(paragraphs)

    def _edited(self, story: list[str]) -> list[str]:
        """One of the edits that cost least to make."""
        match self.rng.randrange(3):
            case 0:
                return story[: len(story) // 2]
            case 1:
                return [*story, self._paragraph()]
            case _:
                place = self.rng.randrange(len(story))
                return [*story[:place], self._paragraph(), *story[place + 1 :]]

    def _paragraph(self) -> str:
        chosen = self.words[np.searchsorted(self.chances, self.dice.random(SENTENCES * WORDS))].tolist()
        sentences = (chosen[i : i + WORDS] for i in range(0, len(chosen), WORDS))
        return " ".join(f"{' '.join(sentence).capitalize()}." for sentence in sentences)

    def _word(self, rank: int) -> str:
        """A word; rarer ones are longer, some are names or numbers."""
        if rank > 100 and self.rng.random() < 0.03:
            return str(self.rng.randrange(2_000))
        word = "".join(self.rng.choice(SYLLABLES) for _ in range(1 + rank.bit_length() // 5))
        return word.title() if rank > 100 and self.rng.random() < 0.15 else word
