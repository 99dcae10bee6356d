"""The detector of languages, and the one place that knows which one it is."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

SAMPLE = 300  # characters of a text that it is shown


def detected(text: str) -> str:
    """The language that `text` is taken for, as ISO 639-1 has it."""
    language, _ = load().classify(text[:SAMPLE])
    return str(language)


@cache
def known_languages() -> frozenset[str]:
    """All that it can tell."""
    return frozenset(load().labels)


@cache
def load() -> Any:
    """The detector with its model. That is packed: it takes half a second, in which other threads can run."""
    # It multiplies a vector with a small matrix; BLAS would keep a second thread spinning for that.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import py3langid
    from py3langid import langid

    py3langid.classify("")
    return langid.IDENTIFIER
