"""The whole life of a URL: who announced it, each attempt to fetch it, what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, null, select

from storage.health.coverage import method
from storage.history import RecordedChange, VersionEntry, changes, versions
from storage.models import announcement, article, attempt, capture, endpoint, url, version
from storage.records import Outcome
from storage.reports import LedgerEntry, entry
from storage.urls import key

NEAR = 5  # known addresses that are told of one that is not
ALIASES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcer:
    """A feed, sitemap, section page, person or file that named the URL."""

    url: str
    method: str
    # feed, sitemap, news_sitemap, section, given, import
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LifeAttempt:
    """An attempt to fetch it, or an answer of its address that is kept."""

    at: dt.datetime
    run_id: int | None
    # The crawl; None: taken in from another archive's file.
    outcome: Outcome | None
    # What came of it; None: only the answer is known (a redirect that was followed, an import, an old crawl).
    http_status: int | None
    # None: no answer.
    detail: str | None
    warc_file: str | None
    # Where its raw bytes are, or were.
    dropped_at: dt.datetime | None
    # When those were taken away.
    version: int | None
    # That was read from it.


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """What the archive knows of a URL."""

    entry: LedgerEntry
    announced_title: str | None
    announced_at: dt.datetime | None
    announcers: Sequence[Announcer]
    attempts: Sequence[LifeAttempt]
    # In the order of time.
    canonical_url: str | None
    # Of the article that it led to.
    is_alias: bool
    # That article lives at another address.
    aliases: Sequence[str]
    # Further addresses of that article.
    versions: Sequence[VersionEntry]
    changes: Sequence[RecordedChange]
    removed_at: dt.datetime | None


def life(connection: Connection, address: str) -> Life | None:
    """The life of a URL in any spelling, or None where nothing ever announced it."""
    found = entry(connection, address)
    if found is None:
        return None
    row = connection.execute(select(url).where(url.c.key == key(address))).one()
    of = None
    if found.article_id is not None:
        of = connection.execute(select(article).where(article.c.id == found.article_id)).one()
    return Life(
        entry=found,
        announced_title=row.announced_title,
        announced_at=row.announced_at,
        announcers=_announcers(connection, row.id),
        attempts=_attempts(connection, row, found.article_id),
        canonical_url=of.canonical_url if of else None,
        is_alias=of is not None and of.key != row.key,
        aliases=_aliases(connection, row.id, found.article_id),
        versions=versions(connection, of.id) if of else (),
        changes=changes(connection, of.id) if of else (),
        removed_at=of.removed_at if of else None,
    )


def _announcers(connection: Connection, url_id: int) -> list[Announcer]:
    query = (
        select(endpoint.c.url, endpoint.c.kind, announcement.c.first_seen_at, announcement.c.last_seen_at)
        .join(endpoint, endpoint.c.id == announcement.c.endpoint_id)
        .where(announcement.c.url_id == url_id)
        .order_by(announcement.c.first_seen_at, endpoint.c.id)
    )
    return [
        Announcer(
            url=row.url,
            method=method(row.kind, row.url),
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
        )
        for row in connection.execute(query)
    ]


def _attempts(connection: Connection, of: Row[Any], article_id: int | None) -> list[LifeAttempt]:
    """The attempts at a URL, and the answers of its address that belong to none of them."""
    read = select(version.c.capture_id, func.max(version.c.number).label("number"))
    read_from = read.where(version.c.article_id == article_id).group_by(version.c.capture_id).subquery()
    answer = (capture.c.id, capture.c.warc_file, capture.c.dropped_at, read_from.c.number)
    what_came = (attempt.c.at, attempt.c.run_id, attempt.c.outcome, attempt.c.http_status, attempt.c.detail)
    made = (
        select(*what_came, *answer)
        .outerjoin(capture, capture.c.id == attempt.c.capture_id)
        .outerjoin(read_from, read_from.c.capture_id == capture.c.id)
        .where(attempt.c.url_id == of.id)
    )
    kept = (
        select(
            capture.c.fetched_at.label("at"),
            capture.c.run_id,
            null().label("outcome"),
            capture.c.http_status,
            null().label("detail"),
            *answer,
        )
        .outerjoin(read_from, read_from.c.capture_id == capture.c.id)
        .where(capture.c.url == of.url)
    )
    attempts = connection.execute(made.order_by(attempt.c.at, attempt.c.id)).all()
    known = {row.id for row in attempts}
    answers = connection.execute(kept.order_by(capture.c.fetched_at, capture.c.id)).all()
    rows = (*attempts, *(row for row in answers if row.id not in known))
    return sorted(map(_life_attempt, rows), key=lambda one: one.at)


def _life_attempt(row: Row[Any]) -> LifeAttempt:
    return LifeAttempt(
        at=row.at,
        run_id=row.run_id,
        outcome=Outcome(row.outcome) if row.outcome else None,
        http_status=row.http_status,
        detail=row.detail,
        warc_file=row.warc_file,
        dropped_at=row.dropped_at,
        version=row.number,
    )


def _aliases(connection: Connection, url_id: int, article_id: int | None) -> list[str]:
    if article_id is None:
        return []
    query = select(url.c.url).where(url.c.article_id == article_id, url.c.id != url_id)
    return list(connection.scalars(query.order_by(url.c.id).limit(ALIASES)))


def near(connection: Connection, address: str, most: int = NEAR) -> list[str]:
    """Known addresses that are most like one that is not known: the same folder, else its parents."""
    start = key(address)
    while "/" in start:
        start = start.rpartition("/")[0]
        # Between "a/" and "a0" lies all that begins with "a/": an index finds it, whatever % and _ are in it.
        query = select(url.c.url, url.c.key).where(url.c.key > f"{start}/", url.c.key < f"{start}0")
        found = connection.execute(query.limit(2000)).all()
        if found:
            wanted = key(address)
            found = sorted(found, key=lambda row: -_alike(row.key, wanted))
            return [row.url for row in found[:most]]
    return []


def _alike(one: str, other: str) -> int:
    """How many characters two addresses begin and end with alike."""
    return _common(one, other) + _common(one[::-1], other[::-1])


def _common(one: str, other: str) -> int:
    number = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        number += 1
    return number
