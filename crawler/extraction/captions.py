"""The words that stand with one picture: caption and credit, wherever in its markup they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.agencies import is_agency
from crawler.extraction.credits import credit_line, is_credit, part_credit
from crawler.extraction.marks import naming
from crawler.extraction.text import fold, visible_text, word_set

# What publishers call a caption …
CAPTION = naming(
    r"""
    captions? legend[ae]? cut_?line bild_?unterschrift bildunterzeile bild_?text bildtexte bu bijschrift
    onderschrift didascalia pie pie_(?:de_)?(?:foto|imagen|img) foto_?caption epigrafe sub_?imagen
    billedtekst bildetekst kuvateksti podpis opis popisek alt_?yazi gallery_(?:text|desc\w*) signature_photo
    (?:image|img|media|photo|picture|foto|figure)_(?:text|desc\w*|info|title|alt|caption)
    """
)
# … and a credit.
CREDIT = naming(
    r"""
    credits? creditline copy_?rights? copyrightholder credit_?text attribution photographers? photo_?by
    fotografo? fotograf[iaen]* sources? quelle bildquelle bildnachweis urheber rechte agency agentur autor
    author byline by_line fonte fuente firma licen[cs]e kreditering kuvaaja zrodlo zdroj kaynak
    (?:image|img|media|photo|picture|foto|bild)_?(?:sources?|author|by|credits?|rights|agency|owner|lic)
    """
)
# Controls in a caption, and words for those who cannot see.
_NOISE = naming(
    r"""
    button btn icon expand zoom enlarge full_?screen lightbox share counter count pagination index
    visually_hidden sr_only (?:view|show)_images? image_count screen_reader\w* (?:hide|hidden)_text tooltip
    toggle close next prev
    """
)
_CAPTION_TAGS = word_set("figcaption caption")
# Elements that set a credit in another type, and those that may.
_SMALL_TAGS = word_set("small cite footer")
_LAST_LINE_TAGS = word_set("span p div small cite footer")
_LINE_TAGS = word_set("span em i p div a strong b li font small cite footer")
_INLINE_TAGS = word_set("a b i em strong font br span sup sub")
_IMAGE_TAGS = ("img", "amp-img", "picture", "figcaption")
# "Open image in gallery", "1 / 5", "Image caption,"
_NOISE_TEXT = re.compile(
    r"^(?:\d{1,3}\s?(?:/|of|von|de|di)\s?\d{1,3}\s*|(?:image|photo) caption,\s|caption:?\s|"
    r"(?:open|view|show) (?:image|photo|gallery)[\w ]{0,30}(?:gallery|fullscreen|size|image)|"
    r"(?:bild|foto) (?:vergrößern|in lightbox öffnen)|bildunterschrift(?: anzeigen)?:?\s)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…。]$")
_LONGEST_CAPTION = 1_200
_LONGEST_CREDIT = 200
_MOST_ELEMENTS = 1_000
# A last line of its own that is no longer than this, and no sentence, says where the picture is from.
_LONGEST_LAST_LINE = 60


@dataclass(frozen=True, slots=True)
class Words:
    """What is written with a picture; a part that is not there is None."""

    caption: str | None = None
    credit: str | None = None
    elements: tuple[HtmlElement, ...] = ()
    # The elements that show it.


def words_of(unit: HtmlElement, outlet: frozenset[str] = frozenset()) -> Words:
    """The caption and the credit in `unit`, an element that holds one picture and what belongs to it.

    `outlet` holds the folded names of the publication, whose name alone is a credit.
    """
    inside = list(islice(unit.iterdescendants("*"), _MOST_ELEMENTS))
    noise = {element for element in inside if _is_noise(element)}
    named = [*_outermost(inside, _is_named_credit)]
    marked = [e for e in _outermost(inside, _is_caption) if e not in named] or [unit]
    credited = named or _unnamed_credit(unit, marked, noise, outlet)
    texts = [text for e in marked if (text := _text(e, noise | set(credited)))]
    credit = next((line for e in credited if (line := _credit_text(e, noise))), None)
    caption, own = part_credit(" ".join(dict.fromkeys(texts)))
    return Words(caption or None, credit or own or None, (*marked, *credited))


def _text(element: HtmlElement, without: set[HtmlElement]) -> str:
    text = visible_text(element, without)
    return _NOISE_TEXT.sub("", text) if len(text) <= _LONGEST_CAPTION else ""


def _credit_text(element: HtmlElement, noise: set[HtmlElement]) -> str:
    text = visible_text(element, noise)
    return credit_line(text) if len(text) <= _LONGEST_CREDIT else ""


def _unnamed_credit(
    unit: HtmlElement, captions: list[HtmlElement], noise: set[HtmlElement], outlet: frozenset[str]
) -> list[HtmlElement]:
    """Lines beside a picture that read as a credit, or stand last in an element of their own."""
    lines = {e: visible_text(e) for e in unit.iterdescendants() if e not in noise and _is_line(e)}
    sure = [e for e, text in lines.items() if _reads_as_credit(text, outlet)]
    if sure:
        return sure
    inside = {node for caption in captions for node in caption.iter()}
    apart = [e for e, text in lines.items() if e.tag in _SMALL_TAGS and e not in inside and fold(text)]
    last = [e for e, text in lines.items() if e in inside and e.tag in _LAST_LINE_TAGS and fold(text)][-1:]
    whole = visible_text(captions[-1], noise)
    return apart or [e for e in last if _is_last_line(lines[e], whole)]


def _reads_as_credit(text: str, outlet: frozenset[str]) -> bool:
    return bool(fold(text)) and (is_credit(text) or is_agency(text, outlet))


def _is_last_line(text: str, whole: str) -> bool:
    """Whether a line that ends a caption is short, no sentence, and starts like a name."""
    is_short = len(text) <= _LONGEST_LAST_LINE and 2 * len(text) < len(whole) and whole.endswith(text)
    return is_short and not _SENTENCE_END.search(text) and text.lstrip("/©(|–- ")[:1].isupper()


def _is_line(element: HtmlElement) -> bool:
    """Whether it holds text and no lines of its own."""
    return element.tag in _LINE_TAGS and all(child.tag in _INLINE_TAGS for child in element.iterdescendants())


def _outermost(
    elements: Iterable[HtmlElement], matches: Callable[[HtmlElement], bool]
) -> Iterator[HtmlElement]:
    inside: set[HtmlElement] = set()
    for element in elements:
        if element not in inside and matches(element):
            inside.update(element.iter())
            yield element


def _holds_image(element: HtmlElement) -> bool:
    return next(element.iterdescendants(*_IMAGE_TAGS), None) is not None


def _is_caption(element: HtmlElement) -> bool:
    named = element.tag in _CAPTION_TAGS or CAPTION(element)
    return named and not _holds_image(element)


def _is_named_credit(element: HtmlElement) -> bool:
    if element.tag in _CAPTION_TAGS or not CREDIT(element) or CAPTION(element):
        return False
    return not _holds_image(element)


def _is_noise(element: HtmlElement) -> bool:
    if element.tag in _CAPTION_TAGS:
        return False
    return element.tag == "button" or _NOISE(element)
