"""Validators go back to the server as they came."""

from __future__ import annotations

import pytest

from crawler.fetching.conditional import condition, validators


@pytest.mark.parametrize(
    ("etag", "last_modified", "headers"),
    [
        (None, None, {}),
        ("", "", {}),
        ('W/"7"', None, {"If-None-Match": 'W/"7"'}),
        (None, "Sun, 06 Nov 1994", {"If-Modified-Since": "Sun, 06 Nov 1994"}),
        ('"7"', "Sun", {"If-None-Match": '"7"', "If-Modified-Since": "Sun"}),
    ],
)
def test_condition(etag: str | None, last_modified: str | None, headers: dict[str, str]) -> None:
    assert condition(etag, last_modified) == headers


def test_what_came_goes_back() -> None:
    assert validators({"etag": '"7"', "last-modified": "Sun", "x": "y"}) == ('"7"', "Sun")
    assert validators({"etag": ""}) == (None, None)
