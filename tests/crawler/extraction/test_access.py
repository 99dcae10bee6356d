"""Whether a story is free to read."""

from __future__ import annotations

import pytest

from crawler.extraction.access import is_accessible_for_free, paywall_selector
from tests.news_page import clues, json_ld, page


def article(rest: str) -> str:
    return json_ld(f'{{"@type": "NewsArticle", {rest}}}')


@pytest.mark.parametrize(
    ("head", "free"),
    [
        (article('"isAccessibleForFree": false'), False),
        (article('"isAccessibleForFree": "False"'), False),
        (article('"isAccessibleForFree": true'), True),
        (article('"isAccessibleForFree": "http://schema.org/True"'), True),
        (article('"hasPart": {"isAccessibleForFree": "False", "cssSelector": ".paywall"}'), False),
        ('<meta property="article:content_tier" content="locked">', False),
        ('<meta property="article:content_tier" content="free">', True),
        ('<meta property="article:content_tier" content="metered">', None),
        (article('"isAccessibleForFree": "perhaps"'), None),
        ("", None),
    ],
)
def test_is_accessible_for_free(head: str, free: bool | None) -> None:
    assert is_accessible_for_free(clues(page("", head))) is free


@pytest.mark.parametrize(
    ("parts", "selector"),
    [
        ('{"isAccessibleForFree": "False", "cssSelector": ".paywall"}', ".paywall"),
        ('{"isAccessibleForFree": false, "cssSelector": [".a", ".b", ".a"]}', ".a, .b"),
        ('[{"isAccessibleForFree": true, "cssSelector": ".free"}, {"isAccessibleForFree": "false"}]', None),
        ('"a text"', None),
    ],
)
def test_paywall_selector(parts: str, selector: str | None) -> None:
    assert paywall_selector(clues(page("", article(f'"hasPart": {parts}')))) == selector
