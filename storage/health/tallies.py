"""Tallies in the database: taken of a run as it ends, added to its source's day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select, update

from storage.health.looks import Look
from storage.health.tally import COUNTS, NEWS, PageFacts, Tally, Watch, tally_pages
from storage.models import (
    announcement,
    article,
    byline,
    endpoint,
    image,
    run,
    source,
    source_day,
    url,
    version,
)
from storage.records import Outcome

# A run that was cut off is counted with the next one; what lies further back is left.
CUT_OFF_DAYS = 60
ELSEWHERE = "led to another site: "  # how the crawler begins the detail of a page that did
GONE = ("HTTP 404", "HTTP 410")  # what the crawler writes down of an endpoint that is not there

# Each crawl asks all of these at its end: they are put together once.
_THIS_RUN, _THIS_SOURCE = (bindparam(name, type_=run.c.id.type) for name in ("run", "source"))
_SINCE = bindparam("since", type_=run.c.started_at.type)
RUN = select(run).where(run.c.id == _THIS_RUN)
UNCOUNTED = (
    select(run)
    .where(
        run.c.source_id == _THIS_SOURCE,
        run.c.id <= _THIS_RUN,
        run.c.tally.is_(None),
        run.c.started_at >= _SINCE,
    )
    .order_by(run.c.id)
)
COUNTED = update(run).where(run.c.id == _THIS_RUN)
HOME_PAGE = select(source.c.home_page).where(source.c.id == _THIS_SOURCE)
_UNTIL = bindparam("until", type_=source_day.c.day.type)
LATEST = (
    select(source_day)
    .where(source_day.c.source_id == _THIS_SOURCE, source_day.c.day <= _UNTIL)
    .order_by(source_day.c.day.desc())
    .limit(1)
)
CHANGE_DAY = update(source_day).where(source_day.c.source_id == _THIS_SOURCE, source_day.c.day == _UNTIL)
ASKED = select(endpoint.c.last_success_at, endpoint.c.last_error).where(
    endpoint.c.source_id == _THIS_SOURCE,
    endpoint.c.parent_id.is_(None),
    endpoint.c.last_checked_at >= _SINCE,
)
_NAMED = (
    select(announcement.c.url_id)
    .join(endpoint, endpoint.c.id == announcement.c.endpoint_id)
    .where(announcement.c.run_id == _THIS_RUN, endpoint.c.kind != "given")
    .distinct()
)
NEW = (
    select(url.c.outcome, url.c.next_fetch_at.is_(None).label("left"), func.count().label("number"))
    .where(url.c.id.in_(_NAMED), url.c.first_seen_at >= _SINCE)
    .group_by(url.c.outcome, url.c.next_fetch_at.is_(None))
)
_HAS_NAME = exists().where(byline.c.version_id == version.c.id)
_HAS_PICTURE = exists().where(image.c.version_id == version.c.id, image.c.is_lead)
PAGES = (
    select(
        url.c.url,
        url.c.outcome,
        url.c.http_status,
        url.c.detail,
        (version.c.byline.is_not(None) | _HAS_NAME).label("has_byline"),
        version.c.date_published.is_not(None).label("has_date"),
        _HAS_PICTURE.label("has_picture"),
    )
    .select_from(url)
    .outerjoin(article, article.c.id == url.c.article_id)
    .outerjoin(version, version.c.id == article.c.current_version_id)
    .where(url.c.outcome_run_id == _THIS_RUN)
)


def count_runs(connection: Connection, run_id: int, *, reached: bool) -> None:
    """Count a run that ends now, and those of its source before it that were cut off.

    `reached`: whether anything answered in it.
    """
    ended = connection.execute(RUN, {"run": run_id}).one()
    since = ended.started_at - dt.timedelta(days=CUT_OFF_DAYS)
    uncounted = {"run": run_id, "source": ended.source_id, "since": since}
    for row in connection.execute(UNCOUNTED, uncounted).all():
        look = _look(connection, row, reached=reached or row.id != run_id)
        counted = {"run": row.id, "tally": look.tally.as_json(), "other_site": look.other_site}
        connection.execute(COUNTED, counted)
        add(connection, row.source_id, look)


def add(connection: Connection, source_id: int, look: Look) -> None:
    """Add what a look met to its source's day."""
    day = look.at.date()
    latest = connection.execute(LATEST, {"source": source_id, "until": day}).one_or_none()
    row = _row_after(latest, look)
    if latest is not None and latest.day == day:
        connection.execute(CHANGE_DAY, {"source": source_id, "until": day, **row})
    else:
        connection.execute(insert(source_day), {"source_id": source_id, "day": day, **row})


def watch_of(row: Row[Any] | None) -> Watch:
    """How long the source of a row of `source_day` had been silent then."""
    if row is None:
        return Watch()
    return Watch(
        last_look_at=row.last_look_at,
        last_news_at=row.last_news_at,
        silence=dt.timedelta(seconds=row.silence),
    )


def _row_after(latest: Row[Any] | None, look: Look) -> dict[str, Any]:
    """The row of a day after a look; `latest`: that of this day, or of the last one before."""
    same_day = latest is not None and latest.day == look.at.date()
    today = latest if same_day else None
    before = Tally(**{name: getattr(today, name) for name in COUNTS}) if today is not None else Tally()
    watch, ended = watch_of(latest), None
    if look.tally.looked:
        watch, ended = watch.after(look.at, look.tally.news)
    silences = [
        today.longest_silence if today is not None else None,
        ended.total_seconds() if ended else None,
    ]
    last_stored_at = look.at if look.tally.stored else (latest.last_stored_at if latest is not None else None)
    total = before + look.tally
    return {
        **{name: getattr(total, name) for name in COUNTS},
        "looks": (today.looks if today is not None else 0) + look.tally.looked,
        "blind_looks": (today.blind_looks if today is not None else 0) + look.tally.blind,
        "silence": int(watch.silence.total_seconds()),
        "longest_silence": max((int(s) for s in silences if s is not None), default=None),
        "last_look_at": watch.last_look_at,
        "last_news_at": watch.last_news_at,
        "last_stored_at": last_stored_at,
    }


def _look(connection: Connection, row: Row[Any], *, reached: bool) -> Look:
    """What a run met."""
    home_page = connection.execute(HOME_PAGE, {"source": row.source_id}).scalar_one()
    tally, other_site = tally_pages(_pages(connection, row.id), home_page)
    tally += _endpoints(connection, row) + _announced(connection, row)
    if not reached and not tally.failed:  # not even its home page could be searched
        tally = replace(tally, failed=1)
    return Look(at=row.started_at, tally=tally, other_site=other_site)


def _endpoints(connection: Connection, row: Row[Any]) -> Tally:
    """How its feeds, sitemaps and section pages answered; those within an index are the index's own."""
    answers = connection.execute(ASKED, {"source": row.source_id, "since": row.started_at}).all()
    failures = [a.last_error for a in answers if a.last_success_at is None or a.last_error is not None]
    gone = sum(error in GONE for error in failures)
    return Tally(answered=len(answers) - len(failures), failed=len(failures), gone=gone)


def _announced(connection: Connection, row: Row[Any]) -> Tally:
    """How many URLs it named that were never seen before; what a person named is no news."""
    counts = connection.execute(NEW, {"run": row.id, "since": row.started_at}).all()
    news = (r.number for r in counts if r.outcome in NEWS and not (r.outcome == Outcome.PENDING and r.left))
    return Tally(announced=sum(r.number for r in counts), news=sum(news))


def _pages(connection: Connection, run_id: int) -> Iterator[PageFacts]:
    """The pages that a run decided."""
    for row in connection.execute(PAGES, {"run": run_id}):
        led_to = (row.detail or "").removeprefix(ELSEWHERE)
        yield PageFacts(
            url=row.url,
            outcome=Outcome(row.outcome),
            http_status=row.http_status,
            led_to=led_to if led_to != (row.detail or "") else None,
            has_byline=bool(row.has_byline),
            has_date=bool(row.has_date),
            has_picture=bool(row.has_picture),
        )
