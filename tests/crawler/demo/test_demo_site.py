"""The site as a pure function of path and visits."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.demo.content import outlets
from crawler.demo.other_pages import EXPECTED
from crawler.demo.press import print_outlet
from crawler.demo.site import PAGES, Site, without_tracking

NOW = dt.datetime(2026, 3, 14, 10, 20, tzinfo=dt.UTC)
SITES = [Site(print_outlet(text, "http://127.0.0.1:8081", NOW)) for text in outlets()]


@given(st.text(), st.integers(0, 3))
def test_every_target_gets_an_answer(target: str, visits: int) -> None:
    for site in SITES:
        assert site.answer(f"/{target}", visits).status in (200, 404)
        assert site.answer(target, visits).status in (200, 404)


@pytest.mark.parametrize("target", ["//[x", "/%", "/?%ff", "*", "http://other.example/", "/feed?&&=&"])
def test_odd_targets(target: str) -> None:
    assert SITES[0].answer(target, 0).status in (200, 404)


def test_each_kind_of_page_has_an_expectation_and_a_maker() -> None:
    assert PAGES.keys() == EXPECTED.keys()


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/a", "/a"),
        ("/a?utm_source=rss&utm_medium=feed", "/a"),
        ("/read.php?id=7&utm_source=rss", "/read.php?id=7"),
        ("/search?q=ferry", "/search?q=ferry"),
        ("/search?q=", "/search?q="),
    ],
)
def test_without_tracking(target: str, kept: str) -> None:
    assert without_tracking(target) == kept


@given(st.text())
def test_without_tracking_twice_is_once(target: str) -> None:
    once = without_tracking(target)
    assert without_tracking(once) == once
