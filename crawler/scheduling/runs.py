"""One crawl of one source, recorded: what it names, takes, and makes of each URL.

Everything that a crawl writes goes through here to the archive's writer thread;
the event loop only awaits.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from random import random
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.discovery.probe import Site
from crawler.items import Endpoint, EndpointKind
from crawler.scheduling import rechecking
from crawler.scheduling.agenda import Manners
from crawler.scheduling.looking import Seen, after_failure, after_success
from crawler.scheduling.policy import Appetite
from crawler.scheduling.rhythm import Failure, Lateness
from crawler.sources import Source
from storage import articles, attempts, ledger, runs, sources
from storage.announced import Announced
from storage.records import Attempt, Capture, Outcome
from storage.sources import EndpointState, Reading
from storage.urls import key
from storage.writer import Writer

T = TypeVar("T")

NOTHING_SAID = Seen()
USUAL = Manners()
GIVEN = Endpoint(url="given:", kind=EndpointKind.GIVEN)  # who announces a URL that a person named


def utc_now() -> dt.datetime:
    """The present instant, aware."""
    return dt.datetime.now(dt.UTC)


class Run:
    """An open run. Build it with `Run.open`; `finish` closes it with its account."""

    def __init__(
        self,
        writer: Writer,
        source_id: int,
        run_id: int,
        appetite: Appetite,
        manners: Manners,
        lateness: Lateness,
        *,
        is_timed: bool = False,
    ) -> None:
        self.is_timed = is_timed  # a person says when the source is looked at
        self.manners = manners
        self.lateness = lateness
        self.writer = writer
        self.source_id = source_id
        self.run_id = run_id
        self.appetite = appetite

    @classmethod
    async def open(cls, writer: Writer, source: Source, appetite: Appetite, manners: Manners = USUAL) -> Run:
        """Write the source and the start of its crawl down."""

        def start(connection: Connection) -> tuple[int, int, Lateness]:
            source_id = sources.keep_source(
                connection,
                slug=source.slug,
                name=source.name,
                home_page=source.home_page,
                language=source.language,
                country=source.country,
                time_zone=source.time_zone,
            )
            run_id = runs.start(connection, source_id, at=utc_now())
            return source_id, run_id, rechecking.known_lateness(connection, source_id)

        source_id, run_id, lateness = await _commit(writer, start)
        return cls(writer, source_id, run_id, appetite, manners, lateness, is_timed=source.timing is not None)

    async def keep_endpoints(
        self,
        found: Iterable[Endpoint],
        parent: EndpointState | None = None,
        modified: Mapping[str, dt.datetime | None] = MappingProxyType({}),
    ) -> list[EndpointState]:
        """Write endpoints down (those of an index with its dates for them); returns them as they stand."""
        rows = [(endpoint.url, str(endpoint.kind), modified.get(endpoint.url)) for endpoint in found]
        parent_id = parent.id if parent else None
        return await self._commit(
            lambda c: sources.keep_endpoints(c, self.source_id, rows, parent_id=parent_id)
        )

    async def endpoints(self, parent: EndpointState | None = None) -> list[EndpointState]:
        """The endpoints known of the source: the top ones, or those within an index."""
        parent_id = parent.id if parent else None
        return await self._commit(lambda c: sources.endpoints(c, self.source_id, parent_id=parent_id))

    async def announce(
        self,
        endpoint: EndpointState,
        announced: Sequence[Announced],
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        seen: Seen = NOTHING_SAID,
        reading: Reading | None = None,
        is_all: bool = True,
    ) -> int:
        """Write down what an endpoint named, and that it answered; returns how many URLs are new.

        `reading`: by what to know the answer again; None where it is the one that was read last. `is_all`:
        where something was new, there is no more of it to ask for.
        """
        now = utc_now()

        def record(connection: Connection) -> int:
            new = self._announce(connection, endpoint, announced, now)
            before = sources.profile(connection, self.source_id)
            following, profile = after_success(
                endpoint,
                announced,
                new,
                seen,
                now=now,
                profile=before,
                bounds=self.manners.bounds,
                chance=random(),  # noqa: S311
            )
            sources.record_success(
                connection,
                endpoint.id,
                at=now,
                new=new,
                etag=etag,
                last_modified=last_modified,
                following=following,
                reading=reading if reading is None or is_all or not new else replace(reading, digest=None),
            )
            if profile is not None and profile != before:
                sources.keep_profile(connection, self.source_id, profile)
            return new

        return await self._commit(record)

    async def name(self, endpoint: EndpointState, announced: Sequence[Announced]) -> int:
        """Write down what a further page of an endpoint named; returns how many URLs are new."""
        return await self._commit(lambda c: self._announce(c, endpoint, announced, utc_now()))

    def _announce(
        self,
        connection: Connection,
        endpoint: EndpointState,
        announced: Sequence[Announced],
        now: dt.datetime,
    ) -> int:
        return ledger.announce(
            connection,
            announced,
            source_id=self.source_id,
            endpoint_id=endpoint.id,
            run_id=self.run_id,
            now=now,
        )

    async def endpoint_failed(
        self, endpoint: EndpointState, error: str, failure: Failure, retry_after: float | None = None
    ) -> None:
        """Write down that an endpoint gave nothing that can be read."""
        now = utc_now()
        again = after_failure(
            endpoint,
            failure,
            retry_after,
            now=now,
            bounds=self.manners.bounds,
            chance=random(),  # noqa: S311
            is_timed=self.is_timed,
        )
        await self._commit(
            lambda c: sources.record_failure(
                c, endpoint.id, at=now, error=error, failure=failure, next_check_at=again
            )
        )

    async def want_rechecks(self) -> int:
        """Make the articles due that are to be looked at for edits, as many as a day may have."""
        now = utc_now()
        return await self._commit(
            lambda c: rechecking.take(c, self.source_id, now=now, budget=self.manners.rechecks)
        )

    async def plan_recheck(self, url_id: int) -> None:
        """Set when to look again at an article that was looked at again."""
        await self._commit(lambda c: rechecking.plan(c, self.source_id, url_id, now=utc_now()))

    async def give(self, urls: Iterable[str]) -> None:
        """Announce what a person named, and make it due whatever became of it before."""
        announced = [Announced(url=url, key=key(url)) for url in urls]
        [given] = await self.keep_endpoints([GIVEN])

        def record(connection: Connection) -> None:
            self._announce(connection, given, announced, utc_now())
            ledger.want(connection, [item.key for item in announced], now=utc_now())

        await self._commit(record)

    async def want_left(self) -> None:
        """Make due what earlier crawls left, as far as this one's appetite goes."""
        if self.appetite.take_all or self.appetite.since:
            since = None if self.appetite.take_all else self.appetite.since
            await self._commit(lambda c: ledger.want_left(c, self.source_id, since=since, now=utc_now()))

    async def want_again(self) -> None:
        """Make the articles due that this crawl is to look at again."""
        if self.appetite.again_days is not None:
            now = utc_now()
            since = now - dt.timedelta(days=self.appetite.again_days)
            await self._commit(lambda c: ledger.want_again(c, self.source_id, since=since, now=now))

    async def due(self, limit: int, after: ledger.Due | None) -> list[ledger.Due]:
        """The next URLs to fetch, newest first."""
        now = utc_now()
        return await self._commit(lambda c: ledger.due(c, self.source_id, now=now, limit=limit, after=after))

    async def count_due(self) -> int:
        """How many URLs are to be fetched now."""
        return await self._commit(lambda c: ledger.count_due(c, self.source_id, now=utc_now()))

    async def count_left(self) -> int:
        """How many URLs are written down and left."""
        return await self._commit(lambda c: ledger.count_left(c, self.source_id))

    async def decide(
        self,
        url_id: int,
        outcome: Outcome,
        *,
        detail: str | None = None,
        http_status: int | None = None,
        next_fetch_at: dt.datetime | None = None,
        is_removed: bool = False,
        led_to: str | None = None,
        capture: Capture | None = None,
        tries: Sequence[Attempt] = (),
    ) -> None:
        """Write down what became of a URL that brought no article (`storage.articles.record_absence`).

        `capture`: the answer's raw bytes; `tries`: what the tries before it brought.
        """
        now = utc_now()
        at = capture.fetched_at if capture else now
        last = Attempt(at=at, outcome=outcome, http_status=http_status, detail=detail, capture=capture)
        decision = ledger.Decision(
            url_id=url_id,
            outcome=outcome,
            at=now,
            run_id=self.run_id,
            detail=detail,
            http_status=http_status,
            next_fetch_at=next_fetch_at,
        )

        def record(connection: Connection) -> None:
            articles.record_absence(connection, decision, is_removed=is_removed, led_to=led_to)
            attempts.keep(connection, (*tries, last), url_id=url_id, run_id=self.run_id)

        await self._commit(record, can_wait=True)

    async def learn(self, source: Source, site: Site) -> None:
        """Keep what a site says of itself, where the source does not say it."""
        name = site.name if source.name == urlsplit(source.home_page).netloc else source.name
        await self._commit(
            lambda c: sources.keep_source(
                c,
                slug=source.slug,
                name=name or source.name,
                home_page=source.home_page,
                language=source.language or site.language,
                country=source.country or site.country,
                time_zone=source.time_zone or site.time_zone,
            )
        )

    async def needs_probe(self, *, days: float) -> bool:
        """Whether the source's home page was not searched for endpoints in the last `days`."""
        last = await self._commit(lambda c: sources.probed_at(c, self.source_id))
        return last is None or utc_now() - last > dt.timedelta(days=days)

    async def mark_probed(self) -> None:
        """Remember that the source's home page has been searched."""
        await self._commit(lambda c: sources.mark_probed(c, self.source_id, utc_now()))

    async def finish(self, reason: str, *, reached: bool = True) -> ledger.Account:
        """Close the run; returns what became of everything. `reached`: whether anything answered."""
        return await self._commit(
            lambda c: runs.finish(c, self.run_id, at=utc_now(), reason=reason, reached=reached)
        )

    def _commit(self, operation: Callable[[Connection], T], *, can_wait: bool = False) -> Awaitable[T]:
        return _commit(self.writer, operation, can_wait=can_wait)


def _commit(writer: Writer, operation: Callable[[Connection], T], *, can_wait: bool = False) -> Awaitable[T]:
    return asyncio.wrap_future(writer.submit(operation, can_wait=can_wait))
