"""What speaks for a field's value and what against it: the candidates of an article, compared. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from storage.records import Candidate
from storage.urls import key
from storage.words import words

DATES = ("date_published", "date_modified")
ADDRESSES = ("canonical_url",)


def conflicts(evidence: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that say something else than the one that was chosen for their field.

    Letter case, punctuation and spelling of an address are no difference, a zone none
    between dates, and what says less ("Storm" for "Storm hits coast") does not object.
    """
    evidence = tuple(evidence)
    chosen = {candidate.field: candidate for candidate in evidence if candidate.chosen}
    return tuple(
        candidate
        for candidate in evidence
        if candidate.value and candidate.field in chosen and not agree(candidate, chosen[candidate.field])
    )


def agree(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates of one field say the same, or one of them less."""
    if one.value == other.value:
        return True
    if one.field in DATES:
        return _same_moment(one.value, other.value)
    if one.field in ADDRESSES:
        return key(one.value) == key(other.value)
    left, right = words(one.value), words(other.value)
    if one.field == "byline":
        return _same_names(set(left), set(right))
    return " ".join(left) in " ".join(right) or " ".join(right) in " ".join(left)


def _same_names(one: set[str], other: set[str]) -> bool:
    """Whether two lines share a name, whatever else they say: "By Ada Holm, 2 March", "Author: Ada Holm"."""
    return len(one & other) >= min(2, len(one), len(other))


def _same_moment(one: str, other: str) -> bool:
    """Whether two ISO 8601 dates are one instant, or one is the day of the other."""
    try:
        left, right = (dt.datetime.fromisoformat(text) for text in (one, other))
    except ValueError:
        return False
    if left.tzinfo is None or right.tzinfo is None:
        return left.date() == right.date()
    return abs(left - right) < dt.timedelta(minutes=1)
