"""The address that the article lives at."""

from __future__ import annotations

import pytest

from crawler.extraction.canonical import canonical_url
from tests.news_page import URL, clues, page


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="/news/2026/pier">', "https://www.harbourpost.example/news/2026/pier"),
        ('<meta property="og:url" content="https://www.harbourpost.example/pier">', "https://www.harbourpost.example/pier"),
        # Another site's, the home page's, none.
        ('<link rel="canonical" href="https://agency.example/pier">', URL),
        ('<link rel="canonical" href="https://harbourpost.example.evil.example/pier">', URL),
        ('<link rel="canonical" href="https://www.harbourpost.example/">', URL),
        ('<link rel="canonical" href="http://[">', URL),
        ('<link rel="canonical" href="javascript:alert(1)">', URL),
        ("", URL),
    ],
)  # fmt: skip
def test_canonical_url(head: str, expected: str) -> None:
    assert canonical_url(clues(page("", head))).value == expected


def test_another_host_of_the_same_site_is_trusted() -> None:
    head = '<link rel="canonical" href="https://www.hafenpost.de/pier">'
    assert canonical_url(clues(page("", head), "https://m.hafenpost.de/pier?x=1")).value == (
        "https://www.hafenpost.de/pier"
    )


def test_relative_addresses_hang_on_base() -> None:
    head = '<base href="https://www.harbourpost.example/archive/"><link rel="canonical" href="pier">'
    assert canonical_url(clues(page("", head))).value == "https://www.harbourpost.example/archive/pier"


def test_what_was_not_trusted_is_evidence() -> None:
    head = '<link rel="canonical" href="https://agency.example/pier">'
    candidates = canonical_url(clues(page("", head))).candidates("canonical_url")
    assert [(c.value, c.chosen) for c in candidates] == [("https://agency.example/pier", False), (URL, True)]


@pytest.mark.parametrize("url", ["", "http://[", "x:y"])
def test_odd_addresses_of_the_page_itself(url: str) -> None:
    assert canonical_url(clues(page(""), url)).value == url
