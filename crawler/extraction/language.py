"""The language of an article: the page's own word, checked against the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extraction import detector
from crawler.extraction.blocks import width
from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer
from crawler.extraction.text import word_set

# What a detector takes for one another, so that the page's own word goes.
RELATIVES = (
    word_set("da nb nn no"),
    word_set("bs cnr hr me sh sr"),
    word_set("id ms"),
    word_set("cs sk"),
    word_set("gl pt"),
    word_set("ast es"),
    word_set("af nl"),
    word_set("xh zu"),
    word_set("fa prs tg"),
    word_set("hi mr ne"),
    word_set("fil tl"),
)
# Languages whose written forms differ by region; of all others the region is left out.
REGIONAL = word_set("pt zh")
# Former or mistaken codes that pages use.
CORRECTED = {
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jp": "ja",
    "kr": "ko",
    "cn": "zh",
    "gr": "el",
    "ua": "uk",
    "dk": "da",
}

# Below this width the detector is not asked; from the second on it is believed against the page.
ENOUGH, PLENTY = 60, 150

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}))?(?![a-z])", re.IGNORECASE)


RULE = "the first that the text agrees with, else the text's own"


def in_language(clues: Clues, text: str) -> Found[str]:
    """The language of `text`, the story's own words, as a BCP 47 tag."""
    said = tuple(_said(clues))
    length = width(text)
    seen = Offer(detector.detected(text), "text") if length >= ENOUGH else None
    offers = (*said, *([seen] if seen else []))
    fitting = next((offer for offer in said if seen is None or _fits(offer.value, seen.value)), None)
    if fitting is None and seen is not None and (length >= PLENTY or not said):
        fitting = seen
    return Found(fitting or next(iter(said), None), offers, RULE)


def normal(tag: str) -> str | None:
    """`tag` as a short BCP 47 tag: "en_GB" -> "en", "pt_br" -> "pt-BR"; None where it is none."""
    found = _TAG.match(tag.strip())
    if not found:
        return None
    language, script, region = found[1].lower(), found[2], found[3]
    language = CORRECTED.get(language, language)
    if language not in REGIONAL:
        return language
    return "-".join(filter(None, (language, script and script.title(), region and region.upper())))


def _said(clues: Clues) -> Iterator[Offer[str]]:
    raw = [
        Offer(clues.document.tree.get("lang") or "", "html[lang]"),
        *clues.linked.said("inLanguage"),
        *clues.meta.said("og:locale", "content-language", "language", "dc.language"),
        Offer(clues.hints.language or "", "source"),
    ]
    for offer in raw:
        tag = normal(offer.value)
        if tag:
            yield Offer(tag, offer.origin)


def _fits(said: str, seen: str) -> bool:
    """Whether the page's word may be right, given what the detector takes the text for."""
    said = said.partition("-")[0]
    if said == seen or any({said, seen} <= group for group in RELATIVES):
        return True
    return said not in detector.known_languages()  # it cannot see what it does not know
