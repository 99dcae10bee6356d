"""Whether a story is free to read."""

from __future__ import annotations

import pytest

from crawler.extraction.access import is_accessible_for_free
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
