"""What a page's share buttons send along: the title under which its publisher wants the story passed on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import parse_qsl, unquote

from crawler.extraction import address
from crawler.extraction.clues import Clues
from crawler.extraction.text import clean

# The parameters that carry words to networks, messengers and mail programs, the plainest first.
_PARAMETERS = ("title", "subject", "text", "t")
_CARRIES_WORDS = re.compile(rf"[?&](?:{'|'.join(_PARAMETERS)})=", re.IGNORECASE)
# Messengers have one parameter for title and address; short messages name the sender.
_NOT_TITLE = re.compile(r"\W*\bhttps?://.*|\s/?via @\w+$", re.DOTALL)
_MAX_LENGTH = 4_000
_MOST_LINKS = 5_000


def shared_title(clues: Clues) -> str | None:
    """The title that most of the links carry which also carry the page's own address."""
    titles = Counter(islice(_titles(clues), _MOST_LINKS))
    return min(titles, key=lambda title: (-titles[title], len(title)), default=None)


def _titles(clues: Clues) -> Iterator[str]:
    own = unquote(address.path(clues.document.url)).rstrip("/")
    for link in clues.document.tagged("a") if own else ():
        href = link.get("href") or ""
        if "?" not in href or len(href) > _MAX_LENGTH or not _CARRIES_WORDS.search(href):
            continue
        sent = {name.lower(): value for name, value in parse_qsl(href.partition("?")[2])}
        if any(own in unquote(value) for value in sent.values()):
            texts = (clean(unescape(_NOT_TITLE.sub("", sent.get(name, "")))) for name in _PARAMETERS)
            yield from islice(filter(None, texts), 1)
