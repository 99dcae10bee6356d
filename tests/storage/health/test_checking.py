"""Looks in a real database: counted, checked, alarms kept and told once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update

from storage import runs, sources
from storage.database import writing
from storage.health import alarms, facts, tallies
from storage.health.alarms import TurnKind
from storage.health.checking import check
from storage.health.looks import Look
from storage.health.rules import Limits, Rule
from storage.health.tally import Tally
from storage.models import alarm, run, source_day
from storage.records import Byline, Image, Moment, Outcome, Role
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom, article

HOME = "https://courier.example/"


def finish(
    newsroom: Newsroom, *, answered: bool = True, error: str = "HTTP 503", reached: bool = True
) -> Tally:
    """End the run, its feed having answered or not; what was counted of it."""
    connection, endpoint = newsroom.connection, newsroom.endpoint_id
    if answered:
        sources.record_success(connection, endpoint, at=newsroom.now, new=0, etag=None, last_modified=None)
    else:
        sources.record_failure(connection, endpoint, at=newsroom.now, error=error)
    runs.finish(connection, newsroom.run_id, at=newsroom.now, reason="finished", reached=reached)
    return counted(connection, newsroom.run_id)


def counted(connection: Connection, run_id: int) -> Tally:
    return Tally.of_json(connection.scalar(select(run.c.tally).where(run.c.id == run_id)))


def day(connection: Connection) -> Any:
    return connection.execute(select(source_day).order_by(source_day.c.day.desc()).limit(1)).one()


def test_a_look_is_counted_as_what_it_met(newsroom: Newsroom) -> None:
    at = newsroom.now
    whole = article(
        HOME + "1",
        byline="Ada Holt",
        bylines=(Byline(name="Ada Holt", role=Role.WRITER),),
        date_published=Moment(value=at, raw="", origin=""),
        images=(Image(url=HOME + "1.jpg", is_lead=True),),
    )
    newsroom.store(whole)
    newsroom.store(article(HOME + "2"))
    for number, outcome, fields in (
        (3, Outcome.CONSENT_WALL, {"http_status": 200}),
        (4, Outcome.HTTP_ERROR, {"http_status": 403}),
        (5, Outcome.HTTP_ERROR, {"http_status": 500}),
        (6, Outcome.NETWORK_ERROR, {}),
        (7, Outcome.TOO_SHORT, {"http_status": 200}),
        (8, Outcome.REDIRECTED, {"detail": "led to another site: https://other.example/8"}),
        (9, Outcome.EXCLUDED, {}),
        (10, Outcome.GONE, {"http_status": 404}),
    ):
        newsroom.announce(f"{HOME}{number}")
        newsroom.decide(f"{HOME}{number}", outcome, **fields)
    newsroom.announce(HOME + "11")  # not fetched yet
    given = newsroom.endpoint("given:", "given")
    newsroom.announce(HOME + "12", endpoint_id=given)
    assert finish(newsroom) == Tally(
        answered=1,
        announced=11,
        news=7,
        pages=9,
        stored=2,
        read=2,
        no_byline=1,
        no_date=1,
        no_picture=1,
        no_body=1,
        blocked=2,
        errors=2,
        elsewhere=1,
    )
    [known] = facts.source_facts(newsroom.connection, now=newsroom.now)
    assert known.looks[0].other_site == "other.example"


def test_a_day_is_the_sum_of_its_looks(newsroom: Newsroom) -> None:
    newsroom.announce(HOME + "1")
    finish(newsroom)
    newsroom.next_run()
    finish(newsroom)
    newsroom.next_run()
    assert finish(newsroom, answered=False) == Tally(failed=1)
    newsroom.next_run()
    newsroom.announce(HOME + "2")
    finish(newsroom)
    today = day(newsroom.connection)
    assert (today.looks, today.blind_looks, today.answered, today.failed, today.news) == (3, 1, 3, 1, 2)
    assert (today.silence, today.longest_silence) == (0, 3 * 3600)
    newsroom.next_run(DAY)
    finish(newsroom)
    tomorrow = day(newsroom.connection)
    assert (tomorrow.day - today.day).days == 1
    assert (tomorrow.looks, tomorrow.news, tomorrow.silence) == (1, 0, 24 * 3600)
    assert tomorrow.last_news_at == NOON + 3 * HOUR


def test_a_home_page_that_does_not_answer_is_a_blind_look(newsroom: Newsroom) -> None:
    runs.finish(newsroom.connection, newsroom.run_id, at=NOON, reason="finished", reached=False)
    assert counted(newsroom.connection, newsroom.run_id).blind


def test_what_is_within_an_index_is_the_indexs_own(newsroom: Newsroom) -> None:
    rows = [(HOME + "old.xml", "sitemap", None)]
    [child] = sources.keep_endpoints(
        newsroom.connection, newsroom.source_id, rows, parent_id=newsroom.endpoint_id
    )
    newsroom.connection.execute(
        update(alarm.metadata.tables["endpoint"])
        .where(alarm.metadata.tables["endpoint"].c.id == child.id)
        .values(parent_id=newsroom.endpoint_id)
    )
    sources.record_failure(newsroom.connection, child.id, at=NOON, error="HTTP 404")
    assert finish(newsroom) == Tally(answered=1)


def test_a_run_that_was_cut_off_is_counted_with_the_next(newsroom: Newsroom) -> None:
    newsroom.store(article(HOME + "1"))
    killed = newsroom.run_id
    newsroom.next_run()
    finish(newsroom)
    assert counted(newsroom.connection, killed).stored == 1
    newsroom.next_run()
    finish(newsroom)
    assert day(newsroom.connection).stored == 1


def test_stored_pages_that_are_read_are_no_look(newsroom: Newsroom) -> None:
    run_id = runs.start(newsroom.connection, newsroom.source_id, at=NOON, is_look=False)
    newsroom.run_id = run_id
    newsroom.store(article(HOME + "1"))
    runs.finish(newsroom.connection, run_id, at=NOON, reason="imported")
    assert counted(newsroom.connection, run_id) == Tally()


def test_the_newest_looks_come_first_and_what_goes_on_is_none(newsroom: Newsroom) -> None:
    connection, source_id = newsroom.connection, newsroom.source_id
    for number in range(facts.LOOKS + 5):
        look(connection, source_id, NOON + number * HOUR, Tally(answered=1, pages=number))
    sources.keep_source(connection, slug="other", name="Other", home_page="https://other.example/")
    known, other = facts.source_facts(connection, now=NOON + DAY)
    assert len(known.looks) == facts.LOOKS  # the run that the newsroom began is not over
    assert [found.at for found in known.looks] == [
        NOON + number * HOUR for number in reversed(range(5, facts.LOOKS + 5))
    ]
    assert known.looks[0] == Look(at=NOON + 34 * HOUR, tally=Tally(answered=1, pages=34))
    assert list(known.looks[1:3]) == [known.looks[1], known.looks[2]]
    assert known.looks.column("pages")[:3] == [34, 33, 32]
    assert known.looks.count_after(NOON + 30 * HOUR) == 4
    assert (len(other.looks), other.days.day, list(other.silences)) == (0, (), [])


def test_days_and_silences_are_those_of_the_last_weeks(newsroom: Newsroom) -> None:
    connection, source_id = newsroom.connection, newsroom.source_id
    for number in range(200):
        look(connection, source_id, NOON + number * DAY, Tally(answered=1, stored=number, news=1))
    [known] = facts.source_facts(connection, now=NOON + 199 * DAY)
    last = (NOON + 199 * DAY).date()
    assert list(known.days.day) == [last - dt.timedelta(days=n) for n in range(42, 0, -1)]
    assert list(known.days.counts["stored"]) == list(range(157, 199))
    assert list(known.days.before(last - dt.timedelta(days=40)).counts["stored"]) == [157, 158]
    assert known.silences == [24 * 3600] * 181
    assert known.last_stored_at == NOON + 199 * DAY


def history(connection: Connection, slug: str = "courier", *, days: int = 30) -> int:
    """A source that brought ten articles an hour in the last weeks, until a minute before noon."""
    source_id = sources.keep_source(connection, slug=slug, name=slug, home_page=HOME)
    for hours in range(days * 24, 0, -1):
        at = NOON - hours * HOUR
        tally = Tally(answered=1, announced=10, news=10, pages=10, stored=10, read=10)
        look(connection, source_id, at, tally)
    return source_id


def look(connection: Connection, source_id: int, at: dt.datetime, tally: Tally) -> None:
    run_id = runs.start(connection, source_id, at=at)
    connection.execute(update(run).where(run.c.id == run_id).values(tally=tally.as_json()))
    tallies.add(connection, source_id, Look(at=at, tally=tally))


@pytest.fixture
def watched(engine: Engine) -> Engine:
    with writing(engine) as connection:
        history(connection)
    return engine


def add(engine: Engine, hours: float, **counts: int) -> dt.datetime:
    """One more look; returns its time."""
    at = NOON + hours * HOUR
    with writing(engine) as connection:
        [source_id] = connection.scalars(select(source_day.c.source_id).distinct())
        look(connection, source_id, at, Tally(answered=1, **counts))
    return at


def turns(engine: Engine, now: dt.datetime, **options: Any) -> list[tuple[str, str, str | None]]:
    return [(t.kind.value, t.rule.value, t.source) for t in check(engine, now, **options)]


def test_an_alarm_is_raised_once_and_cleared_once(watched: Engine) -> None:
    assert turns(watched, NOON) == []
    now = add(watched, 1, pages=10, read=10, stored=10, news=10, no_byline=10)
    [raised] = check(watched, now)
    assert (raised.kind, raised.rule, raised.source) == (TurnKind.RAISED, Rule.NO_BYLINE, "courier")
    assert raised.detail == "10 of 10 pages have no byline; usually 0%"
    assert turns(watched, now) == []
    now = add(watched, 2, pages=10, read=10, stored=10, news=10)
    assert turns(watched, now) == [("cleared", "no_byline", "courier")]
    assert turns(watched, now) == []
    with watched.connect() as connection:
        assert alarms.alarms(connection) == []
        [kept] = alarms.alarms(connection, every=True)
    assert (kept.raised_at, kept.cleared_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert kept.id == raised.id


def test_a_second_alarm_of_a_kind_cannot_be_written(watched: Engine) -> None:
    add(watched, 1, pages=10, blocked=10)
    check(watched, NOON + HOUR)
    values = {"rule": "blocked", "subject": "courier", "raised_at": NOON, "detail": ""}
    with pytest.raises(Exception, match=r"(?i)unique"), writing(watched) as connection:
        connection.execute(alarm.insert().values(values))


def test_limits_muted_rules_and_disks_are_heeded(watched: Engine, tmp_path: Path) -> None:
    now = add(watched, 1, pages=10, blocked=10)
    assert turns(watched, now, muted={"courier": ["blocked"]}) == []
    assert turns(watched, now) == [("raised", "blocked", "courier")]
    much = Limits(disk_free=2**60)
    folder = tmp_path / "not yet" / "there"
    assert turns(watched, now, limits=much, folders=[folder]) == [("raised", "disk_full", None)]
    assert turns(watched, now, limits=Limits(disk_free=0), folders=[folder]) == [
        ("cleared", "disk_full", None)
    ]


def test_time_alone_tells_that_nobody_looks(watched: Engine) -> None:
    assert turns(watched, NOON + 22 * HOUR) == []
    assert turns(watched, NOON + 25 * HOUR) == [("raised", "not_crawled", None)]
    assert turns(watched, add(watched, 26, news=1)) == [("cleared", "not_crawled", None)]


def test_a_notice_waits_until_it_was_told(watched: Engine) -> None:
    now = add(watched, 1, pages=10, blocked=10)
    check(watched, now, channels=["webhook", "mail"])
    with writing(watched) as connection:
        first, second = alarms.claim(connection, ["webhook", "mail"], now=now)
        assert (first.channel, second.channel, first.turn.rule) == ("webhook", "mail", Rule.BLOCKED)
        assert alarms.claim(connection, ["webhook", "mail"], now=now) == []  # somebody is at it
        alarms.sent(connection, first.id, at=now)
        alarms.not_sent(connection, second.id, error="no such host")
        assert alarms.count_waiting(connection) == 1
        [kept] = alarms.alarms(connection)
        assert kept.notified_at is None
        [again] = alarms.claim(connection, ["webhook", "mail"], now=now)
        assert (again.id, again.attempts) == (second.id, 1)
        assert alarms.claim(connection, ["mail"], now=now + 3 * HOUR)[0].id == second.id  # its holder died
        alarms.sent(connection, second.id, at=now + HOUR)
        [kept] = alarms.alarms(connection)
        assert kept.notified_at == now + HOUR


def test_checks_side_by_side_raise_an_alarm_once(watched: Engine) -> None:
    now = add(watched, 1, pages=10, blocked=10)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: turns(watched, now), range(6)))
    assert sorted(map(len, found)) == [0, 0, 0, 0, 0, 1]
