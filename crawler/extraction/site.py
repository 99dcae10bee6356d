"""The publication that the page belongs to, and the section that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.extraction import address
from crawler.extraction.clues import Clues
from crawler.extraction.marks import marks, naming
from crawler.extraction.text import fold, fold_accents, visible_text

# Between a title and the site's name: "Storm hits coast | The Herald".
_SEPARATOR = re.compile(r"\s+[|–—·•»›:-]+\s+|\s*[|｜]\s*|：")
_SEPARATORS = " |–—·•»›:-｜："
_HOST_NAME = re.compile(r"(?:[\w-]{1,30}\.){1,3}[a-z]{2,10}$", re.IGNORECASE)
# Shorter names are found inside too many words.
_LONG_NAME = 5
# Longer folders in an address hold a headline, not a section.
_LONG_SECTION = 16
_MOST_SUFFIXES = 4

_BREADCRUMBS = naming("breadcrumbs? bread_crumbs? migas rastro fil_ariane brodkrumer brotkrumen")
_LONGEST_SECTION = 40
_MOST_CRUMBS = 12


def site_name(clues: Clues) -> str | None:
    """The outlet's name as the page writes it."""
    publishers = (text for node in clues.linked.stories for text in node.texts("publisher"))
    sites = (text for node in clues.linked.of_type("website") for text in node.texts("name"))
    said = clues.meta.text("og:site_name") or next(publishers, None) or next(sites, None)
    return said or clues.meta.text("application-name") or clues.hints.site_name


def article_section(clues: Clues) -> str | None:
    """The section that the page puts the story in: as it says, else where its breadcrumbs lead."""
    said = [
        *clues.linked.said("articleSection", pages=False),
        *clues.meta.said(
            "article:section", "section", "cxenseparse:section", "parsely-section", "dc.subject"
        ),
    ]
    named = (offer.value for offer in said if _is_section(clues, offer.value))
    return next(named, None) or next((crumb for crumb in _crumbs(clues) if _is_section(clues, crumb)), None)


def _is_section(clues: Clues, text: str) -> bool:
    is_address = text.startswith(("http://", "https://", "/"))
    return 1 < len(text) <= _LONGEST_SECTION and not is_address and fold(text) not in clues.outlet


def _crumbs(clues: Clues) -> Iterator[str]:
    """The breadcrumbs from the innermost out, without the first (the home page) and the story itself."""
    for trail in clues.linked.of_type("breadcrumblist"):
        names = [item.text("name") or item.text("item") or "" for item in trail.nodes("itemListElement")]
        yield from reversed(names[1:-1] or names[1:])
    for element in clues.story.elements:
        if element.tag in ("nav", "ol", "ul", "div") and _BREADCRUMBS.search(marks(element)):
            links = [visible_text(link) for link in islice(element.iter("a"), _MOST_CRUMBS)]
            yield from reversed(links[1:])
            return


def site_words(clues: Clues) -> frozenset[str]:
    """What may follow a title: the publication's names, and the sections in the address."""
    folders = address.path(clues.document.url).split("/")[1:-1]
    sections = {fold(folder) for folder in folders if len(folder) <= _LONG_SECTION} - {""}
    return clues.outlet | sections


def without_site(title: str, names: frozenset[str]) -> str:
    """`title` without the site's name at its end (or beginning)."""
    for _ in range(_MOST_SUFFIXES):
        pieces = _SEPARATOR.split(title)
        if len(pieces) < 2:
            break
        if _is_name(pieces[-1], names):
            title = title[: title.rindex(pieces[-1])].rstrip(_SEPARATORS)
        elif _is_name(pieces[0], names):
            title = title[len(pieces[0]) :].lstrip(_SEPARATORS)
        else:
            break
    return title


def _is_name(piece: str, names: frozenset[str]) -> bool:
    folded = fold(piece)
    if _HOST_NAME.match(piece.strip()) or folded in names or fold_accents(piece) in names:
        return True
    return any(len(n) >= _LONG_NAME and n in folded and len(folded) < 3 * len(n) for n in names)
