"""The books of an import: a run and an endpoint for each source, one transaction for each page."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from crawler.items import EndpointKind
from crawler.sources import Source
from storage import backfill, ledger, runs, sources
from storage.announced import Announced
from storage.captures import rows as captures
from storage.records import Capture, Outcome, Submission
from storage.urls import key
from storage.writer import Writer

T = TypeVar("T")

REASON = "import"  # why its runs end


class Books:
    """What one import writes."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self._accounts: dict[tuple[str, str], asyncio.Task[_Account]] = {}
        self._runs: dict[str, asyncio.Task[tuple[int, int]]] = {}

    async def enter(
        self,
        source: Source,
        url: str,
        capture: Capture,
        submission: Submission | None,
        outcome: Outcome,
        reason: str,
        name: str,
    ) -> Outcome:
        """Write a page of the file `name` down: capture, ledger entry and, if it is one, article."""
        account = await self._account(source, name)
        announced = Announced(url=url, key=key(url), wanted=False)

        def enter(connection: Connection) -> Outcome:
            url_id = account.announce(connection, announced)
            captures.keep(connection, capture, None)
            if submission is None:
                decision = ledger.Decision(
                    url_id=url_id,
                    outcome=outcome,
                    at=capture.fetched_at,
                    run_id=account.run_id,
                    http_status=capture.http_status,
                    detail=reason,
                )
                backfill.refuse(connection, decision)
                return outcome
            ticket = backfill.Ticket(source_id=account.source_id, url_id=url_id, run_id=account.run_id)
            return backfill.store(connection, submission, ticket)

        return await self._write(enter)

    async def exclude(self, source: Source, url: str, reason: str, name: str) -> None:
        """Write down that our own rules forbid a page."""
        account = await self._account(source, name)
        announced = Announced(url=url, key=key(url), wanted=False, excluded=reason)
        await self._write(lambda connection: account.announce(connection, announced))

    async def close(self) -> None:
        """End the runs."""
        now = dt.datetime.now(dt.UTC)
        for opened in self._runs.values():
            _, run_id = await opened
            await self._write(partial(runs.finish, run_id=run_id, at=now, reason=REASON))

    async def _account(self, source: Source, name: str) -> _Account:
        """The account of a file's pages of a source, opened once."""
        opened = self._accounts.get((source.slug, name))
        if opened is None:
            opened = asyncio.create_task(self._open(source, name))
            self._accounts[source.slug, name] = opened
        return await asyncio.shield(opened)

    async def _open(self, source: Source, name: str) -> _Account:
        if source.slug not in self._runs:
            self._runs[source.slug] = asyncio.create_task(self._write(lambda c: _begin(c, source)))
        source_id, run_id = await self._runs[source.slug]
        row = (f"import:{name}", str(EndpointKind.GIVEN), None)
        [endpoint] = await self._write(lambda c: sources.keep_endpoints(c, source_id, [row]))
        return _Account(source_id, run_id, endpoint.id)

    async def _write(self, operation: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self.writer.submit(operation))


class _Account:
    """A source's pages in one file."""

    def __init__(self, source_id: int, run_id: int, endpoint_id: int) -> None:
        self.source_id = source_id
        self.run_id = run_id
        self.endpoint_id = endpoint_id

    def announce(self, connection: Connection, announced: Announced) -> int:
        """Write down that the file holds a page; returns the id of its ledger entry."""
        ledger.announce(
            connection,
            [announced],
            source_id=self.source_id,
            endpoint_id=self.endpoint_id,
            run_id=self.run_id,
            now=dt.datetime.now(dt.UTC),
        )
        return ledger.id_of(connection, announced.key)


def _begin(connection: Connection, source: Source) -> tuple[int, int]:
    """The ids of a source and of a new run of it."""
    source_id = sources.keep_source(
        connection,
        slug=source.slug,
        name=source.name,
        home_page=source.home_page,
        language=source.language,
        country=source.country,
        time_zone=source.time_zone,
    )
    return source_id, runs.start(connection, source_id, at=dt.datetime.now(dt.UTC), is_look=False)
