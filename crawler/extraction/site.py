"""The publication that the page belongs to, and the section that it stands in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extraction.text import fold
from storage import urls

if TYPE_CHECKING:
    from crawler.extraction.clues import Clues

_SEPARATOR = re.compile(r"\s+[|–—·•»›:\-]+\s+|\s*[|｜]\s*|：|\s-\s")

_HOST_NAME = re.compile(r"(?:[\w-]{1,30}\.){1,3}[a-z]{2,10}$", re.IGNORECASE)
# Shorter names are found inside too many words.
_LONG_NAME = 5
# Longer folders in an address hold a headline, not a section.
_LONG_SECTION = 16


def site_name(clues: Clues) -> str | None:
    """The outlet's name as the page writes it."""
    publishers = (text for node in clues.linked.stories for text in node.texts("publisher"))
    said = clues.meta.text("og:site_name") or next(publishers, None) or clues.meta.text("application-name")
    return said or clues.hints.site_name


def article_section(clues: Clues) -> str | None:
    """The section that the page puts the story in."""
    said = [
        *clues.linked.said("articleSection", pages=False),
        *clues.meta.said("article:section", "section", "cxenseparse:section", "parsely-section"),
    ]
    return next((offer.value for offer in said if not offer.value.startswith("http")), None)


def outlet_names(clues: Clues) -> frozenset[str]:
    """The folded names of the publication, as a byline may have them: "thelocal", "thelocalde"."""
    names = [clues.hints.site_name, *(o.value for o in clues.meta.said("og:site_name", "application-name"))]
    names += [text for node in clues.linked.stories for text in node.texts("publisher")]
    names += [
        text
        for node in clues.linked.of_type("website", "newsmediaorganization")
        for text in node.texts("name")
    ]
    host = (urlsplit(clues.document.url).hostname or "").removeprefix("www.")
    domain = urls.site(clues.document.url)
    names += [host, domain, domain.partition(".")[0]]
    return frozenset(fold(name) for name in names if name) - {""}


def site_words(clues: Clues) -> frozenset[str]:
    """What may follow a title as the site's name: the publication's names, and the sections in the address."""
    folders = urlsplit(clues.document.url).path.split("/")[1:-1]
    sections = {fold(folder) for folder in folders if len(folder) <= _LONG_SECTION} - {""}
    return clues.outlet | sections


def without_site(title: str, names: frozenset[str]) -> str:
    """`title` without the site's name at its end (or beginning): "Storm hits coast | The Herald"."""
    pieces = _SEPARATOR.split(title)
    if len(pieces) < 2:
        return title
    if _is_name(pieces[-1], names):
        return without_site(title[: title.rindex(pieces[-1])].rstrip(" |–—·•»›:-｜："), names)
    if _is_name(pieces[0], names):
        return title[len(pieces[0]) :].lstrip(" |–—·•»›:-｜：")
    return title


def _is_name(piece: str, names: frozenset[str]) -> bool:
    folded = fold(piece)
    if _HOST_NAME.match(piece.strip()) or folded in names:
        return True
    return any(len(n) >= _LONG_NAME and n in folded and len(folded) < 3 * len(n) for n in names)
