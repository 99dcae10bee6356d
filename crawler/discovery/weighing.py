"""Which of a page's links lead to articles: points for address, text and place. Pure.

No sign is enough by itself, and none is needed: a dated address, a headline in a heading, a teaser. Addresses
that come from the same template as several sure articles get the benefit of the doubt, so that a short
headline in a list is not lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crawler.discovery.anchors import Place
from crawler.discovery.shapes import Shape
from crawler.discovery.targets import CONTENT, Target
from crawler.discovery.wording import words

# So many points make an article.
ENOUGH = 4

# The address
DATED = 3
IDENTIFIED = 2  # a long number or a hash
NUMBERED = 1
LONG_SLUG = 2
SLUG = 1
PAGE_FILE = 1  # .html
SHALLOW = -2  # /sport
SELDOM = -5  # /tag/harbour
TEMPLATE = 2  # the same pattern as sure articles
LONG_SLUG_WORDS, SLUG_WORDS = 4, 3

# What the link says: words, and the points that so many are worth
HEADLINE_WORDS, HEADLINE = 6, 3
PHRASE_WORDS, PHRASE = 4, 2
ONE_WORD = -1

# Where it stands
IN_HEADING = 2
IN_TEASER = 1
IN_HEADER = -2  # of the page
IN_FURNITURE = -4  # by class names, which mean many things

# So many sure articles make their pattern a template.
TEMPLATE_ARTICLES = 3


def articles(targets: Iterable[Target]) -> list[Target]:
    """Those of `targets` that look like articles, in their order."""
    weighed = [(target, weight(target)) for target in targets if target.in_content]
    templates = _templates(weighed)
    return [target for target, points in weighed if points + _benefit(target.shape, templates) >= ENOUGH]


def weight(target: Target) -> int:
    """The points of one target by itself."""
    links = target.in_content
    return (
        _address(target.shape)
        + max(_text(words(link.text or link.label)) for link in links)
        + IN_HEADING * any(link.has_heading for link in links)
        + IN_TEASER * any(link.teaser is not None for link in links)
        + IN_HEADER * all(link.place is Place.HEADER for link in links)
        + IN_FURNITURE * all(link.place not in CONTENT for link in links)
    )


def _address(form: Shape) -> int:
    number = IDENTIFIED if form.identifier else NUMBERED if form.numbered else 0
    slug = LONG_SLUG if form.slug_words >= LONG_SLUG_WORDS else SLUG if form.slug_words >= SLUG_WORDS else 0
    shallow = form.depth <= 1 and form.slug_words <= 1 and not number
    return (
        number
        + slug
        + DATED * (form.date is not None)
        + PAGE_FILE * form.page_file
        + SHALLOW * shallow
        + SELDOM * form.seldom
    )


def _text(count: int) -> int:
    if count >= HEADLINE_WORDS:
        return HEADLINE
    if count >= PHRASE_WORDS:
        return PHRASE
    return ONE_WORD if count == 1 else 0


def _templates(weighed: Iterable[tuple[Target, int]]) -> frozenset[tuple[str, ...]]:
    """The patterns that several sure articles share, if they say more than a section's address could."""
    sure = Counter(
        target.shape.pattern for target, points in weighed if points >= ENOUGH and _telling(target.shape)
    )
    return frozenset(pattern for pattern, count in sure.items() if count >= TEMPLATE_ARTICLES)


def _telling(form: Shape) -> bool:
    return bool(form.date or form.identifier or form.numbered or form.slug_words >= SLUG_WORDS)


def _benefit(form: Shape, templates: frozenset[tuple[str, ...]]) -> int:
    return TEMPLATE if form.pattern in templates and not form.seldom else 0
