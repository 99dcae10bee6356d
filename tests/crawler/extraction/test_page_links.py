"""The AMP form and the licence."""

from __future__ import annotations

import pytest

from crawler.extraction.page_links import amp_url, license_url
from tests.news_page import clues, json_ld, story_page

CC = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="amphtml" href="/amp/pier.html">', "https://www.harbourpost.example/amp/pier.html"),
        ('<link rel="amphtml" href="http://[">', None),
        ('<link rel="amphtml" href="">', None),
        ("", None),
    ],
)
def test_amp_url(head: str, url: str | None) -> None:
    assert amp_url(clues(story_page(head=head))) == url


@pytest.mark.parametrize(
    ("below", "head", "url"),
    [
        ("", json_ld(f'{{"@type": "NewsArticle", "headline": "x", "license": "{CC}"}}'), CC),
        ("", f'<link rel="license" href="{CC}">', CC),
        (f'<p><a rel="nofollow license" href="{CC}">CC BY 4.0</a></p>', "", CC),
        ("", json_ld('{"@type": "NewsArticle", "headline": "x", "license": "all rights reserved"}'),
         "https://www.harbourpost.example/news/2026/all rights reserved"),
        ('<p><a href="/imprint">Imprint</a></p>', "", None),
    ],
)  # fmt: skip
def test_license_url(below: str, head: str, url: str | None) -> None:
    assert license_url(clues(story_page(below=below, head=head))) == url
