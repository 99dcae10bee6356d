"""The headline: what the page shows as such, and what it calls itself elsewhere, put to the vote.

Publishers write two headlines: one for readers, one for search engines. The <h1> may be either, and
so may each of the metadata's titles; the readers' one is mostly found in more of the places that
readers meet. Each place has about one vote, and the <h1> wins a tie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first
from crawler.extraction.likeness import likeness, sameness
from crawler.extraction.marks import naming
from crawler.extraction.sharing import shared_title
from crawler.extraction.site import site_words, without_site
from crawler.extraction.text import clean, fold, visible_text

# What each place counts. A lesser heading counts only where the metadata has the same words: then
# it is the headline that readers see, whatever the <h1> says. <title> is the search engines' own; what
# readers are to pass on to each other is the readers'.
_H1, _CONFIRMED_HEADING = 1.0, 2.0
_WEIGHTS = {
    "json-ld": 1.0,
    "microdata": 1.0,
    "rdfa": 1.0,
    "meta": 1.0,
    "shared": 1.5,
    "announced": 0.5,
    "title": 0.25,
}
_STRAY_H1 = 0.5  # a short one that nothing agrees with: "Sport"

# Titles as like as this are one title.
_SAME = 0.7
_IDENTICAL = 0.95
_CONFIRMED = 0.9
# A shown heading that shares this much with a title belongs to this story.
_AGREES = 0.5
_STRAY_LENGTH = 15
# A shown heading this like the headline stands where the headline does.
_STANDS_HERE = 0.4

_TITLE_TAGS = ("h3", "p", "div", "span")
_TITLE_WORDS = naming("headline title")
_MAX_LENGTH = 500
_MOST_SHOWN = 60
_MOST_PIECES = 8
# How many elements above the text a headline may stand.
_MAX_ABOVE = 1_000
_MAX_LESSER_ABOVE = 300


RULE = "the wording that most places agree on, the shown ones first"


@dataclass(frozen=True)
class _Vote:
    offer: Offer[str]
    weight: float


@dataclass(frozen=True)
class Headline:
    """The headline in words, and where it stands."""

    title: Found[str]
    heading: HtmlElement | None = None
    # The heading that shows it; where its words were taken from elsewhere, the one most like it.


def headline(clues: Clues) -> Headline:
    """The story's headline, without the site's name."""
    names = site_words(clues)
    said = [Offer(without_site(offer.value, names), offer.origin) for offer in _said(clues)]
    shown = [offer for offer in islice(_shown(clues), _MOST_SHOWN) if fold(offer.value) not in names]
    said += _passed_on(clues, names, [*said, *shown])
    votes = [
        *_shown_votes(shown, said),
        *(_Vote(o, _WEIGHTS[o.origin.partition(":")[0]]) for o in _spread(said)),
    ]
    voters = [vote.offer for vote in votes]
    elected = Found(_elect(votes), (*voters, *(offer for offer in said if offer not in voters)), RULE)
    picked = first(_picked(clues, names))
    title = picked.before(elected)
    return Headline(title, picked.elements[0] if picked.elements else _heading(shown, title.value))


def _picked(clues: Clues, names: frozenset[str]) -> Iterator[Offer[str]]:
    """What the source's selector finds first; in the page's head the site's name may stand with it."""
    for offer in islice(clues.picks.texts("headline"), 1):
        yield offer if offer.elements else replace(offer, value=without_site(offer.value, names))


def _heading(shown: list[Offer[str]], title: str | None) -> HtmlElement | None:
    if title is None or not shown:
        return None
    best = max(shown, key=lambda offer: (sameness(offer.value, title), offer.origin == "h1"))
    if sameness(best.value, title) < _STANDS_HERE:
        best = next((offer for offer in shown if offer.origin == "h1"), best)
    return best.elements[0]


def _elect(votes: list[_Vote]) -> Offer[str] | None:
    """Of the group of like titles that has most votes, the wording that has most. Earlier ones win a tie."""
    best = max(votes, key=lambda vote: _total(vote, votes, _SAME), default=None)
    if best is None:
        return None
    group = [vote for vote in votes if sameness(vote.offer.value, best.offer.value) >= _SAME]
    return max(group, key=lambda vote: _total(vote, group, _IDENTICAL)).offer


def _total(vote: _Vote, votes: list[_Vote], least: float) -> float:
    return sum(other.weight for other in votes if sameness(other.offer.value, vote.offer.value) >= least)


def _shown_votes(shown: list[Offer[str]], said: list[Offer[str]]) -> Iterator[_Vote]:
    titles = [offer.value for offer in said]
    firsts = [offer for offer in shown if offer.origin == "h1"]
    lesser = [offer for offer in shown if offer.origin != "h1"]
    confirmed = [offer for offer in lesser if _is_confirmed(offer.value, titles)]
    first = max(firsts, key=lambda offer: _standing(offer.value, titles), default=None)
    if first is not None:
        is_crumb = _is_crumb(first, lesser)
        is_full = _is_telling(first.value, titles) and not is_crumb
        yield _Vote(_as_confirmed(first, titles), _H1 if is_full else _STRAY_H1)
        if is_crumb and not confirmed:
            # An <h1> that ends a breadcrumb is there for search engines; the headline is another heading.
            titles.append(first.value)
            confirmed = [o for o in lesser if o.origin == "h2" and _standing(o.value, titles) > 0]
    if confirmed:
        yield _Vote(_outermost(confirmed), _CONFIRMED_HEADING)


def _is_crumb(heading: Offer[str], lesser: list[Offer[str]]) -> bool:
    """Whether a heading ends a breadcrumb, and no other has its words, with a kicker more or less."""
    is_listed = next(heading.elements[0].iterancestors("li", "nav"), None) is not None
    return is_listed and not any(_has_kicker(o.value, heading.value) for o in lesser if o.origin == "h2")


def _has_kicker(one: str, other: str) -> bool:
    """Whether one of two texts is the other with words before it: a kicker, or "Recommended: "."""
    shorter, longer = sorted((fold(one), fold(other)), key=len)
    return len(shorter) >= _STRAY_LENGTH and longer.endswith(shorter)


def _is_confirmed(text: str, titles: list[str]) -> bool:
    """Whether the metadata has a heading's very words."""
    return any(sameness(text, title) >= _CONFIRMED for title in titles)


def _as_confirmed(heading: Offer[str], titles: list[str]) -> Offer[str]:
    """`heading` without the kicker, subtitle or byline inside it, where a title has it so."""
    if _is_confirmed(heading.value, titles):
        return heading
    element = heading.elements[0]
    pieces = (
        piece
        for child in islice(element, _MOST_PIECES)
        for piece in (visible_text(child), visible_text(element, without={child}))
    )
    confirmed = (piece for piece in pieces if len(piece) >= _STRAY_LENGTH and _is_confirmed(piece, titles))
    text = next(confirmed, heading.value)
    return Offer(text, heading.origin, heading.elements)


def _outermost(offers: list[Offer[str]]) -> Offer[str]:
    """The first, or the one around it: a heading with the kicker that the metadata has, too."""
    first = offers[0]
    around = set(first.elements[0].iterancestors())
    return next((offer for offer in offers if offer.elements[0] in around), first)


def _standing(text: str, titles: list[str]) -> float:
    """How well a shown heading fits the metadata's titles; 0 where it shares too little with each."""
    if max((likeness(text, title) for title in titles), default=0.0) < _AGREES:
        return 0.0
    return max(sameness(text, title) for title in titles)


def _is_telling(text: str, titles: list[str]) -> bool:
    return len(text) >= _STRAY_LENGTH or _standing(text, titles) > 0


def _spread(said: list[Offer[str]]) -> Iterator[Offer[str]]:
    """One offer a place: the same title in og: and twitter: is one decision, not two."""
    seen = set()
    for offer in said:
        place = "meta" if offer.origin.startswith("meta") else offer.origin
        if place not in seen and offer.value:
            seen.add(place)
            yield offer


def _shown(clues: Clues) -> Iterator[Offer[str]]:
    """The headings above the text, the nearest first (logos stand higher), then those within it."""
    story = clues.story
    places = sorted(text.place for text in story.texts) or [len(story.elements)]
    first = places[0]
    for place in range(first - 1, max(-1, first - _MAX_ABOVE), -1):
        element = story.elements[place]
        is_lesser = place > first - _MAX_LESSER_ABOVE and _is_lesser_heading(element)
        if element.tag == "h1" or (is_lesser and not story.beside.holds(element)):
            yield from _shown_as(element)
    for element in story.elements[first : places[-1]]:
        if element.tag == "h1":
            yield from _shown_as(element)


def _shown_as(element: HtmlElement) -> Iterator[Offer[str]]:
    text = visible_text(element, limit=_MAX_LENGTH + 1)
    if 0 < len(text) <= _MAX_LENGTH:
        yield Offer(text, str(element.tag), (element,))


def _is_lesser_heading(element: HtmlElement) -> bool:
    return element.tag == "h2" or (element.tag in _TITLE_TAGS and _TITLE_WORDS(element))


def _passed_on(clues: Clues, names: frozenset[str], known: list[Offer[str]]) -> Iterator[Offer[str]]:
    """The share buttons' title, where it is another than the <h1>: some say "Recommended: " before it."""
    title = without_site(shared_title(clues) or "", names)
    is_title = fold(title) not in names and any(likeness(title, offer.value) >= _AGREES for offer in known)
    if is_title and not any(offer.origin == "h1" and _retells(title, offer.value) for offer in known):
        yield Offer(title, "shared")


def _retells(title: str, heading: str) -> bool:
    """Whether `title` is `heading` with words around it, or without its kicker."""
    said, shown = fold(title), fold(heading)
    return said != shown and (_has_kicker(title, heading) or (len(shown) >= _STRAY_LENGTH and shown in said))


def _said(clues: Clues) -> Iterator[Offer[str]]:
    yield from clues.meta.said("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
    yield from clues.linked.said("headline", pages=False)
    for element in clues.document.tagged("title"):
        if text := clean(element.text):
            yield Offer(text, "title")
            break
    if clues.hints.title:
        yield Offer(clean(clues.hints.title), "announced")
