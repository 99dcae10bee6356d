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
SAME_TEMPLATE = 3  # /news/123 where other /news/… are sure
LIKE_TEMPLATE = 2  # /sport/123 then
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

# So many sure articles make a template of what their addresses share.
TEMPLATE_ARTICLES = 3


def articles(targets: Iterable[Target]) -> list[Target]:
    """Those of `targets` that look like articles, in their order."""
    weighed = [(target, weight(target)) for target in targets if target.in_content]
    templates = _Templates(weighed)
    return [target for target, points in weighed if points + templates.benefit(target.shape) >= ENOUGH]


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
        + SELDOM * _is_seldom(form)
    )


def _text(count: int) -> int:
    if count >= HEADLINE_WORDS:
        return HEADLINE
    if count >= PHRASE_WORDS:
        return PHRASE
    return ONE_WORD if count == 1 else 0


class _Templates:
    """What the addresses of a page's sure articles have in common, where that is more than a section has."""

    def __init__(self, weighed: Iterable[tuple[Target, int]]) -> None:
        sure = [target.shape for target, points in weighed if points >= ENOUGH and _is_telling(target.shape)]
        self._exact = _frequent(form.template for form in sure)
        self._alike = _frequent(form.kinds for form in sure)

    def benefit(self, form: Shape) -> int:
        """The points of one address for coming from a template."""
        if _is_seldom(form) or not _is_telling(form):
            return 0
        return (
            SAME_TEMPLATE
            if form.template in self._exact
            else LIKE_TEMPLATE
            if form.kinds in self._alike
            else 0
        )


def _frequent(templates: Iterable[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(t for t, count in Counter(templates).items() if count >= TEMPLATE_ARTICLES)


def _is_telling(form: Shape) -> bool:
    return bool(form.date or form.identifier or form.numbered or form.slug_words >= SLUG_WORDS)


def _is_seldom(form: Shape) -> bool:
    """A tag, an author …, or a section; what has a sentence for a slug is an article in a section."""
    return form.seldom or (form.names_section and form.slug_words <= LONG_SLUG_WORDS)
