"""The articles that a home or section page links to, by structure. Pure; any language, no rule for a site.

Every link is scored for what its address looks like (a date, a slug, a number), what it says (a headline is
long) and where it stands (in a heading, in a teaser); links of one page whose addresses come from one
template lend each other weight. Several links to one address (picture, headline, "read more") are one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crawler.discovery.anchors import Anchor, Links, Place
from crawler.discovery.anchors import read as read_anchors
from crawler.discovery.dates import instant
from crawler.discovery.paging import next_page
from crawler.discovery.shapes import Shape, page_number, shape
from crawler.extraction.document import parse
from crawler.items import Discovered
from storage.urls import is_home_page, key, same_site

# What speaks for an article, in points, and how many make one.
ARTICLE_POINTS = 4
DATE_POINTS = 3
IDENTIFIER_POINTS = 2
NUMBER_POINTS = 1
LONG_SLUG_POINTS = 2
SLUG_POINTS = 1
PAGE_FILE_POINTS = 1
LONG_TEXT_POINTS = 3
TEXT_POINTS = 2
ONE_WORD_POINTS = -1
HEADING_POINTS = 2
TEASER_POINTS = 1
TEMPLATE_POINTS = 2
SHALLOW_POINTS = -2
HEADER_POINTS = -2

TEMPLATE_LINKS = 3  # so many sure articles make their address's pattern a template
MAX_SECTIONS = 50
MENU_LINKS = 3
SECTION_WORDS = 3

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A home or section page as a way to articles."""

    articles: tuple[Discovered, ...] = ()
    # In the page's order, each URL once, the link's text as title.
    sections: tuple[str, ...] = ()
    # What its menus link to on the same site.
    next_page: str | None = None


class _Target(NamedTuple):
    """All links of a page to one address."""

    url: str
    shape: Shape
    anchors: tuple[Anchor, ...]

    @property
    def title(self) -> str | None:
        """The longest text among its links, those in headings first."""
        best = max(
            self.anchors, key=lambda anchor: (anchor.has_heading and bool(anchor.text), words(anchor.text))
        )
        return best.text or max((anchor.label for anchor in self.anchors), key=len) or None


def links(body: bytes, url: str) -> Listing:
    """What the page `body` at `url` links to; empty for what is no page."""
    document = parse(body, url)
    page = read_anchors(document)
    return Listing(
        articles=tuple(_articles(page, url)),
        sections=sections(page.anchors, url),
        next_page=next_page([a for a in page.anchors if same_site(a.url, url)], url),
    )


def sections(anchors: Sequence[Anchor], url: str) -> tuple[str, ...]:
    """Where the menus of the page at `url` lead to on the same site; each once."""
    menus = [a for a in anchors if a.place in (Place.NAVIGATION, Place.HEADER)]
    found = _section_urls(menus, url) or _section_urls(_unmarked_menus(anchors, url), url)
    return found[:MAX_SECTIONS]


def words(text: str) -> int:
    """How many words `text` has; five letters of a script without spaces count as two."""
    return sum(max(1, 2 * len(w) // 5) if ord(w[0]) > 0x2E7F else 1 for w in _WORDS.findall(text))


def _articles(page: Links, url: str) -> Iterable[Discovered]:
    targets = [target for target in _targets(page.anchors, url) if _may_be_article(target, url)]
    points = {target.url: _points(target) for target in targets}
    templates = _templates(targets, points)
    chosen = [
        t
        for t in targets
        if points[t.url] + TEMPLATE_POINTS * (t.shape.pattern in templates) >= ARTICLE_POINTS
    ]
    times = _times(chosen, page.times)
    for target in chosen:
        yield Discovered(
            url=target.url, title=target.title, published=times.get(target.url) or _day(target.shape.date)
        )


def _targets(anchors: Iterable[Anchor], url: str) -> list[_Target]:
    """The same site's addresses, in the order of their first links."""
    grouped: dict[str, list[Anchor]] = {}
    for anchor in anchors:
        grouped.setdefault(key(anchor.url), []).append(anchor)
    own = key(url)
    return [
        _Target(group[0].url, shape(group[0].url), tuple(group))
        for folded, group in grouped.items()
        if folded != own and same_site(group[0].url, url)
    ]


def _may_be_article(target: _Target, url: str) -> bool:
    """Whether nothing rules the address out: its kind, its place, being another page of this list."""
    form = target.shape
    if form.other_file or is_home_page(target.url) or page_number(target.url)[0] == page_number(url)[0]:
        return False
    if form.never and not (form.date or form.identifier):
        return False
    places = {anchor.place for anchor in target.anchors}
    return bool(places & {Place.CONTENT, Place.HEADER}) and not any(
        "tag" in a.relations for a in target.anchors
    )


def _points(target: _Target) -> int:
    content = [a for a in target.anchors if a.place in (Place.CONTENT, Place.HEADER)]
    in_header = all(anchor.place is Place.HEADER for anchor in content)
    return (
        _address_points(target.shape)
        + max(_text_points(words(anchor.text or anchor.label)) for anchor in content)
        + HEADING_POINTS * any(anchor.has_heading for anchor in content)
        + TEASER_POINTS * any(anchor.teaser is not None for anchor in content)
        + HEADER_POINTS * in_header
    )


def _address_points(form: Shape) -> int:
    slug = LONG_SLUG_POINTS if form.slug_words >= 4 else SLUG_POINTS if form.slug_words == 3 else 0
    number = IDENTIFIER_POINTS if form.identifier else NUMBER_POINTS if form.numbered else 0
    shallow = form.depth <= 1 and form.slug_words <= 1 and not number
    return (
        DATE_POINTS * bool(form.date)
        + slug
        + number
        + PAGE_FILE_POINTS * form.page_file
        + SHALLOW_POINTS * shallow
    )


def _text_points(count: int) -> int:
    if count >= 6:
        return LONG_TEXT_POINTS
    if count >= 4:
        return TEXT_POINTS
    return ONE_WORD_POINTS if count == 1 else 0


def _templates(targets: Iterable[_Target], points: Mapping[str, int]) -> frozenset[tuple[str, ...]]:
    """The address patterns that several sure articles share."""
    sure = Counter(t.shape.pattern for t in targets if points[t.url] >= ARTICLE_POINTS and _telling(t.shape))
    return frozenset(pattern for pattern, count in sure.items() if count >= TEMPLATE_LINKS)


def _telling(form: Shape) -> bool:
    """Whether an address says more than words that a section could have."""
    return bool(form.date or form.identifier or form.numbered or form.slug_words >= 3)


def _times(targets: Iterable[_Target], times: Mapping[int, str]) -> dict[str, dt.datetime]:
    """When each article came out, where its teaser is its alone and gives a time."""
    teasers: dict[int, set[str]] = {}
    for target in targets:
        for anchor in target.anchors:
            if anchor.teaser is not None:
                teasers.setdefault(anchor.teaser, set()).add(target.url)
    read = ((urls.pop(), instant(times.get(teaser))) for teaser, urls in teasers.items() if len(urls) == 1)
    return {url: time for url, time in read if time}


def _day(date: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(date, dt.time(), dt.UTC) if date else None


def _section_urls(anchors: Iterable[Anchor], url: str) -> tuple[str, ...]:
    own = {key(url)}
    found = {key(a.url): a.url for a in reversed(list(anchors)) if _is_section(a, url)}
    return tuple(address for folded, address in reversed(found.items()) if folded not in own)


def _is_section(anchor: Anchor, url: str) -> bool:
    form = shape(anchor.url)
    same_host_root = is_home_page(anchor.url) and key(anchor.url) == key(url)
    plain = not (form.date or form.identifier or form.numbered or form.other_file or form.never)
    return (
        plain
        and not same_host_root
        and same_site(anchor.url, url)
        and form.slug_words <= SECTION_WORDS
        and 1 <= words(anchor.text or anchor.label) <= SECTION_WORDS
    )


def _unmarked_menus(anchors: Iterable[Anchor], url: str) -> list[Anchor]:
    """Links in rows of short links, for pages that mark no menu as one."""
    content = [a for a in anchors if a.place is Place.CONTENT and not a.has_heading]
    rows = Counter(a.group for a in content if _is_section(a, url))
    return [a for a in content if rows[a.group] >= MENU_LINKS and _is_section(a, url)]
