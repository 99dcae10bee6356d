"""The standfirst: the lines between headline and body that sum the story up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first
from crawler.extraction.layout import Layout
from crawler.extraction.likeness import sameness
from crawler.extraction.marks import marks, naming
from crawler.extraction.story import CAPTION_TAGS
from crawler.extraction.text import visible_text, word_set

# What publishers call it, in the languages that they write their pages in.
_STANDFIRST = naming(
    """
    stand_first sub_head(?:line|ing)? sub_titles? sub_line sub_deck dek deck lede? lead_text leads? leadin intro
    introduction summary excerpt abstract blurb synopsis strap_line tag_line preface description teasers? kurztext
    vorspann anriss unterzeile einleitung anleser chapo chapeau accroche entradilla bajada copete sumario subtitulo
    resumen resumo linha_fina sottotitolo sommario catenaccio ingress underrubrik underoverskrift manchet perex
    zajawka wstep ozet spot
    """
)
# What else stands there, under names that may hold one of the words above.
_OTHER = naming(
    r"""
    captions? credits? byline authors? autor date time timestamp published share social kicker overline topline eyebrow
    category label tags? button audio player toc newsletter ads? advert\w* comments? related breadcrumbs? disclaimer
    disclosure
    """
)
_CAPTION = naming("captions? credits? legend gallery slideshow carousel")
_BLOCK_TAGS = word_set("p div h1 h2 h3 h4 ul ol li figure img section article header table")
_BOLD = 0.9
_SHOWN_TAGS = word_set("p div h2 h3 h4 section header span ul strong")
_HEADING_TAGS = word_set("h2 h3 h4")
_SHORTEST, _LONGEST = 20, 1_500
_SENTENCE = 45

# A shown text this like the metadata's description is that description.
_SAME = 0.8


def description(clues: Clues, layout: Layout) -> Found[str]:
    """The standfirst as the page shows it, else as its metadata has it."""
    said = [offer for offer in _said(clues) if len(offer.value) >= _SHORTEST]
    return first([*_shown(layout, [offer.value for offer in said]), *said])


def _said(clues: Clues) -> Iterator[Offer[str]]:
    yield from clues.linked.said("description", "alternativeHeadline", "abstract", pages=False)
    yield from clues.meta.said("og:description", "description", "twitter:description", "dc.description")


def _shown(layout: Layout, said: list[str]) -> Iterator[Offer[str]]:
    """What is named a standfirst; what reads like the metadata's; what stands where one would."""
    offers = [Offer(text, "", element) for element, text in _candidates(layout)]
    for origin, matches in (
        ("standfirst", lambda offer: _is_named(layout, offer.element)),
        ("description shown", lambda offer: any(sameness(offer.value, text) >= _SAME for text in said)),
        ("below headline", lambda offer: _is_set_apart(layout, offer.element, offer.value)),
    ):
        found = [offer for offer in offers if matches(offer)]
        yield from (Offer(offer.value, origin, offer.element) for offer in _innermost(found))


def _candidates(layout: Layout) -> Iterator[tuple[HtmlElement, str]]:
    for element in layout.below_headline:
        if element.tag in _SHOWN_TAGS and not layout.holds_story(element) and not _is_other(element):
            text = visible_text(element)
            if _SHORTEST <= len(text) <= _LONGEST:
                yield element, text


def _is_other(element: HtmlElement) -> bool:
    """Whether it is, or stands in, a caption, a byline, a box …"""
    near = [element, *islice(element.iterancestors(), 3)]
    return _OTHER.search(marks(element)) is not None or any(
        node.tag in CAPTION_TAGS or _CAPTION.search(marks(node)) is not None for node in near
    )


def _is_named(layout: Layout, element: HtmlElement) -> bool:
    if not _STANDFIRST.search(marks(element)):
        return False
    # "lead" on every paragraph is a matter of type size.
    return sum(marks(p) == marks(element) for p in layout.story.paragraphs[:4]) < 2


def _is_set_apart(layout: Layout, element: HtmlElement, text: str) -> bool:
    """A sentence outside the story's container, or all in bold at its beginning."""
    if len(text) < _SENTENCE or any(child.tag in _BLOCK_TAGS for child in element.iterdescendants()):
        return False
    if layout.story.container not in element.iterancestors():
        return True
    return element.tag in _HEADING_TAGS or _is_bold(element, text)


def _is_bold(element: HtmlElement, text: str) -> bool:
    return any(len(visible_text(bold)) >= _BOLD * len(text) for bold in element.iter("b", "strong"))


def _innermost(offers: list[Offer[str]]) -> list[Offer[str]]:
    """Without those that hold another: the wrapper has the byline, too."""
    outer = {node for offer in offers if offer.element is not None for node in offer.element.iterancestors()}
    return [offer for offer in offers if offer.element not in outer]
