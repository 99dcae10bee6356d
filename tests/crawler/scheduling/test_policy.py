"""What to fetch and when to look again: tables, and what holds for all values."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Discovered, EndpointKind
from crawler.scheduling.policy import LONGEST_REST, MAX_ATTEMPTS, Appetite, asks_child, is_removed, next_fetch
from storage.records import Outcome

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
KINDS, FEED, SITEMAP = EndpointKind, EndpointKind.FEED, EndpointKind.SITEMAP
MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2050, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


def _days_ago(days: float | None) -> dt.datetime | None:
    return None if days is None else NOW - days * DAY


@pytest.mark.parametrize(
    ("kind", "published", "modified", "wanted"),
    [
        (FEED, None, None, True),
        (FEED, 4000, None, True),
        (KINDS.NEWS_SITEMAP, 30, None, True),
        (KINDS.LISTING, None, None, True),
        (KINDS.GIVEN, 4000, None, True),
        (SITEMAP, None, None, False),
        (SITEMAP, 6.9, None, True),
        (SITEMAP, 7.1, None, False),
        (SITEMAP, 4000, 1, True),
        (SITEMAP, None, 8, False),
    ],
)
def test_a_plain_appetite(
    kind: EndpointKind, published: float | None, modified: float | None, wanted: bool
) -> None:
    item = Discovered(url="u", published=_days_ago(published), modified=_days_ago(modified))
    assert Appetite().wants(item, kind, NOW) is wanted


@pytest.mark.parametrize(
    ("kind", "published", "wanted"),
    [
        *((SITEMAP, 19, True), (SITEMAP, 21, False), (SITEMAP, None, False)),
        *((FEED, 19, True), (FEED, 21, False), (FEED, None, True), (KINDS.GIVEN, 21, True)),
    ],
)
def test_since(kind: EndpointKind, published: float | None, wanted: bool) -> None:
    item = Discovered(url="u", published=_days_ago(published))
    assert Appetite(since=NOW - 20 * DAY).wants(item, kind, NOW) is wanted


@given(st.sampled_from(EndpointKind), st.none() | MOMENTS, st.none() | MOMENTS)
def test_all_is_all(kind: EndpointKind, published: dt.datetime | None, modified: dt.datetime | None) -> None:
    item = Discovered(url="u", published=published, modified=modified)
    assert Appetite(take_all=True, since=NOW).wants(item, kind, NOW)


@pytest.mark.parametrize(
    ("outcome", "attempts", "minutes"),
    [
        (Outcome.NETWORK_ERROR, 0, 15),
        (Outcome.NETWORK_ERROR, 1, 30),
        (Outcome.HTTP_ERROR, 4, 240),
        (Outcome.HTTP_ERROR, 5, None),
        (Outcome.CONSENT_WALL, 0, 24 * 60),
        (Outcome.EXTRACT_ERROR, 0, 7 * 24 * 60),
        (Outcome.EXTRACT_ERROR, 5, None),
        *(
            (outcome, 0, None)
            for outcome in (Outcome.STORED, Outcome.GONE, Outcome.ROBOTS, Outcome.TOO_LARGE)
        ),
    ],
)
def test_when_to_look_again(outcome: Outcome, attempts: int, minutes: int | None) -> None:
    expected = NOW + minutes * MINUTE if minutes else None
    assert next_fetch(outcome, attempts=attempts, now=NOW) == expected


def test_what_seems_to_be_gone_gets_a_second_look() -> None:
    assert next_fetch(Outcome.GONE, attempts=0, now=NOW, in_doubt=True) == NOW + 60 * MINUTE
    assert next_fetch(Outcome.GONE, attempts=0, now=NOW, in_doubt=True, retry_after=60) == NOW + MINUTE


@pytest.mark.parametrize(
    ("outcome", "status", "before", "removed"),
    [
        (Outcome.GONE, 410, Outcome.STORED, True),
        (Outcome.GONE, 404, Outcome.STORED, False),
        (Outcome.GONE, 200, Outcome.UNCHANGED, False),
        (Outcome.GONE, 404, Outcome.GONE, True),
        (Outcome.GONE, 200, Outcome.GONE, True),
        (Outcome.GONE, 404, Outcome.NETWORK_ERROR, False),
        (Outcome.HTTP_ERROR, 451, Outcome.GONE, False),
        (Outcome.NOT_ARTICLE, 200, Outcome.GONE, False),
    ],
)
def test_when_an_article_is_removed(outcome: Outcome, status: int, before: Outcome, removed: bool) -> None:
    assert is_removed(outcome, status, before=before) is removed


def test_retry_after_counts_up_to_a_week() -> None:
    ask = {"outcome": Outcome.HTTP_ERROR, "attempts": 9, "now": NOW}
    assert next_fetch(**ask, retry_after=90) == NOW + 1.5 * MINUTE  # type: ignore[arg-type]
    assert next_fetch(**ask, retry_after=999_999_999) == NOW + LONGEST_REST  # type: ignore[arg-type]


@given(st.sampled_from(Outcome), st.integers(0, 10**6), st.none() | st.floats(0, 10**9))
def test_it_is_never_due_in_the_past_nor_for_ever(
    outcome: Outcome, attempts: int, retry_after: float | None
) -> None:
    due = next_fetch(outcome, attempts=attempts, now=NOW, retry_after=retry_after)
    assert due is None or NOW <= due <= NOW + LONGEST_REST
    assert due is None or retry_after is not None or attempts < MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("modified", "last_success", "last_new", "asked"),
    [
        (None, None, None, True),
        (9, None, None, True),
        (1, 2, 0, True),
        (2, 1, 50, False),
        (None, 0.5, 1, True),
        (None, 0.5, 0, False),
        (None, 0.5, None, False),
        (None, 1.0, 0, True),
    ],
)
def test_sitemaps_within_an_index(
    modified: float | None, last_success: float | None, last_new: int | None, asked: bool
) -> None:
    before, after = _days_ago(last_success), _days_ago(modified)
    assert asks_child(modified=after, last_success=before, last_new=last_new, now=NOW) is asked
