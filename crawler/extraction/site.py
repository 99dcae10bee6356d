"""The publication that the page belongs to, and the section that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from crawler.extraction import address
from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, first
from crawler.extraction.marks import naming
from crawler.extraction.text import clean, fold, fold_accents, visible_text

# Between a title and the site's name: "Storm hits coast | The Herald".
# Chinese and Japanese titles need no blanks there; Korean ones may have a vowel sign for the bar.
_DENSE = "[\u3040-\u9fff\uac00-\ud7af]"
_SEPARATOR = re.compile(rf"\s+[|–—·•»›‹«<~:/-]+\s+|\s*[|｜│ㅣ]\s*|：|_+|(?<={_DENSE})-+(?={_DENSE})")
_SEPARATORS = " |–—·•»›‹«<~:/-｜│ㅣ：_"
# An address whose path ends as a folder's does, or is missing; and that path.
_FOLDER = re.compile(r"\s*(?:(?:https?:)?//[^/?#]*)?((?:[^?#]*/)?(?:\.{1,2})?)\s*(?:[?#]|$)", re.IGNORECASE)
_HOST_NAME = re.compile(r"(?:[\w-]{1,30}\.){1,3}[a-z]{2,10}$", re.IGNORECASE)
# Shorter names are found inside too many words.
_LONG_NAME = 5
# Longer folders in an address hold a headline, not a section.
_LONG_SECTION = 24
_MOST_SUFFIXES = 4

_BREADCRUMBS = naming(
    "breadcrumbs? bread_crumbs? crumbs? omrvinky migas rastro fil_ariane brodkrumer brotkrumen"
)
_BETWEEN_CRUMBS = re.compile(r"\s*[»›>/→▸・|-]\s*$")
_LONGEST_SECTION = 40
# Links at the top of a page among which the one to the front page is.
_MOST_LINKS = 200
_LONGEST_NAME = 60
_MOST_CRUMBS = 12


def masthead(clues: Clues) -> str | None:
    """The name that links to the front page and stands in the page's title: "Storm - The Herald"."""
    pieces = {fold(piece) for piece in _SEPARATOR.split(clues.document.title)}
    if len(pieces) < 2:
        return None
    for link in clues.document.tagged("a")[:_MOST_LINKS]:
        if _leads_up(link.get("href"), clues):
            text = visible_text(link, limit=_LONGEST_NAME) or _logo(link)
            if text and fold(text) in pieces:
                return text
    return None


def _logo(link: HtmlElement) -> str:
    """What a link without text calls the picture in it."""
    picture = next(link.iter("img"), None)
    return clean(
        link.get("aria-label") or link.get("title") or (picture.get("alt") if picture is not None else "")
    )


def _leads_up(href: str | None, clues: Clues) -> bool:
    """Whether a link leads to a folder that the page lies in, such as the front page of its edition."""
    own = address.path(clues.document.url)
    if not href or not _may_lead_up(href, own):
        return False
    target = address.absolute(clues.document.base_url, href)
    if target is None or address.host(target) != address.host(clues.document.url):
        return False
    folder = address.path(target) or "/"
    return folder.endswith("/") and own.startswith(folder) and own != folder


def _may_lead_up(href: str, own: str) -> bool:
    """A cheap look before an address is taken apart: whether its path may be a folder that `own` lies in."""
    is_whole = "?" not in href and "#" not in href
    if is_whole and href[-1].isalnum() and (href.count("/") > 2 or "//" not in href):
        return False  # most links lead to a page
    path = _FOLDER.match(href)
    if path is None:
        return False
    return not path[1].startswith("/") or "/." in path[1] or own.startswith(path[1])


def site_name(clues: Clues) -> str | None:
    """The outlet's name as the page writes it."""
    parts = (node for story in clues.linked.stories for node in story.nodes("isPartOf"))
    wholes = (text for node in parts if "website" in node.types for text in node.texts("name"))
    publishers = (text for node in clues.linked.stories for text in node.texts("publisher"))
    sites = (text for node in clues.linked.of_type("website") for text in node.texts("name"))
    said = clues.meta.text("og:site_name") or next(chain(wholes, publishers, sites), None)
    return said or clues.meta.text("application-name") or clues.hints.site_name or masthead(clues)


def picked_section(clues: Clues) -> Found[str]:
    """What the source's selector finds first that can be a section's name."""
    return first(o for o in clues.picks.texts("article_section") if _is_section(clues, o.value))


def article_section(clues: Clues, breadcrumbs: tuple[str, ...]) -> str | None:
    """The section that the page puts the story in: as it says, else where its breadcrumbs lead."""
    said = [
        *clues.linked.said("articleSection", pages=False),
        *clues.meta.said(
            "article:section", "section", "cxenseparse:section", "parsely-section", "dc.subject"
        ),
    ]
    named = (offer.value for offer in said if _is_section(clues, offer.value))
    return next(chain(named, reversed(breadcrumbs), _categories(clues)), None)


def _is_section(clues: Clues, text: str) -> bool:
    is_address = text.startswith(("http://", "https://", "/"))
    return 1 < len(text) <= _LONGEST_SECTION and not is_address and fold(text) not in clues.outlet


def breadcrumbs(clues: Clues) -> tuple[str, ...]:
    """The way from the front page to the story, without either, from the outermost in."""
    for trail in _trails(clues):
        crumbs = tuple(crumb for crumb in trail if _is_section(clues, crumb))
        if crumbs:
            return crumbs
    return ()


def _categories(clues: Clues) -> Iterator[str]:
    for link in clues.document.tagged("a")[:_MOST_LINKS]:
        if "category" in (link.get("rel") or "").split():
            text = visible_text(link, limit=_LONGEST_SECTION).strip()
            if _is_section(clues, text):
                yield text


def _trails(clues: Clues) -> Iterator[list[str]]:
    """The page's breadcrumbs, as its data has them and as it shows them, without the home page."""
    for trail in clues.linked.of_type("breadcrumblist"):
        names = [item.text("name") or item.text("item") or "" for item in trail.nodes("itemListElement")]
        yield names[1:-1] or names[1:]
    for element in clues.story.elements:
        if element.tag in ("nav", "ol", "ul", "div") and _BREADCRUMBS(element):
            links = [visible_text(link) for link in islice(element.iter("a"), _MOST_CRUMBS)]
            yield links[1:]
            return
    yield _trail(clues)


def _trail(clues: Clues) -> list[str]:
    """Links side by side from the front page on, with nothing but signs between them: "Home » World"."""
    seen: set[HtmlElement] = set()
    for link in clues.document.tagged("a")[:_MOST_LINKS]:
        around = link.getparent()
        if around is None or len(around) < 2 or around in seen:
            continue
        seen.add(around)
        links = list(islice(around.iterchildren("a"), _MOST_CRUMBS))
        is_trail = len(links) > 1 and all(_BETWEEN_CRUMBS.match(child.tail or "") for child in links[:-1])
        if is_trail and _leads_up(link.get("href"), clues):
            return [visible_text(crumb, limit=_LONGEST_SECTION).strip() for crumb in links[1:]]
    return []


def site_words(clues: Clues) -> frozenset[str]:
    """What may follow a title: the publication's names, and the sections in the address."""
    folders = address.path(clues.document.url).split("/")[1:-1]
    folders += address.host(clues.document.url).split(".")[:-1]
    sections = {fold(folder) for folder in folders if len(folder) <= _LONG_SECTION}
    return clues.outlet | (sections | {fold(masthead(clues) or "")}) - {""}


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
