"""Printing: dates from a given time, expectations from age, the same result for the same arguments."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.demo.announcements import announced
from crawler.demo.content import outlets
from crawler.demo.other_pages import EXPECTED, slugify
from crawler.demo.outlet import Outlet
from crawler.demo.press import print_outlet
from storage.records import BlockKind, Outcome

NOW = dt.datetime(2026, 3, 14, 10, 20, 33, tzinfo=dt.UTC)
BASE = "http://127.0.0.1:8081"
TIMES = st.datetimes(
    dt.datetime(2001, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    dt.datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)


def printed(now: dt.datetime = NOW, *, advanced: bool = False) -> list[Outlet]:
    return [print_outlet(text, BASE, now, advanced=advanced) for text in outlets()]


@settings(max_examples=20, deadline=None)
@given(TIMES)
def test_stories_keep_their_ages(now: dt.datetime) -> None:
    for outlet in printed(now, advanced=True):
        for story in outlet.stories:
            age = now - story.published
            rounding = age - dt.timedelta(hours=story.manuscript.hours_ago)
            assert dt.timedelta() <= rounding < dt.timedelta(minutes=1)
            assert story.touched <= now
            assert (story.expected_outcome is Outcome.PENDING) == (age > dt.timedelta(days=7))


@settings(max_examples=10, deadline=None)
@given(TIMES)
def test_urls_are_unique(now: dt.datetime) -> None:
    for outlet in printed(now):
        urls = [story.url for story in outlet.stories] + [page.url for page in outlet.pages]
        assert len(urls) == len(set(urls))


def test_same_arguments_same_paper() -> None:
    assert printed() == printed()


def test_recent_and_old() -> None:
    ages = [NOW - story.published for outlet in printed() for story in outlet.stories]
    assert sum(age < dt.timedelta(days=2) for age in ages) >= 20
    assert sum(age > dt.timedelta(days=7) for age in ages) >= 10
    assert max(ages) > dt.timedelta(days=150)
    # Nothing stands so near a limit that the length of a test decides.
    assert not any(dt.timedelta(days=6) < age < dt.timedelta(days=10) for age in ages)


def test_days_are_days_and_instants_have_their_zone() -> None:
    stories = [story for outlet in printed() for story in outlet.stories]
    days = [s for s in stories if not isinstance(s.date_published, dt.datetime)]
    assert {s.design for s in days} >= {"homemade", "classic"}
    offsets = {s.language: s.date_published.utcoffset() for s in stories if s not in days}  # type: ignore[union-attr]
    assert offsets["ja"] == dt.timedelta(hours=9)
    assert offsets["de"] == dt.timedelta(hours=1)


def test_home_made_pages_name_no_keywords() -> None:
    assert not any(s.keywords for outlet in printed() for s in outlet.stories if s.design == "homemade")


def test_advance_edits_one_removes_one_publishes_two() -> None:
    before = {story.url: story for outlet in printed() for story in outlet.stories}
    after = {story.url: story for outlet in printed(advanced=True) for story in outlet.stories}
    assert len(after.keys() - before.keys()) == 2
    (gone,) = before.keys() - after.keys()
    (edited,) = [url for url in before.keys() & after.keys() if before[url] != after[url]]
    assert before[edited].headline != after[edited].headline
    assert len(after[edited].body) == len(before[edited].body) + 1
    assert after[edited].body[1:] == before[edited].body
    assert after[edited].body[0].kind is BlockKind.PARAGRAPH
    assert after[edited].published == before[edited].published
    assert after[edited].touched > before[edited].touched
    pages = {page.url: page for outlet in printed(advanced=True) for page in outlet.pages}
    assert pages[gone].expected_outcome is Outcome.GONE


def test_every_kind_of_page_is_there() -> None:
    kinds = {page.kind for outlet in printed() for page in outlet.pages}
    assert kinds == EXPECTED.keys()


def test_aliases_lead_to_stories() -> None:
    for outlet in printed():
        urls = {story.url for story in outlet.stories}
        for page in outlet.pages:
            is_alias = page.expected_outcome in (Outcome.DUPLICATE, Outcome.REDIRECTED)
            assert (page.story in urls) == is_alias, page


def test_announced_is_accounted_for() -> None:
    for outlet in printed():
        known = {story.url for story in outlet.stories} | {page.url for page in outlet.pages}
        assert announced(outlet) <= known


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("María Solís", "maria-solis"),
        ("TV Lindtal", "tv-lindtal"),
        ("佐伯美緒", "%E4%BD%90%E4%BC%AF%E7%BE%8E%E7%B7%92"),
    ],
)
def test_slugify(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text())
def test_slugs_are_fit_for_a_path(name: str) -> None:
    slug = slugify(name)
    assert slug.isascii()
    assert not set(slug) & set("/?# ")
