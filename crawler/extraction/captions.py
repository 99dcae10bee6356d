"""The words that stand with one picture: caption and credit, wherever in its markup they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.credits import credit_line, is_credit, part_credit
from crawler.extraction.marks import marks, naming
from crawler.extraction.text import fold, visible_text, word_set

# What publishers call a caption …
CAPTION = naming(
    r"""
    captions? legend[ae]? cut_?line bild_?unterschrift bildunterzeile bild_?text bildtexte bu bijschrift onderschrift
    didascalia pie pie_(?:de_)?(?:foto|imagen|img) foto_?caption epigrafe sub_?imagen billedtekst bildetekst kuvateksti
    podpis opis popisek alt_?yazi (?:image|img|media|photo|picture|foto|figure)_(?:text|desc\w*|info|title|alt|caption)
    gallery_(?:text|desc\w*) signature_photo
    """
)
# … and a credit.
CREDIT = naming(
    r"""
    credits? creditline copy_?rights? copyrightholder credit_?text attribution photographers? photo_?by fotografo?
    fotograf[iaen]* (?:image|img|media|photo|picture|foto|bild)_?(?:source|sources|author|by|credits?|rights|agency|owner|lic)
    sources? quelle bildquelle bildnachweis urheber rechte agency agentur autor author byline by_line fonte fuente
    firma licen[cs]e kreditering kuvaaja zrodlo zdroj kaynak
    """
)
# Controls in a caption, and words for those who cannot see.
_NOISE = naming(
    r"""
    button btn icon expand zoom enlarge full_?screen lightbox share counter count pagination index visually_hidden
    sr_only screen_reader\w* (?:hide|hidden)_text tooltip toggle close next prev
    """
)
_CAPTION_TAGS = word_set("figcaption caption")
_CREDIT_TAGS = word_set("small cite footer")
_NOISE_TAGS = word_set("button a_ svg noscript script style")
# "Open image in gallery", "1 / 5", "Image caption,"
_NOISE_TEXT = re.compile(
    r"^(?:\d{1,3}\s?(?:/|of|von|de|di)\s?\d{1,3}\s*|(?:image|photo) caption,\s|(?:open|view|show) (?:image|photo|gallery)[\w ]{0,30}"
    r"(?:gallery|fullscreen|size|image)|(?:bild|foto) (?:vergrößern|in lightbox öffnen)|bildunterschrift(?: anzeigen)?:?\s|caption:?\s)",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 1_200
_LONGEST_CREDIT = 200


@dataclass(frozen=True, slots=True)
class Words:
    """What is written with a picture; a part that is not there is None."""

    caption: str | None = None
    credit: str | None = None
    elements: tuple[HtmlElement, ...] = ()
    # The elements that show it.


def words_of(unit: HtmlElement) -> Words:
    """The caption and the credit in `unit`, an element that holds one picture and what belongs to it."""
    marked = [*_outermost(unit, _is_caption)]
    credited = [*_outermost(unit, _is_credit)]
    captions = [e for e in marked if e not in credited] or [unit]
    noise = {element for element in unit.iterdescendants() if _is_noise(element)}
    without = noise | set(credited)
    texts = [text for e in captions if (text := _text(e, without))]
    credit = next((line for e in credited if (line := _credit_text(e, noise))), None)
    caption, own = _part(" ".join(dict.fromkeys(texts)))
    return Words(caption or None, credit or own or None, tuple(marked + credited))


def _part(text: str) -> tuple[str, str]:
    return part_credit(text) if text else ("", "")


def _text(element: HtmlElement, without: set[HtmlElement]) -> str:
    text = visible_text(element, without)
    return _NOISE_TEXT.sub("", text) if len(text) <= _LONGEST_CAPTION else ""


def _credit_text(element: HtmlElement, noise: set[HtmlElement]) -> str:
    text = visible_text(element, noise)
    return credit_line(text) if len(text) <= _LONGEST_CREDIT else ""


def _outermost(unit: HtmlElement, matches: object) -> Iterator[HtmlElement]:
    inside: set[HtmlElement] = set()
    for element in unit.iterdescendants():
        if element not in inside and isinstance(element.tag, str) and matches(element):  # type: ignore[operator]
            inside.update(element.iter())
            yield element


def _is_caption(element: HtmlElement) -> bool:
    if next(element.iter("img", "picture"), None) is not None:
        return False
    return element.tag in _CAPTION_TAGS or CAPTION.search(marks(element)) is not None


def _is_credit(element: HtmlElement) -> bool:
    if element.tag in _CAPTION_TAGS or next(element.iter("img", "picture", "figcaption"), None) is not None:
        return False
    names = marks(element)
    if CREDIT.search(names) and not CAPTION.search(names):
        return True
    return element.tag in _CREDIT_TAGS or (
        element.tag in ("span", "em", "i", "p") and _reads_as_credit(element)
    )


def _reads_as_credit(element: HtmlElement) -> bool:
    return len(element) == 0 and is_credit(element.text or "") and bool(fold(element.text))


def _is_noise(element: HtmlElement) -> bool:
    return element.tag in _NOISE_TAGS or _NOISE.search(marks(element)) is not None
