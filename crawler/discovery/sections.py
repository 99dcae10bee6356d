"""The sections that a page's menus lead to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from crawler.discovery.anchors import Anchor, Place
from crawler.discovery.shapes import shape
from crawler.discovery.wording import words
from storage import urls

MAX_SECTIONS = 50
SECTION_WORDS = 3  # in a section's name, and in its address
TOP_SECTION_WORDS = 6  # in the name of what stands at /es/ or /local/
MENU_LINKS = 3  # so many short links side by side are a menu, whatever they stand in


def sections(anchors: Sequence[Anchor], page_url: str) -> tuple[str, ...]:
    """The section pages of the same host that the menus of the page at `page_url` name; each once."""
    candidates = [anchor for anchor in anchors if _is_section(anchor, page_url)]
    menus = [a for a in candidates if a.place in (Place.NAVIGATION, Place.HEADER)]
    return _distinct(menus or _unmarked_menus(candidates), page_url)[:MAX_SECTIONS]


def _unmarked_menus(candidates: Iterable[Anchor]) -> list[Anchor]:
    """Rows of short links, for pages that mark no menu as one."""
    plain = [a for a in candidates if a.place is Place.CONTENT and not a.has_heading]
    rows = Counter(anchor.group for anchor in plain)
    return [anchor for anchor in plain if rows[anchor.group] >= MENU_LINKS]


def _is_section(anchor: Anchor, page_url: str) -> bool:
    """Whether name and address are short enough, and the address is not an article's or a service's."""
    form = shape(anchor.url)
    is_top = form.depth == 1 and form.slug_words <= 1
    return (
        1 <= words(anchor.text or anchor.label) <= (TOP_SECTION_WORDS if is_top else SECTION_WORDS)
        and form.slug_words <= SECTION_WORDS
        and not (form.date or form.identifier or form.numbered or form.other_file or form.seldom)
        and _host(anchor.url) == _host(page_url)
        and (form.depth > 0 or form.names_section)
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _distinct(anchors: Iterable[Anchor], page_url: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for anchor in anchors:
        found.setdefault(urls.key(anchor.url), anchor.url)
    found.pop(urls.key(page_url), None)
    return tuple(found.values())
