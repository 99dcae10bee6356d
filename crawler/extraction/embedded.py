"""Stories that a page carries but does not show: in its linked data, or in a script that would draw them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from io import StringIO
from itertools import islice

from crawler.extraction.blocks import MAX_PIECES
from crawler.extraction.clues import Clues
from crawler.extraction.document import Document, parse
from crawler.extraction.text import clean
from storage.records import Block, BlockKind

# A story in a script has at least so many paragraphs and characters.
MIN_PARAGRAPHS, MIN_LENGTH = 2, 300
# A script may hold a page's data as a JSON text in a JSON text in a script.
MAX_LAYERS = 3
MAX_SCRIPT = 4_000_000
MAX_STORIES = 20

# Where a string begins or ends. All that stands between two of them is tried, since a stray quote
# would turn strings and what is between them around.
_QUOTE = re.compile(r'(?<!\\)"')
_HTML = re.compile(r"(?:<|\\u003c)p", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p[ >]", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|li)\b", re.IGNORECASE)


def described(clues: Clues) -> Iterator[str]:
    """The story's text as the linked data has it, plain or in HTML."""
    for node in clues.linked.stories:
        for value in node.properties.get("articlebody", ()):
            if isinstance(value, str):
                yield unescape(value)


def scripted(clues: Clues) -> Iterator[str]:
    """Pieces of HTML with several paragraphs that are strings in the page's scripts, the longest first."""
    found: list[str] = []
    for script in clues.document.tagged("script"):
        text = script.text or ""
        if len(text) > MIN_LENGTH and _HTML.search(text):
            found.extend(_stories(text[:MAX_SCRIPT], MAX_LAYERS))
    yield from sorted(found, key=len, reverse=True)[:MAX_STORIES]


def _stories(text: str, layers: int) -> Iterator[str]:
    for string in _QUOTE.split(text):
        if len(string) < MIN_LENGTH or not _HTML.search(string):
            continue
        try:
            value = json.loads(f'"{string}"', strict=False)
        except ValueError:
            continue
        if '":"' in value and layers > 1:
            yield from _stories(value, layers - 1)
        elif len(_PARAGRAPH.findall(value)) >= MIN_PARAGRAPHS:
            yield value


def as_document(story: str, url: str) -> Document | None:
    """A story in HTML as a page of its own; None where it is plain text."""
    return parse(story.encode("utf-8", "replace"), url) if _MARKUP.search(story) else None


def as_paragraphs(story: str) -> tuple[Block, ...]:
    """A story in plain text, a paragraph a line."""
    lines = (clean(line) for line in islice(StringIO(story, newline=None), MAX_PIECES))
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines if line)
