"""What a page offered for a field, where each offer stood, and which one was taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lxml.html import HtmlElement

from storage.records import Candidate

T = TypeVar("T")

# Evidence is for people: so many offers a field, so many characters an offer.
_MOST = 16
_LONGEST = 500


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

    @property
    def value(self) -> T | None:
        """The value that was taken."""
        return self.taken.value if self.taken else None

    @property
    def elements(self) -> tuple[HtmlElement, ...]:
        """The elements that show the value, where any do."""
        return self.taken.elements if self.taken else ()

    def before(self, other: Found[T]) -> Found[T]:
        """What was taken here, else what was taken there; with all offers of both."""
        return Found(self.taken or other.taken, (*self.offers, *other.offers))

    def candidates(self, field: str, text: Callable[[T], str] = str) -> tuple[Candidate, ...]:
        """The offers as `field`'s evidence, each value and origin once, the one taken marked."""
        kept: dict[tuple[str, str], Candidate] = {}
        for offer in self.offers:
            value, chosen = text(offer.value)[:_LONGEST], offer is self.taken
            if chosen or ((value, offer.origin) not in kept and len(kept) < _MOST):
                kept[value, offer.origin] = Candidate(
                    field=field, value=value, origin=offer.origin, chosen=chosen
                )
        return tuple(kept.values())


def first(offers: Iterable[Offer[T]]) -> Found[T]:
    """The first offer is taken: for fields whose offers come in order of trust."""
    every = tuple(offers)
    return Found(every[0] if every else None, every)
