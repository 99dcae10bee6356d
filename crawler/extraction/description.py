"""The standfirst: the lines between headline and body that sum the story up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first
from crawler.extraction.layout import Layout
from crawler.extraction.likeness import likeness, sameness
from crawler.extraction.marks import marks, naming
from crawler.extraction.story import CAPTION_TAGS
from crawler.extraction.text import fold, visible_text, word_set

# What publishers call it, in the languages that they write their pages in.
_STANDFIRST = naming(
    """
    stand_first sub_head(?:line|ing|er)? sub_titles? sub_line sub_deck dek deck lede? leads? lead_text
    lead_in intro introduction summary excerpt abstract blurb synopsis strap_line tag_line preface
    preamble description teasers? kurztext vorspann anriss unterzeile einleitung anleser chapo chapeau
    accroche uvod entradilla bajada copete sumario subtitulo resumen resumo linha_fina sottotitolo sommario
    catenaccio ingress underrubrik underoverskrift manchet perex zajawka wstep ozet spot
    """
)
# What else stands there, under names that may hold one of the words above.
_OTHER = naming(
    r"""
    captions? credits? byline authors? autor date time timestamp published share social kicker overline
    topline eyebrow category label tags? button audio player toc newsletter ads? advert\w* comments?
    related breadcrumbs? disclaimer disclosure (?:head|sub_)?line_title
    """
)
_CAPTION = naming("captions? credits? legend gallery slideshow carousel")
_BLOCK_TAGS = word_set("p div h1 h2 h3 h4 ul ol li figure img section article header table")
_BOLD = 0.9
_SHOWN_TAGS = word_set("p div h2 h3 h4 section header span ul strong")
_HEADING_TAGS = word_set("h2 h3 h4")
_SHORTEST, _LONGEST = 20, 1_500
_SENTENCE = 45
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”»“)\]]?$")
# A line with more digits than this is a date.
_DIGITS = 0.15
_DIGIT = re.compile(r"\d")

# A shown text this like the metadata's description is that description.
_SAME = 0.8
# … and one this like a title is the headline again.
_LIKE_TITLE = 0.6
_TITLE_LENGTH = 1.5
# The origin of what the page calls a standfirst.
_NAMED_STANDFIRST = "standfirst"
# A name that this many paragraphs share is not a standfirst's.
_COMMON = 3


def description(clues: Clues, layout: Layout, titles: Sequence[str], taken: Set[HtmlElement]) -> Found[str]:
    """The standfirst as the page shows it, else as its metadata has it.

    `titles` are the headline's wordings, `taken` the elements that show something else.
    """
    opening = _opening(layout)
    said = [
        offer for offer in _said(clues) if len(offer.value) >= _SHORTEST and not _is_cut(offer.value, opening)
    ]
    texts = {
        element: text
        for element, text in _candidates(layout, taken)
        if not any(_is_title(text, title) for title in titles)
    }
    picked = first(islice(clues.picks.texts("description"), 1))
    return picked.before(first([*_shown(layout, texts, [offer.value for offer in said]), *said]))


def _opening(layout: Layout) -> str:
    """How the story begins."""
    first_text = next(iter(layout.story.paragraphs), None)
    return fold(visible_text(first_text, limit=_LONGEST)) if first_text is not None else ""


def _is_cut(text: str, opening: str) -> bool:
    """Whether `text` is no more than the story's first words, cut off: "The pier opened on …"."""
    return text.rstrip("] )").endswith(("…", "...")) and opening.startswith(fold(text))


def is_sure(found: Found[str]) -> bool:
    """Whether the page calls the lines its standfirst, and its metadata has the same words."""
    if found.taken is None or found.taken.origin != _NAMED_STANDFIRST:
        return False
    said = (offer.value for offer in found.offers if not offer.elements)
    return any(sameness(found.taken.value, text) >= _SAME for text in said)


def _said(clues: Clues) -> Iterator[Offer[str]]:
    yield from clues.linked.said("description", "alternativeHeadline", "abstract", pages=False)
    yield from clues.meta.said("og:description", "description", "twitter:description", "dc.description")


def _shown(layout: Layout, texts: dict[HtmlElement, str], said: list[str]) -> Iterator[Offer[str]]:
    """What is named a standfirst; what reads like the metadata's; what stands where one would."""
    named = [element for element in texts if _is_named(layout, element)]
    alike = [e for e, text in texts.items() if any(sameness(text, other) >= _SAME for other in said)]
    placed = [element for element, text in texts.items() if _is_set_apart(layout, element, text)]
    for origin, elements in (
        (_NAMED_STANDFIRST, named),
        ("description shown", alike),
        ("below headline", placed),
    ):
        groups = _siblings(_innermost(elements))
        offers = [Offer(" ".join(texts[e] for e in group), origin, tuple(group)) for group in groups]
        yield from sorted(offers, key=lambda offer: not _SENTENCE_END.search(offer.value))


def _is_title(text: str, title: str) -> bool:
    """Whether `text` is the headline again, in this wording or another."""
    return len(text) <= _TITLE_LENGTH * len(title) and likeness(text, title) >= _LIKE_TITLE


def _candidates(layout: Layout, taken: Set[HtmlElement]) -> Iterator[tuple[HtmlElement, str]]:
    """Single lines of text, and what is named a standfirst, with their text."""
    for element in layout.below_headline:
        if element.tag not in _SHOWN_TAGS or element in taken or layout.holds_story(element):
            continue
        if (_is_line(element) or _STANDFIRST(element)) and not _is_other(layout, element):
            text = visible_text(element, limit=_LONGEST + 1)
            if _SHORTEST <= len(text) <= _LONGEST:
                yield element, text


def _is_line(element: HtmlElement) -> bool:
    """Whether nothing in it begins a line of its own."""
    return not len(element) or next(element.iterdescendants(*_BLOCK_TAGS), None) is None


def _is_other(layout: Layout, element: HtmlElement) -> bool:
    """Whether it is, or stands in, a caption, a byline, a box …"""
    if _OTHER(element) or (len(element) and next(element.iter("time"), None) is not None):
        return True
    near = [element, *islice(element.iterancestors(), 3)]
    return any(node.tag in CAPTION_TAGS or _CAPTION(node) for node in near)


def _is_named(layout: Layout, element: HtmlElement) -> bool:
    if not _STANDFIRST(element):
        return False
    # "lead" on every paragraph is a matter of type size.
    return sum(marks(p) == marks(element) for p in layout.story.paragraphs[:6]) < _COMMON


def _is_set_apart(layout: Layout, element: HtmlElement, text: str) -> bool:
    """A sentence outside the story's container, or all in bold at its beginning."""
    if len(text) < _SENTENCE or len(_DIGIT.findall(text)) > _DIGITS * len(text):
        return False
    if not _is_line(element):
        return False
    if layout.story.container not in element.iterancestors():
        return True
    return element.tag in _HEADING_TAGS or _is_bold(element, text)


def _is_bold(element: HtmlElement, text: str) -> bool:
    return any(len(visible_text(bold)) >= _BOLD * len(text) for bold in element.iter("b", "strong"))


def _innermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Without those that hold another: the wrapper has the byline, too."""
    outer = {node for element in elements for node in element.iterancestors()}
    return [element for element in elements if element not in outer]


def _siblings(elements: list[HtmlElement]) -> list[list[HtmlElement]]:
    """Runs of neighbours with the same tag and class: a standfirst in several lines."""
    groups: list[list[HtmlElement]] = []
    for element in elements:
        last = groups[-1][-1] if groups else None
        if last is not None and element.getprevious() is last and marks(element) == marks(last):
            groups[-1].append(element)
        else:
            groups.append([element])
    return groups
