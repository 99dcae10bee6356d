from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Connection, text

from storage import runs, sources
from storage.health.coverage import DayCoverage, Found, Seen, Sight, coverage, sight
from storage.health.status import DAYS, health
from storage.records import Outcome
from tests.storage.newsroom import DAY, NOON, Newsroom, article

HOME = "https://courier.example/"
TODAY = NOON.date()


def look(newsroom: Newsroom, *, answered: bool = True) -> None:
    connection, feed = newsroom.connection, newsroom.endpoint_id
    if answered:
        sources.record_success(connection, feed, at=newsroom.now, new=0, etag=None, last_modified=None)
    else:
        sources.record_failure(connection, feed, at=newsroom.now, error="no answer in time")
    runs.finish(connection, newsroom.run_id, at=newsroom.now, reason="finished")


def covered(connection: Connection, days: int = 6) -> list[DayCoverage]:
    last = TODAY + dt.timedelta(days=days - 1)
    return coverage(connection, first=TODAY - dt.timedelta(days=2), last=last)


def test_silent_blind_and_not_looked_are_three_things(newsroom: Newsroom) -> None:
    newsroom.store(article(HOME + "1"))
    look(newsroom)
    newsroom.next_run(DAY)
    look(newsroom)
    newsroom.next_run(DAY)
    look(newsroom, answered=False)
    newsroom.next_run(2 * DAY)
    newsroom.announce(HOME + "2", HOME + "3")
    for number in (2, 3):
        newsroom.decide(f"{HOME}{number}", Outcome.CONSENT_WALL)
    look(newsroom)
    newsroom.next_run(DAY)
    newsroom.announce(HOME + "4")
    look(newsroom)
    days = covered(newsroom.connection)
    assert [one.sight for one in reversed(days)] == [
        Sight.SEEN,
        Sight.SILENT,
        Sight.BLIND,
        Sight.NOT_LOOKED,
        Sight.REFUSED,
        Sight.SEEN,
    ]
    assert [(one.announced, one.stored) for one in reversed(days)] == [
        (1, 1),
        (0, 0),
        (0, 0),
        (0, 0),
        (2, 0),
        (1, 0),
    ]
    assert days[-1].day == TODAY  # before its first look there is nothing to tell


def test_a_day_with_one_answered_look_was_seen() -> None:
    assert sight(Seen(looks=1, blind_looks=8, announced=1)) is Sight.SEEN


def test_each_way_of_discovery_has_what_it_found_and_what_it_missed(newsroom: Newsroom) -> None:
    section = newsroom.endpoint(HOME, "listing")
    imported = newsroom.endpoint("import:old.warc.gz", "given")
    for number in range(1, 5):
        newsroom.store(article(f"{HOME}{number}"))  # by the feed
    newsroom.announce(HOME + "1", HOME + "5", endpoint_id=section)
    newsroom.decide(HOME + "5", Outcome.NOT_ARTICLE)
    newsroom.announce(HOME + "2", endpoint_id=imported)
    look(newsroom)
    [today] = covered(newsroom.connection, days=1)
    assert today.methods == {
        "feed": Found(urls=4, articles=4, alone=2),
        "section": Found(urls=2, articles=1, alone=1),
        "import": Found(urls=1, articles=1, alone=0),
    }
    assert today.missed == {
        ("feed", "section"): 3,
        ("feed", "import"): 3,
        ("section", "import"): 1,
        ("import", "section"): 1,
    }
    rows = newsroom.connection.execute(text("SELECT * FROM discovery ORDER BY method")).all()
    assert [tuple(row)[2:] for row in rows] == [
        ("feed", 4, 4, 2, 2),
        ("import", 1, 1, 0, 0),
        ("section", 2, 1, 1, 0),
    ]
    [row] = newsroom.connection.execute(text("SELECT day, looks, announced, stored FROM looks")).all()
    assert tuple(row) == (TODAY.isoformat(), 1, 5, 4)


def test_the_most_frequent_outcome_comes_first_and_of_equals_the_one_first_seen(newsroom: Newsroom) -> None:
    newsroom.announce(*(f"{HOME}{number}" for number in range(5)))
    sitemap = newsroom.endpoint(HOME + "sitemap.xml", "sitemap")
    for number, outcome in enumerate((Outcome.ROBOTS, Outcome.GONE, Outcome.TOO_SHORT, Outcome.TOO_SHORT)):
        newsroom.decide(f"{HOME}{number}", outcome)
    newsroom.announce(HOME + "0", HOME + "1", endpoint_id=sitemap)
    look(newsroom)
    [today] = covered(newsroom.connection, days=1)
    assert list(today.outcomes.items()) == [("too_short", 2), ("robots", 1), ("gone", 1), ("pending", 1)]
    assert list(today.methods.items()) == [
        ("feed", Found(urls=5, alone=3)),
        ("sitemap", Found(urls=2)),
    ]
    assert today.missed == {}  # none is an article


def test_days_that_are_alike_share_no_figures(newsroom: Newsroom) -> None:
    for number in range(2):
        newsroom.store(article(f"{HOME}{number}"))
        look(newsroom)
        newsroom.next_run(DAY)
    newest, before = (one for one in covered(newsroom.connection) if one.announced)
    assert (newest.outcomes, newest.methods) == (before.outcomes, before.methods) != ({}, {})
    for mapping in (newest.outcomes, newest.methods):
        mapping.clear()  # type: ignore[attr-defined]  # whoever is handed a dictionary may
    assert before.outcomes == {Outcome.STORED: 1}
    assert before.methods


def test_an_account_adds_up(newsroom: Newsroom) -> None:
    newsroom.announce(*(f"{HOME}{number}" for number in range(7)))
    newsroom.decide(HOME + "1", Outcome.GONE)
    look(newsroom)
    [today] = covered(newsroom.connection, days=1)
    assert sum(today.outcomes.values()) == today.announced == 7


@pytest.mark.parametrize("days", [1, 20])
def test_health_begins_with_the_first_look(newsroom: Newsroom, days: int) -> None:
    for number in range(days):
        newsroom.store(article(f"{HOME}{number}"))
        look(newsroom)
        newsroom.next_run(DAY)
    found = health(newsroom.connection, newsroom.now - DAY)
    [one] = found.sources
    assert one.articles == (1,) * min(days, DAYS)
    assert (one.today, one.last_success, one.failing_endpoints) == (1, newsroom.now - DAY, 0)
    assert found.is_well
    assert (one.usual is not None) == (days == 20)


def test_the_worst_source_comes_first(newsroom: Newsroom) -> None:
    look(newsroom)
    other = Newsroom(newsroom.connection, "tagblatt")
    for _ in range(3):
        look(other, answered=False)
        other.next_run()
    found = health(newsroom.connection, NOON)
    assert [one.slug for one in found.sources] == ["tagblatt", "courier"]
    assert [str(t.rule) for t in found.sources[0].troubles] == ["unreachable"]
    assert found.sources[0].failing_endpoints == 1
    assert not found.is_well
