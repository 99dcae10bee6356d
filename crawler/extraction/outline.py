"""What a page, or a part of it, is made of: titles of other pages, running text, talk of consent.

A list of stories and a story with links below it hold the same things in another order:

    list    title, summary, title, summary, title, summary …
    story   paragraph, paragraph, paragraph …, title, title, title
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from crawler.extraction.blocks import DENSE_WIDTH, Box, Cut, Piece, cut, width
from crawler.extraction.document import Document
from crawler.extraction.marks import naming
from crawler.extraction.surroundings import ancestry
from crawler.extraction.text import word_set

# A link with less is a name of a section, a button, a number of a page.
TITLE_WIDTH = 20
# A line is a title if so much of it is the link: a date or a section may stand beside it.
TITLE_SHARE = 0.5
# Running text is a piece as long as this, or a short line that ends as sentences do.
RUNNING_WIDTH, LINE_WIDTH = 40, 8

_BESIDE_TAGS = word_set("nav footer aside menu form")
_BESIDE_NAMES = naming("nav navi navigation navbar menu footer breadcrumbs? related comments? share sharing")
_CONSENT_NAMES = naming("cookies? cookiebar cookiebanner consent gdpr dsgvo cmp onetrust usercentrics")

# Talk of consent to cookies, in any sentence of a dialogue.
_CONSENT_WORDS = re.compile(
    r"cookie|consent|einwillig|zustimm|datenschutz|privacy|tracking|gdpr|dsgvo|personal data|"
    r"personenbezogen|données personnelles|datos personales|dati personali|dados pessoais|privacidad|"
    r"confidentialité|werbefrei|samtyk|evästee|çerez|zgod[aęy]|souhlas|persoonsgegevens|toestemming|"
    r"согласи|куки|同意|クッキー|个人信息|개인정보|쿠키|الارتباط|עוגיות|คุกกี้|कुकी",
    re.IGNORECASE,
)
# It begins within so many characters.
_ASKED_WITHIN = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """The measures of a part of a page; lengths in characters of an alphabet."""

    titles: int = 0
    # Lines that are links to other pages, each text once.
    summaries: int = 0
    # How many titles have running text after them, before the next one.
    lead: float = 0.0
    # Running text before the first title.
    text: float = 0.0
    # All running text, but for talk of consent.
    stretch: float = 0.0
    # The most of it that no title interrupts.
    consent: float = 0.0
    # Talk of consent.
    is_beside_dialogue: bool = False
    # What asks for consent is an element named so, and the page has a heading of its own outside of it.
    links: int = 0
    # Addresses that the page links to, in menus and footers as well; 0 for a part of a page.


def talks_of_consent(text: str) -> bool:
    """Whether `text` asks for consent to cookies, or speaks of it."""
    return _CONSENT_WORDS.search(text, 0, _ASKED_WITHIN) is not None


def has_titles(element: HtmlElement, least: int) -> bool:
    """Whether `element` holds `least` links as long as titles: a cheap look before `of`."""
    found = 0
    for anchor in element.iter("a"):
        found += len("".join(anchor.itertext())) >= TITLE_WIDTH / DENSE_WIDTH
        if found >= least:
            return True
    return False


def is_dialogue(element: HtmlElement) -> bool:
    """Whether `element` is, or stands in, what its name calls a dialogue about consent."""
    return any(_CONSENT_NAMES(node) for node in ancestry(element))


def of_page(document: Document) -> Outline:
    """The measures of the whole page; menus, footers and the like are left out."""
    page = cut(document)
    hrefs = {anchor.get("href") for anchor in document.tagged("a")}
    return replace(
        _measured(_classed(page, by_words=True)),
        is_beside_dialogue=_is_beside_dialogue(page),
        links=sum(href is not None and not href.startswith("#") for href in hrefs),
    )


def of_story(document: Document, container: HtmlElement) -> Outline:
    """The measures of what stands in `container`; of consent, only what is named so."""
    return _measured(_classed(cut(Document(document.url, container)), by_words=False))


# What a piece is in the outline: a title, running text, talk of consent.
_TITLE, _TEXT, _CONSENT = range(3)


def _classed(page: Cut, *, by_words: bool) -> Iterator[tuple[int, Piece]]:
    beside, asking = _boxes(page)
    for piece in page.pieces:
        if piece.box in asking or (by_words and _asks(piece)):
            yield _CONSENT, piece
        elif piece.box in beside:
            continue
        elif _is_title(piece):
            yield _TITLE, piece
        elif _is_text(piece):
            yield _TEXT, piece


def _boxes(page: Cut) -> tuple[set[Box], set[Box]]:
    """The boxes beside what the page is about, and those that ask for consent."""
    beside: set[Box] = set()
    asking: set[Box] = set()
    for box in page.boxes[1:]:
        if box.parent in asking or _CONSENT_NAMES(box.element):
            asking.add(box)
        elif box.parent in beside or box.tag in _BESIDE_TAGS or _BESIDE_NAMES(box.element):
            beside.add(box)
    return beside, asking


def _is_beside_dialogue(page: Cut) -> bool:
    beside, asking = _boxes(page)
    own = (piece for piece in page.pieces if piece.box.level and piece.box not in asking | beside)
    return bool(asking) and any(not piece.is_link and not talks_of_consent(piece.text) for piece in own)


def _asks(piece: Piece) -> bool:
    return len(piece.text) >= RUNNING_WIDTH / 2 and not piece.is_link and talks_of_consent(piece.text)


def _is_title(piece: Piece) -> bool:
    is_long = width(piece.text) >= TITLE_WIDTH or bool(piece.box.level)
    return is_long and piece.linked >= TITLE_SHARE * len(piece.text)


def _is_text(piece: Piece) -> bool:
    if piece.box.level or piece.is_link:
        return False
    extent = width(piece.text)
    is_line = extent >= LINE_WIDTH and piece.is_sentence and not piece.text.endswith((":", "："))
    return is_line or extent >= RUNNING_WIDTH


def _measured(pieces: Iterable[tuple[int, Piece]]) -> Outline:
    titles: set[str] = set()
    summaries, consent = 0, 0.0
    stretches = [0.0]
    for kind, piece in pieces:
        extent = float(width(piece.text))
        if kind == _CONSENT:
            consent += extent
        elif kind == _TEXT:
            summaries += bool(titles) and not stretches[-1]
            stretches[-1] += extent
        else:
            titles.add(piece.text)
            stretches.append(0.0)
    return Outline(
        titles=len(titles),
        summaries=summaries,
        lead=stretches[0],
        text=sum(stretches),
        stretch=max(stretches),
        consent=consent,
    )
