"""Which candidates object to what was chosen."""

from __future__ import annotations

import pytest

from storage.evidence import agree, conflicts
from storage.records import Candidate


def candidate(field: str, value: str, *, chosen: bool = False) -> Candidate:
    return Candidate(field=field, value=value, origin="o", chosen=chosen)


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("headline", "Storm!", "storm", True),
        ("headline", "Storm hits coast", "Storm hits coast - The Herald", True),
        ("headline", "Storm hits coast", "Calm at sea", False),
        ("byline", "By Ada Holm in Oslo", "Ada Holm", True),
        ("byline", "By Ada Holm, 2 March", "Author: Ada Holm", True),
        ("byline", "Ada Holm", "Ada Ek", False),
        ("byline", "Redaktion", "Von der Redaktion", True),
        ("byline", "Ada Holm", "Bo Ek", False),
        ("date_published", "2026-03-02T10:00:00+01:00", "2026-03-02T09:00:00+00:00", True),
        ("date_published", "2026-03-02T10:00:00+01:00", "2026-03-02T10:00:00+00:00", False),
        ("date_published", "2026-03-02T10:00:00+01:00", "2026-03-02", True),
        ("date_published", "2026-03-02T10:00:00+01:00", "2026-03-03", False),
        ("date_published", "2026-03-02", "yesterday", False),
        ("canonical_url", "https://a.example/x?utm_source=y", "https://a.example/x", True),
        ("canonical_url", "https://a.example/x", "https://a.example/y", False),
    ],
)
def test_agree(field: str, one: str, other: str, same: bool) -> None:
    assert agree(candidate(field, one), candidate(field, other)) is same
    assert agree(candidate(field, other), candidate(field, one)) is same


def test_only_what_differs_from_the_chosen_one_conflicts() -> None:
    chosen = candidate("headline", "Storm hits coast", chosen=True)
    other = candidate("headline", "Calm at sea")
    lone = candidate("byline", "Ada Holm")
    assert conflicts((chosen, candidate("headline", "storm hits coast"), other, lone)) == (other,)
