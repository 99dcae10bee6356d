"""Copies as they are stored: found, compared, grouped, and let go when they change."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, func, select, update

from storage import copies
from storage.archive import Archive
from storage.clusters import place_all
from storage.copies import Cluster
from storage.database import writing
from storage.models import article as article_table
from storage.models import cluster, copy, sketch
from storage.records import Byline, Moment, Outcome, Role
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom, article, paragraphs
from tests.storage.test_overlap import OWN, WIRE

OTHER = (
    "The ferry to the island will run every hour from the first of May, the harbour board has decided.",
    "Until now the boats left four times a day, and in the summer queues of cars reached back to the church."
    " The board expects that the new timetable will pay for itself within three years.",
    "A third boat was bought in Norway and is being painted in the colours of the line.",
)


@pytest.fixture
def tagblatt(connection: Connection) -> Newsroom:
    return Newsroom(connection, "tagblatt")


def at(instant: dt.datetime | dt.date) -> Moment:
    return Moment(value=instant, raw="raw", origin="meta")


def put(newsroom: Newsroom, name: str, *texts: str, **fields: Any) -> int:
    """Store a text at an address of its own; returns the article's id."""
    address = f"https://{newsroom.slug}.example/{name}"
    outcome = newsroom.store(article(address, **{"blocks": paragraphs(*texts), **fields}))
    assert outcome in (Outcome.STORED, Outcome.UPDATED, Outcome.PAYWALL)
    return int(newsroom.row(address).article_id)


def found(connection: Connection, article_id: int) -> Cluster:
    cluster = copies.of_article(connection, article_id)
    assert cluster
    return cluster


def members(connection: Connection, article_id: int) -> list[int]:
    cluster = copies.of_article(connection, article_id)
    return [member.article_id for member in cluster.copies] if cluster else []


def test_copies_of_two_sources(connection: Connection, newsroom: Newsroom, tagblatt: Newsroom) -> None:
    whole = put(newsroom, "a", *WIRE, date_published=at(NOON))
    other = put(newsroom, "b", *OTHER)
    cut = put(tagblatt, "c", *WIRE[:2], date_published=at(NOON + HOUR))
    first, second = found(connection, cut).copies
    assert (first.article_id, second.article_id) == (whole, cut)
    assert (first.is_earliest, first.share_reused, first.compared_with) == (True, None, None)
    assert (second.is_earliest, second.share_reused, second.compared_with) == (False, 1, whole)
    assert (first.is_likely_origin, second.is_likely_origin) == (True, False)
    assert found(connection, whole).likely_origin == "courier"
    assert members(connection, other) == []


def test_copies_of_one_source(connection: Connection, newsroom: Newsroom) -> None:
    first = put(newsroom, "a", *WIRE)
    again = put(newsroom, "b", *WIRE, OWN[0])
    assert members(connection, again) == [first, again]


def test_the_earliest_may_come_last(connection: Connection, newsroom: Newsroom, tagblatt: Newsroom) -> None:
    cut = put(newsroom, "a", *WIRE[:3], date_published=at(NOON))
    whole = put(tagblatt, "b", *WIRE, date_published=at(NOON - HOUR))
    first, second = found(connection, cut).copies
    assert (first.article_id, first.share_reused) == (whole, None)
    assert (second.article_id, second.share_reused, second.compared_with) == (cut, 1, whole)


@pytest.mark.parametrize(
    ("one", "other", "earliest"),
    [
        (NOON, NOON + HOUR, 0),
        (NOON.date(), NOON + HOUR, 1),
        (NOON.date(), NOON + DAY, 0),
        (None, NOON - HOUR, 1),
        (None, NOON + HOUR, 0),  # seen at noon
        (None, None, 0),
    ],
)
def test_who_is_earliest(
    connection: Connection, newsroom: Newsroom, one: Any, other: Any, earliest: int
) -> None:
    ids = [
        put(newsroom, name, *WIRE[: 4 - n], date_published=at(instant) if instant else None)
        for n, (name, instant) in enumerate((("a", one), ("b", other)))
    ]
    assert [c.article_id for c in found(connection, ids[0]).copies if c.is_earliest] == [ids[earliest]]


TEXTS = {"left": WIRE, "bridge": (*WIRE[:3], *OTHER[:3], *WIRE[3:]), "right": (*OTHER, WIRE[0])}


@pytest.mark.parametrize("order", list(permutations(TEXTS)))
def test_an_article_joins_two_clusters_whatever_the_order(
    connection: Connection, newsroom: Newsroom, tagblatt: Newsroom, order: tuple[str, ...]
) -> None:
    hours = {name: n for n, name in enumerate(TEXTS)}
    ids = {}
    for name in order:
        for room in (newsroom, tagblatt):
            instant = at(NOON + hours[name] * HOUR + (room is tagblatt) * dt.timedelta(minutes=1))
            more = OWN[1] if room is tagblatt else OWN[0][:60]
            ids[room.slug, name] = put(room, name, *TEXTS[name], more, date_published=instant)
    whole = found(connection, ids["courier", "left"])
    assert [c.article_id for c in whole.copies] == sorted(
        ids.values(), key=lambda i: [hours[name] for (_, name), number in ids.items() if number == i]
    )
    assert connection.scalar(select(func.count()).select_from(cluster)) == 1
    assert connection.scalar(select(cluster.c.size)) == 6
    assert [c.compared_with for c in whole.copies].count(None) == 1


def test_an_agency_that_is_named(connection: Connection, newsroom: Newsroom, tagblatt: Newsroom) -> None:
    signed = {"bylines": (Byline(name="Reuters", role=Role.AGENCY),)}
    put(newsroom, "a", *WIRE, **signed, date_published=at(NOON))
    last = put(tagblatt, "b", *WIRE[:3], date_published=at(NOON + HOUR))
    cluster = found(connection, last)
    assert (cluster.agency, cluster.likely_origin) == ("Reuters", "Reuters")
    assert not any(member.is_likely_origin for member in cluster.copies)
    own = put(Newsroom(connection, "reuters"), "c", *WIRE, OWN[1], date_published=at(NOON + 2 * HOUR))
    assert [c.article_id for c in found(connection, last).copies if c.is_likely_origin] == [own]


def test_the_agency_of_a_dateline(connection: Connection, newsroom: Newsroom, tagblatt: Newsroom) -> None:
    text = (f"MERROWBY (Norwind) - {WIRE[0]}", *WIRE[1:])
    put(newsroom, "a", *text)
    assert found(connection, put(tagblatt, "b", *text[:3])).likely_origin == "Norwind"


def test_an_edited_article_stays_or_leaves(
    connection: Connection, newsroom: Newsroom, tagblatt: Newsroom
) -> None:
    one, other = put(newsroom, "a", *WIRE), put(tagblatt, "b", *WIRE, OWN[1])
    assert put(tagblatt, "b", *WIRE[:3]) == other
    assert members(connection, one) == [one, other]
    assert found(connection, one).copies[1].share_reused == 1
    put(tagblatt, "b", *OTHER)
    assert members(connection, one) == members(connection, other) == []
    for table in (cluster, copy):
        assert connection.scalar(select(func.count()).select_from(table)) == 0
    kept = connection.scalar(select(func.count()).where(sketch.c.article_id == other))
    assert kept == 12
    assert members(connection, put(newsroom, "c", *OTHER, OWN[0])) == [other, 3]


def test_who_was_compared_with_one_that_leaves_is_compared_again(
    connection: Connection, newsroom: Newsroom, tagblatt: Newsroom
) -> None:
    first = put(newsroom, "a", *WIRE, date_published=at(NOON))
    second = put(tagblatt, "b", *WIRE[:3], date_published=at(NOON + HOUR))
    third = put(tagblatt, "c", *WIRE[:2], date_published=at(NOON + 2 * HOUR))
    put(newsroom, "a", *OTHER, date_published=at(NOON))
    assert members(connection, first) == []
    rows = [(c.article_id, c.compared_with, c.share_reused) for c in found(connection, third).copies]
    assert rows == [(second, None, None), (third, second, 1)]


def test_teasers_are_no_copies(connection: Connection, newsroom: Newsroom, tagblatt: Newsroom) -> None:
    one = put(newsroom, "a", *WIRE, is_accessible_for_free=False)
    assert members(connection, put(tagblatt, "b", *WIRE)) == []
    assert members(connection, one) == []


def test_two_crawls_at_once_do_not_miss_each_other(engine: Engine, where: str) -> None:
    together = Barrier(2)

    def crawl(slug: str) -> int:
        together.wait()
        with writing(engine) as connection:
            return put(Newsroom(connection, slug), "a", *WIRE)

    with ThreadPoolExecutor(2) as threads:
        ids = sorted(threads.map(crawl, ("courier", "tagblatt")))
    with Archive.open(where) as archive:
        cluster = archive.copies(ids[0])
    assert cluster
    assert sorted(member.article_id for member in cluster.copies) == ids


def test_an_older_archive_is_placed_once(
    connection: Connection, newsroom: Newsroom, tagblatt: Newsroom
) -> None:
    one, other = put(newsroom, "a", *WIRE), put(tagblatt, "b", *WIRE)
    put(tagblatt, "c", *WIRE, is_accessible_for_free=False)
    for table in (copy, cluster, sketch):
        connection.execute(delete(table))
    connection.execute(update(article_table).values(sketch=None))
    place_all(connection)
    assert members(connection, one) == [one, other]
    connection.execute(delete(copy))
    place_all(connection)
    assert members(connection, one) == []
