"""What a page offered for a field, where each offer stood, and which one was taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Generic, TypeVar

from lxml.html import HtmlElement

from storage.records import Candidate

T = TypeVar("T")

# Evidence is for people: so many offers a field, so many characters an offer.
_MOST = 16
_LONGEST = 500
# How many elements around one its path names, and how long each name may be.
_LEVELS = 3
_LONGEST_STEP = 40

# The rule of fields whose offers come in order of trust.
IN_ORDER = "the first in order of trust"
OWN_SELECTOR = "the source's own selector"


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """One value that the page offers for a field."""

    value: T
    origin: str
    # "json-ld:author", "meta:og:title", "h1", "time[datetime]" …
    elements: tuple[HtmlElement, ...] = ()
    # Where the page shows it, so that the body can leave it out.


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a field's module settled on, with all that it had to choose from."""

    taken: Offer[T] | None = None
    offers: tuple[Offer[T], ...] = ()
    rule: str = IN_ORDER
    # Why the one taken was, in a few words for people.

    @property
    def value(self) -> T | None:
        """The value that was taken."""
        return self.taken.value if self.taken else None

    @property
    def elements(self) -> tuple[HtmlElement, ...]:
        """The elements that show the value, where any do."""
        return self.taken.elements if self.taken else ()

    def before(self, other: Found[T]) -> Found[T]:
        """What a source's own selector found, else what was taken there; with all offers of both."""
        offers = (*self.offers, *other.offers)
        return Found(self.taken, offers, OWN_SELECTOR) if self.taken else replace(other, offers=offers)

    def candidates(self, field: str, text: Callable[[T], str] = str) -> tuple[Candidate, ...]:
        """The offers as `field`'s evidence, each value and origin once, the one taken marked."""
        kept: dict[tuple[str, str], Candidate] = {}
        for offer in self.offers:
            value, chosen = text(offer.value)[:_LONGEST], offer is self.taken
            if chosen or ((value, offer.origin) not in kept and len(kept) < _MOST):
                kept[value, offer.origin] = Candidate(
                    field=field,
                    value=value,
                    origin=offer.origin,
                    path=_path(offer.elements[0]) if offer.elements else None,
                    chosen=chosen,
                    rule=self.rule if chosen else None,
                )
        return tuple(kept.values())


def first(offers: Iterable[Offer[T]], rule: str = IN_ORDER) -> Found[T]:
    """The first offer is taken: for fields whose offers come in order of trust."""
    every = tuple(offers)
    return Found(every[0] if every else None, every, rule)


def _path(element: HtmlElement) -> str:
    """Where `element` stands, by its nearest ancestors: "main > article.story > h1"."""
    return " > ".join(_step(node) for node in reversed([element, *islice(element.iterancestors(), _LEVELS)]))


def _step(node: HtmlElement) -> str:
    name, classes = node.get("id"), (node.get("class") or "").split()
    mark = f"#{name}" if name else f".{classes[0]}" if classes else ""
    return f"{node.tag}{mark}"[:_LONGEST_STEP]
