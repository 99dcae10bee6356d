"""A source's own selectors on one page: what they find goes before all that the general passes find.

applying   the override that holds on the day of the page's fetch
asked      the page without what it removes, and its selectors ready to be asked: `Picks`
missed     the evidence for selectors that gave nothing; there the general passes decide
digest     an override's short name, part of what an article was made by
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from time import process_time
from typing import Any, TypeAlias

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.document import Document
from crawler.extraction.evidence import Offer
from crawler.extraction.text import LONGEST, clean, visible_text, word_set
from crawler.sources import Override
from crawler.sources.selectors import SelectorError, compiled
from storage.records import Candidate

# So that no page makes an innocent selector slow: libxml2 takes minutes for "li ~ li" in a list of 10,000.
# Of 132 news pages the largest has 3,300 elements, and 160,000 pairs of them that stand in or beside another.
MOST_ELEMENTS, MOST_PAIRS = 20_000, 500_000
# What all selectors together may take of a page's reading, in seconds; those left are not asked.
SECONDS = 5.0
# Matches of one selector that are read.
MOST_MATCHES = 300
# Elements that show nothing themselves.
_HEAD_TAGS = word_set("meta title link")

Match: TypeAlias = HtmlElement | str


def applying(overrides: Iterable[Override], fetched_at: dt.datetime | None) -> Override | None:
    """The latest of `overrides` that holds for a page of that time; today's where it is not known."""
    day = (fetched_at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).date()
    held = (one for one in overrides if _first_day(one) <= day)
    return max(held, key=_first_day, default=None)


def _first_day(override: Override) -> dt.date:
    return override.valid_from or dt.date.min


def digest(override: Override | None) -> str:
    """Twelve hexadecimal digits, the same wherever the selectors are the same; "" where there are none."""
    if override is None or not (override.remove or override.selectors):
        return ""
    written = json.dumps({"remove": override.remove, **override.selectors}, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def origin(selector: str) -> str:
    """Where a value stood that `selector` found, as evidence has it."""
    return f"override:{selector}"


@dataclass(eq=False, slots=True)
class Picks:
    """What an override's selectors find on a page, each asked once."""

    tree: HtmlElement | None = None
    override: Override | None = None
    _known: dict[str, tuple[Match, ...]] = field(default_factory=dict)
    _left: float = SECONDS

    def matches(self, name: str) -> tuple[Match, ...]:
        """The elements and texts that are `name`'s, in the page's order."""
        selector = self._selector(name)
        if not selector:
            return ()
        if name not in self._known:
            self._known[name] = tuple(islice(self.ask(selector), MOST_MATCHES))
        return self._known[name]

    def elements(self, name: str) -> tuple[HtmlElement, ...]:
        """The elements alone."""
        return tuple(match for match in self.matches(name) if isinstance(match, HtmlElement))

    def texts(self, name: str, *attributes: str) -> Iterator[Offer[str]]:
        """What each match says: in the first of `attributes` that it has, and in its text."""
        for match in self.matches(name):
            shown = (match,) if isinstance(match, HtmlElement) and match.tag not in _HEAD_TAGS else ()
            for text in _readings(match, attributes):
                yield Offer(text, self.origin(name), shown)

    def origin(self, name: str) -> str:
        """`name`'s origin in the evidence."""
        return origin(self._selector(name))

    def _selector(self, name: str) -> str:
        return self.override.selectors.get(name, "") if self.override else ""

    def ask(self, selector: str) -> Iterator[Match]:
        """What `selector` finds; nothing where it fails, or where others have taken too long."""
        if self.tree is None or self._left <= 0:
            return
        start = process_time()
        found: Any = []
        with contextlib.suppress(etree.XPathError, SelectorError, MemoryError):
            found = compiled(selector)(self.tree)
        self._left -= process_time() - start
        for match in found if isinstance(found, list) else (found,):
            if isinstance(match, HtmlElement):
                yield match
            elif isinstance(match, str):
                yield match[:LONGEST]


def _readings(match: Match, attributes: tuple[str, ...]) -> Iterator[str]:
    said: tuple[str | None, ...] = (match,) if isinstance(match, str) else ()
    if isinstance(match, HtmlElement):
        named = next((value for name in attributes if (value := match.get(name))), None)
        said = (named, visible_text(match) or match.get("content"))
    yield from dict.fromkeys(text for value in said if (text := clean((value or "")[:LONGEST])))


def asked(document: Document, override: Override | None) -> Picks:
    """`override` on this page, after its tree has lost what is to be removed."""
    if override is None:
        return Picks()
    picks = Picks(None if _is_beyond_reason(document.tree) else document.tree, override)
    for selector in override.remove:
        for element in list(picks.ask(selector)):
            if isinstance(element, HtmlElement) and element.getparent() is not None:
                element.drop_tree()
    return picks


def _is_beyond_reason(tree: HtmlElement) -> bool:
    """Whether the page has more elements, or these more neighbours, than any that people read."""
    depths: dict[HtmlElement, int] = {}
    pairs = 0
    for element in tree.iter():
        parent = element.getparent()
        depths[element] = depth = depths.get(parent, 0) + 1 if parent is not None else 0
        pairs += depth + len(element) ** 2
        if len(depths) > MOST_ELEMENTS or pairs > MOST_PAIRS:
            return True
    return False


def missed(picks: Picks, evidence: Iterable[Candidate]) -> Iterator[Candidate]:
    """An empty candidate for each selector that is not in the evidence: it found nothing here."""
    known = {(candidate.field, candidate.origin) for candidate in evidence}
    for name in picks.override.selectors if picks.override else ():
        if (name, picks.origin(name)) not in known:
            yield Candidate(field=name, value="", origin=picks.origin(name))


def outermost(elements: Iterable[HtmlElement]) -> tuple[HtmlElement, ...]:
    """`elements` without those that stand in another of them."""
    every = dict.fromkeys(elements)
    return tuple(element for element in every if not any(node in every for node in element.iterancestors()))
