"""Articles of one scheme: other stories in the same sentences, as newsrooms fill them in day by day.

Most of the words of two such articles are the same; they are no copies of each other. `schemes.toml` has
the texts.
"""

from __future__ import annotations

import random
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
WORDS: dict[str, list[str]] = {name: words.split(", ") for name, words in DATA["words"].items()}
SCHEMES: dict[str, str] = {name: text.strip() for name, text in DATA["schemes"].items()}


def articles(number: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(scheme, text) of `number` articles of each scheme."""
    for scheme, text in SCHEMES.items():
        rng = random.Random(f"{seed} {scheme}")
        for _ in range(number):
            yield scheme, fill(text, rng)


def fill(text: str, rng: random.Random) -> str:
    """`text` with each place filled in."""
    return "".join(
        literal + (_value(field, rng) if field else "")
        for literal, field, _, _ in string.Formatter().parse(text)
    )


def _value(field: str, rng: random.Random) -> str:
    if field.strip("n"):
        return rng.choice(WORDS[field])
    return str(rng.randrange(10 ** (len(field) - 1), 10 ** len(field)))
