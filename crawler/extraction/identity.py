"""Which code read a page: a name that changes by itself when what extraction does may have changed.

It stands with each version, so that one can tell which were read by older code
and are worth reading again.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from crawler.extraction import overrides
from crawler.extraction.hints import Hints
from crawler.settings import VERSION

# Packages and modules of ours that decide what is found on a page, their data included.
CODE = (
    ("crawler.extraction", ""),
    ("crawler", "items.py"),
    ("crawler", "language_tags.py"),
    ("storage", "agencies.py"),
    ("storage", "records.py"),
    ("storage", "urls.py"),
    ("storage", "words.py"),
)
LIBRARIES = (
    "babel",
    "charset-normalizer",
    "idna",
    "justext",
    "lxml",
    "lxml_html_clean",
    "py3langid",
    "tldextract",
    "trafilatura",
)
PASSED_OVER = ("__pycache__", "py.typed")
DIGITS = 12


def extractor_id(own: str = "") -> str:
    """The version of newsarchive and a digest of the code that reads: at most 40 characters.

    `own` is a digest of what a source's own settings add, in hex; "" where they add nothing.
    """
    digest = f"-{own[:8]}" if own else ""
    return f"{VERSION[:18]}-{_code_digest()}{digest}"


def extractor_for(hints: Hints) -> str:
    """What reads a page of which `hints` are known: the code, and the override that holds on its day."""
    return extractor_id(overrides.digest(overrides.applying(hints.overrides, hints.fetched_at)))


@cache
def _code_digest() -> str:
    digest = hashlib.sha256()
    for package, name in CODE:
        place = files(package)
        _add(digest, place / name if name else place)
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:DIGITS]


def _add(digest: hashlib._Hash, place: Traversable) -> None:
    """Take a file in, or all files of a folder, by name."""
    if place.is_dir():
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
            if entry.name not in PASSED_OVER:
                _add(digest, entry)
        return
    content = place.read_bytes()
    digest.update(f"{place.name} {len(content)}\n".encode())
    digest.update(content)
