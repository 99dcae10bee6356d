"""The archive's own rows of sources and their endpoints: what a crawl remembers of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update
from sqlalchemy.sql.dml import ReturningInsert

from storage.models import endpoint, source, url
from storage.upserts import Upsert, upsert_on

GIVEN = "given"  # the kind of endpoint that stands for a person


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointState:
    """An endpoint and what its server said last time."""

    id: int
    url: str
    kind: str
    etag: str | None
    last_modified: str | None
    modified_at: dt.datetime | None
    # The date that an index gives a sitemap within it.
    last_checked_at: dt.datetime | None
    last_success_at: dt.datetime | None
    last_new: int | None
    failures: int
    failure: str | None
    # Why the last look failed (crawler.scheduling.rhythm.Failure); None: it succeeded.
    last_error: str | None
    # … in words.
    next_check_at: dt.datetime | None
    # None: as soon as possible.
    rate: float | None
    # New URLs a day.
    asked_interval: int | None
    # Seconds between two looks that its publisher asks for.
    moved_to: str | None
    # The address that is asked in its place.
    read_at: dt.datetime | None = None
    # When an answer was last read, and not only known again.
    digest: str | None = None
    # Of that answer and all that says how it is read.
    rules: str | None = None
    # … and of the source's own rules among that.


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """By what the answer that was read is known again; `digest` None: the next one is to be read."""

    digest: str | None
    rules: str


# What each crawl asks is put together once.
_STATE = tuple(endpoint.c[field.name] for field in fields(EndpointState))
OF_SOURCE = select(*_STATE).where(endpoint.c.source_id == bindparam("source")).order_by(endpoint.c.id)
TOP = OF_SOURCE.where(endpoint.c.parent_id.is_(None))
WITHIN = OF_SOURCE.where(endpoint.c.parent_id == bindparam("parent"))
TOP_OF_ALL = (
    select(endpoint.c.source_id, *_STATE)
    .where(endpoint.c.parent_id.is_(None), endpoint.c.kind != GIVEN)
    .order_by(endpoint.c.id)
)
TOP_OF_SOME = TOP_OF_ALL.join(source, source.c.id == endpoint.c.source_id).where(
    source.c.slug.in_(bindparam("slugs", expanding=True))
)
PROFILE = select(source.c.profile).where(source.c.id == bindparam("source"))
CHANGE = update(endpoint).where(endpoint.c.id == bindparam("own_id"))


@dataclass(frozen=True, kw_only=True, slots=True)
class NextLook:
    """What a look at an endpoint means for the next one."""

    at: dt.datetime
    rate: float | None = None
    asked_interval: int | None = None
    moved_to: str | None = None


def keep_source(
    connection: Connection,
    *,
    slug: str,
    name: str,
    home_page: str,
    language: str | None = None,
    country: str | None = None,
    time_zone: str | None = None,
) -> int:
    """The id of the source with this slug; what is newly known of it is kept, what was known is not lost."""
    row: dict[str, str | None] = {"slug": slug, "name": name, "home_page": home_page}
    row |= {"language": language, "country": country, "time_zone": time_zone}
    return int(connection.execute(_keep_source(connection.dialect.name), row).scalar_one())


@cache
def _keep_source(engine: str) -> ReturningInsert[int]:
    statement = upsert_on(engine, source)
    columns = ("name", "home_page", "language", "country", "time_zone")
    kept = {c: func.coalesce(statement.excluded[c], source.c[c]) for c in columns}
    return statement.on_conflict_do_update(index_elements=[source.c.slug], set_=kept).returning(source.c.id)


def source_of(connection: Connection, url_key: str) -> str | None:
    """The slug of the source whose ledger holds a URL, or None."""
    query = select(source.c.slug).join(url, url.c.source_id == source.c.id).where(url.c.key == url_key)
    return connection.scalar(query)


def probed_at(connection: Connection, source_id: int) -> dt.datetime | None:
    """When the source's home page was last searched for endpoints."""
    return connection.scalar(select(source.c.probed_at).where(source.c.id == source_id))


def mark_probed(connection: Connection, source_id: int, at: dt.datetime) -> None:
    """Remember that the source's home page has been searched."""
    connection.execute(update(source).where(source.c.id == source_id).values(probed_at=at))


def keep_endpoints(
    connection: Connection,
    source_id: int,
    found: Iterable[tuple[str, str, dt.datetime | None]],
    *,
    parent_id: int | None = None,
) -> list[EndpointState]:
    """Write down endpoints as (url, kind, date in the index), and return all of these as they stand."""
    rows = {
        address: {
            "source_id": source_id,
            "url": address,
            "kind": kind,
            "modified_at": modified,
            "parent_id": parent_id,
        }
        for address, kind, modified in found
    }
    if rows:
        connection.execute(_keep_endpoints(connection.dialect.name), list(rows.values()))
    return [state for state in _states(connection, OF_SOURCE, source=source_id) if state.url in rows]


@cache
def _keep_endpoints(engine: str) -> Upsert:
    statement = upsert_on(engine, endpoint)
    return statement.on_conflict_do_update(
        index_elements=[endpoint.c.source_id, endpoint.c.url],
        set_={
            "kind": statement.excluded.kind,
            "modified_at": func.coalesce(statement.excluded.modified_at, endpoint.c.modified_at),
        },
    )


def endpoints(connection: Connection, source_id: int, *, parent_id: int | None = None) -> list[EndpointState]:
    """The endpoints of a source, or those within the index `parent_id`, in the order they were found."""
    if parent_id is None:
        return _states(connection, TOP, source=source_id)
    return _states(connection, WITHIN, source=source_id, parent=parent_id)


def _states(connection: Connection, query: Select[Any], **values: int) -> list[EndpointState]:
    return [EndpointState(**row._mapping) for row in connection.execute(query, values)]


def top_endpoints(connection: Connection, slugs: Sequence[str] | None) -> dict[int, list[EndpointState]]:
    """The endpoints of these sources (None: of all) that are asked by themselves, by the source's id."""
    found: dict[int, list[EndpointState]] = defaultdict(list)
    some = {} if slugs is None else {"slugs": list(slugs)}
    for row in connection.execute(TOP_OF_ALL if slugs is None else TOP_OF_SOME, some):
        values = dict(row._mapping)
        found[values.pop("source_id")].append(EndpointState(**values))
    return found


def record_success(
    connection: Connection,
    endpoint_id: int,
    *,
    at: dt.datetime,
    new: int,
    etag: str | None,
    last_modified: str | None,
    following: NextLook | None = None,
    reading: Reading | None = None,
) -> None:
    """The endpoint answered; `new` URLs in it had never been seen. `reading` None: it said nothing new."""
    connection.execute(
        CHANGE,
        {
            "own_id": endpoint_id,
            "last_checked_at": at,
            "last_success_at": at,
            "last_new": new,
            "etag": etag,
            "last_modified": last_modified,
            "failures": 0,
            "failure": None,
            "last_error": None,
            **_columns(following),
            **({"read_at": at, "digest": reading.digest, "rules": reading.rules} if reading else {}),
        },
    )


def _columns(following: NextLook | None) -> dict[str, object]:
    if following is None:
        return {}
    return {
        "next_check_at": following.at,
        "rate": following.rate,
        "asked_interval": following.asked_interval,
        "moved_to": following.moved_to,
    }


def record_failure(
    connection: Connection,
    endpoint_id: int,
    *,
    at: dt.datetime,
    error: str,
    failure: str | None = None,
    next_check_at: dt.datetime | None = None,
) -> None:
    """The endpoint did not answer, or not with anything to be read; its own address is asked from now on."""
    connection.execute(
        update(endpoint)
        .where(endpoint.c.id == endpoint_id)
        .values(
            last_checked_at=at,
            failures=endpoint.c.failures + 1,
            last_error=error,
            failure=failure,
            next_check_at=next_check_at,
            moved_to=None,
            digest=None,
        )
    )


def profile(connection: Connection, source_id: int) -> tuple[float, ...] | None:
    """At which hours the source brings its news, as far as is known."""
    found = connection.scalar(PROFILE, {"source": source_id})
    return tuple(found) if found else None


def keep_profile(connection: Connection, source_id: int, profile: tuple[float, ...]) -> None:
    """Remember at which hours the source brings its news."""
    connection.execute(update(source).where(source.c.id == source_id).values(profile=list(profile)))
