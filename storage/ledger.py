"""The ledger: an account of each announced URL, and the frontier of each crawl.

A URL is written here before it is fetched and ends in exactly one outcome, so
that a crawl that is killed goes on where it stood. `next_fetch_at` says when a
URL is due; NULL says that nothing is. Who decides that is the crawler's policy;
here it is only kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    update,
)

from storage.announced import DOUBT, Announced
from storage.models import announcement, article, endpoint, url, version
from storage.records import Outcome
from storage.upserts import upsert

T = TypeVar("T")

# Outcomes of a page that is an article of ours: worth another look when its announcer says that it changed.
LIVING = (Outcome.STORED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.PAYWALL)
# Outcomes that the next change may mend, however often it was tried before.
FAILED = (Outcome.NETWORK_ERROR, Outcome.HTTP_ERROR, Outcome.EXTRACT_ERROR, Outcome.GONE)
BATCH = 1_000  # rows in one statement

# What each page asks is put together once; the columns of a decision come with its values.
_DECIDE = (
    update(url)
    .where(url.c.id == bindparam("decided"))
    .values(article_id=func.coalesce(bindparam("article", type_=url.c.article_id.type), url.c.article_id))
)
DECIDE = _DECIDE.values(attempts=url.c.attempts + 1)
DECIDE_LIVING = _DECIDE.values(attempts=0)

# What each crawl asks is, too.
_OF_SOURCE = url.c.source_id == bindparam("source")
COUNT_DUE = select(func.count()).where(
    _OF_SOURCE,
    url.c.next_fetch_at.is_not(None),
    url.c.next_fetch_at <= bindparam("now", type_=url.c.next_fetch_at.type),
)
COUNT_LEFT = select(func.count()).where(
    _OF_SOURCE, url.c.outcome == Outcome.PENDING, url.c.next_fetch_at.is_(None)
)
# In a function, or SQLite may find by time what it then has to sort: `ix_url_due` has the order.
_IS_DUE = func.coalesce(url.c.next_fetch_at, null()) <= bindparam("now", type_=url.c.next_fetch_at.type)
DUE = (
    select(url)
    .where(_OF_SOURCE, url.c.next_fetch_at.is_not(None), _IS_DUE)
    .order_by(url.c.order_at.desc(), url.c.id.desc())
    .limit(bindparam("most"))
)
_NAMED = select(announcement.c.url_id).where(announcement.c.run_id == bindparam("run")).distinct()
_BY_RUN = url.c.outcome_run_id == bindparam("run")
_BECAME = case(
    (_BY_RUN, url.c.outcome), (url.c.outcome == Outcome.PENDING, Outcome.PENDING.value), else_="known"
).label("became")
OUTCOMES = select(_BECAME, func.count()).where(url.c.id.in_(_NAMED)).group_by(_BECAME)
CARRIED_OVER = (
    select(url.c.outcome, func.count()).where(_BY_RUN, url.c.id.not_in(_NAMED)).group_by(url.c.outcome)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A URL to fetch now."""

    id: int
    url: str
    attempts: int
    order_at: dt.datetime
    title: str | None
    published: dt.datetime | None
    outcome: Outcome = Outcome.PENDING
    # What became of it last.
    article_id: int | None = None
    # The article that it led to then.


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What became of a URL."""

    url_id: int
    outcome: Outcome
    at: dt.datetime
    run_id: int
    next_fetch_at: dt.datetime | None = None
    http_status: int | None = None
    detail: str | None = None
    article_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What a run did: `outcomes` adds up to `announced`."""

    announced: int
    outcomes: dict[str, int]
    # Of what this run's discovery named; "known" where nothing was due.
    carried_over: dict[str, int]
    # Of what earlier runs had announced and this one fetched.


def announce(
    connection: Connection,
    announced: Sequence[Announced],
    *,
    source_id: int,
    endpoint_id: int,
    run_id: int,
    now: dt.datetime,
) -> int:
    """Write down what an endpoint named; returns how many URLs were never seen before.

    A known URL keeps its outcome. It becomes due again when it was left and is
    wanted now, or when its announcer says that it changed after our last look.
    """
    named: dict[str, Announced] = {}
    for item in announced:
        named.setdefault(item.key, item)
    new = 0
    for batch in _batches(list(named.values())):
        known = set(connection.scalars(select(url.c.key).where(url.c.key.in_([i.key for i in batch]))))
        new += len(batch) - len(known)
        _upsert_urls(connection, batch, source_id, run_id, now)
        _upsert_announcements(connection, batch, endpoint_id, run_id, now)
    return new


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _upsert_urls(
    connection: Connection, batch: Sequence[Announced], source_id: int, run_id: int, now: dt.datetime
) -> None:
    statement = upsert(connection, url)
    named = statement.excluded
    # Our rules may have changed since: what they alone decided is decided again.
    ours_to_decide = _is_one_of(Outcome.PENDING, Outcome.EXCLUDED)
    turned = and_(ours_to_decide, url.c.outcome != named.outcome)
    later = or_(
        named.announced_modified_at > url.c.announced_modified_at,
        and_(url.c.announced_modified_at.is_(None), named.announced_modified_at > url.c.outcome_at),
    )
    # Some announcers say at each look that all has just changed: once wrong, they are believed less often.
    credible = or_(url.c.outcome != Outcome.UNCHANGED, url.c.outcome_at <= now - DOUBT)
    given_up = and_(_is_one_of(*FAILED), url.c.next_fetch_at.is_(None))
    changed = and_(or_(_is_one_of(*LIVING), given_up), later, credible)
    next_fetch_at = case(
        (turned, named.next_fetch_at),
        (url.c.outcome == Outcome.PENDING, func.coalesce(url.c.next_fetch_at, named.next_fetch_at)),
        (changed, func.coalesce(named.next_fetch_at, url.c.next_fetch_at)),
        else_=url.c.next_fetch_at,
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[url.c.key],
            set_={
                "last_seen_at": named.last_seen_at,
                "next_fetch_at": next_fetch_at,
                **{
                    name: case((turned, named[name]), else_=url.c[name])
                    for name in ("outcome", "outcome_at", "outcome_run_id", "detail")
                },
                "announced_title": func.coalesce(url.c.announced_title, named.announced_title),
                "announced_at": func.coalesce(url.c.announced_at, named.announced_at),
                # What is not believed is not remembered, or it would be no news when the doubt is over.
                "announced_modified_at": case(
                    (
                        and_(credible, or_(url.c.announced_modified_at.is_(None), later)),
                        named.announced_modified_at,
                    ),
                    else_=url.c.announced_modified_at,
                ),
            },
        ),
        [_url_row(item, source_id, run_id, now) for item in batch],
    )


def _is_one_of(*outcomes: Outcome) -> ColumnElement[bool]:
    """`outcome IN (…)`, written so that one statement can take many rows."""
    return or_(*(url.c.outcome == outcome for outcome in outcomes))


def _url_row(item: Announced, source_id: int, run_id: int, now: dt.datetime) -> dict[str, object]:
    return {
        "source_id": source_id,
        "url": item.url,
        "key": item.key,
        "first_seen_at": now,
        "last_seen_at": now,
        "announced_title": item.title,
        "announced_at": item.published,
        "announced_modified_at": item.modified,
        "order_at": item.published or item.modified or now,
        "next_fetch_at": now if item.wanted and not item.excluded else None,
        "outcome": Outcome.EXCLUDED if item.excluded else Outcome.PENDING,
        "outcome_at": now if item.excluded else None,
        "outcome_run_id": run_id if item.excluded else None,
        "detail": item.excluded,
    }


def _upsert_announcements(
    connection: Connection, batch: Sequence[Announced], endpoint_id: int, run_id: int, now: dt.datetime
) -> None:
    ids = connection.scalars(select(url.c.id).where(url.c.key.in_([item.key for item in batch])))
    statement = upsert(connection, announcement)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[announcement.c.url_id, announcement.c.endpoint_id],
            set_={"run_id": statement.excluded.run_id, "last_seen_at": statement.excluded.last_seen_at},
        ),
        [
            {
                "url_id": url_id,
                "endpoint_id": endpoint_id,
                "run_id": run_id,
                "first_seen_at": now,
                "last_seen_at": now,
            }
            for url_id in ids
        ],
    )


def due(
    connection: Connection, source_id: int, *, now: dt.datetime, limit: int, after: Due | None = None
) -> list[Due]:
    """The next URLs of a source to fetch, newest first; `after` is the last of the batch before."""
    query, values = DUE, {"source": source_id, "now": now, "most": limit}
    if after is not None:
        query = query.where(
            or_(url.c.order_at < after.order_at, and_(url.c.order_at == after.order_at, url.c.id < after.id))
        )
    return [
        Due(
            id=r.id,
            url=r.url,
            attempts=r.attempts,
            order_at=r.order_at,
            title=r.announced_title,
            published=r.announced_at,
            outcome=Outcome(r.outcome),
            article_id=r.article_id,
        )
        for r in connection.execute(query, values)
    ]


def count_due(connection: Connection, source_id: int, *, now: dt.datetime) -> int:
    """How many URLs of a source are to be fetched now."""
    return connection.scalar(COUNT_DUE, {"source": source_id, "now": now}) or 0


def count_left(connection: Connection, source_id: int) -> int:
    """How many announced URLs of a source were written down and left (older than what a crawl takes)."""
    return connection.scalar(COUNT_LEFT, {"source": source_id}) or 0


def want_left(connection: Connection, source_id: int, *, since: dt.datetime | None, now: dt.datetime) -> int:
    """Make due what was left, all of it or what is from `since` on; returns how many."""
    statement = update(url).where(
        url.c.source_id == source_id, url.c.outcome == Outcome.PENDING, url.c.next_fetch_at.is_(None)
    )
    if since is not None:
        statement = statement.where(url.c.order_at >= since)
    return connection.execute(statement.values(next_fetch_at=now)).rowcount


def want(connection: Connection, keys: Iterable[str], *, now: dt.datetime) -> None:
    """Make these URLs due whatever became of them, unless they were taken down: a person asks for them."""
    for batch in _batches(list(keys)):
        named = (url.c.key.in_(batch), url.c.outcome != Outcome.TAKEN_DOWN)
        connection.execute(update(url).where(*named).values(next_fetch_at=now))


def want_again(connection: Connection, source_id: int, *, since: dt.datetime, now: dt.datetime) -> int:
    """Make the articles due that were published (else first seen) from `since` on; returns how many.

    Removed ones are among them, since they may be back.
    """
    published = func.coalesce(version.c.date_published, article.c.first_seen_at)
    recent = (
        select(article.c.id)
        .join(version, version.c.id == article.c.current_version_id)
        .where(article.c.source_id == source_id, published >= since)
    )
    statement = update(url).where(
        url.c.article_id.in_(recent), _is_one_of(*LIVING, Outcome.GONE), url.c.source_id == source_id
    )
    return connection.execute(statement.values(next_fetch_at=now)).rowcount


def id_of(connection: Connection, url_key: str) -> int:
    """The id of a URL's entry, which is there."""
    return int(connection.execute(select(url.c.id).where(url.c.key == url_key)).scalar_one())


def decide(connection: Connection, decision: Decision) -> None:
    """Write down what became of a URL; the caller's transaction holds what was stored of it."""
    row = {
        "outcome": decision.outcome,
        "outcome_at": decision.at,
        "outcome_run_id": decision.run_id,
        "next_fetch_at": decision.next_fetch_at,
        "http_status": decision.http_status,
        "detail": decision.detail,
    }
    statement = DECIDE_LIVING if decision.outcome in LIVING else DECIDE
    connection.execute(statement, {**row, "decided": decision.url_id, "article": decision.article_id})


def account(connection: Connection, run_id: int) -> Account:
    """What became of the URLs that a run named, and of those that it took over from earlier ones."""
    outcomes, carried = (_counts(connection, query, run_id) for query in (OUTCOMES, CARRIED_OVER))
    return Account(announced=sum(outcomes.values()), outcomes=outcomes, carried_over=carried)


def _counts(connection: Connection, query: Select[Any], run_id: int) -> dict[str, int]:
    rows = connection.execute(query, {"run": run_id})
    return {str(name): number for name, number in sorted(rows, key=lambda row: -row[1])}


def announcers(connection: Connection, url_id: int) -> list[str]:
    """The endpoints that named a URL, first one first."""
    query = (
        select(endpoint.c.url)
        .join(announcement, announcement.c.endpoint_id == endpoint.c.id)
        .where(announcement.c.url_id == url_id)
        .order_by(announcement.c.first_seen_at, endpoint.c.id)
    )
    return list(connection.scalars(query))
