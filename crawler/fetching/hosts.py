"""One crawl at a time asks a host, however many crawls and processes there are.

A crawl takes a host's lease before its first request there and keeps it as
long as it has requests under way, so that its own delays are those of the
host. When another one waits, it lets go after a while, and takes its turn
again later: nobody holds one host while waiting for another.

`HostGate` lets requests in, nearest to the network: what is counted here is
really sent. `sending` asks once more at the very moment of sending.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from crawler.fetching.holding import Holding
from crawler.fetching.politeness import HostRests, crawl_delay_of, retry_after, slot_of
from storage.leases import Kind

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

TURN = 10.0  # seconds after which a crawl lets others have the host
ENTERED = "archive_host"  # in the meta of a request that is under way: at which host
POLL = 0.5  # seconds between two questions whether a host is free
LONGEST_REST = 7 * 86_400.0  # seconds


@dataclass
class Turn:
    """A crawl's turn at a host."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    held: bool = False
    since: float = 0.0
    under_way: int = 0
    wanted: bool = False
    # Another crawl waits.
    next_at: dt.datetime | None = None
    # Nobody is to ask the host before.

    @property
    def is_over(self) -> bool:
        return self.wanted and (not self.under_way or time.monotonic() - self.since > TURN)


class Turns:
    """A crawl's turns at all hosts that it asks."""

    def __init__(self, holding: Holding, task: str, *, patience: float) -> None:
        self.holding = holding
        self.task = task
        self.patience = patience
        self.turns: defaultdict[str, Turn] = defaultdict(Turn)
        self._tasks: set[asyncio.Task[None]] = set()

    async def enter(self, host: str, *, pause: float = 0.0) -> None:
        """Wait for the host; HostRests where it is to be left alone for longer than `patience` seconds.

        `pause`: seconds between two requests there, where somebody may have made the last one just now.
        """
        turn = self.turns[host]
        async with turn.lock:
            if turn.held and turn.is_over:
                while turn.held and turn.under_way:  # noqa: ASYNC110 - those end first
                    await asyncio.sleep(POLL)
                if turn.held:
                    await self._give_way(host, turn)
            if not turn.held:
                await self._take(host, turn, pause)
            turn.under_way += 1

    async def confirm(self, host: str, *, pause: float = 0.0) -> None:
        """Wait, right before a request is sent, until the turn is still or again this crawl's.

        The request has passed `enter` and may have waited since, in the downloader or with the whole
        process stopped, for longer than a lease lasts. HostRests as in `enter`.
        """
        turn = self.turns[host]
        while not (turn.held and self.holding.is_sure(Kind.HOST, host, self.task)):
            if turn.lock.locked():  # somebody sees to it, or waits for the likes of this one to end
                await asyncio.sleep(POLL)
                continue
            async with turn.lock:
                await self._take(host, turn, pause)

    async def _take(self, host: str, turn: Turn, pause: float) -> None:
        while True:
            lease, ours = await self.holding.claim(Kind.HOST, host, self.task, pause=pause)
            if ours:
                break
            await asyncio.sleep(POLL)
        turn.held, turn.wanted, turn.since, turn.next_at = True, False, time.monotonic(), lease.next_at
        key = (Kind.HOST, host)
        self.holding.wanted[key] = self._wanted
        self.holding.lost[key] = self._lost
        rest = (lease.next_at - dt.datetime.now(dt.UTC)).total_seconds() if lease.next_at else 0.0
        if self.patience < rest <= LONGEST_REST:
            await self._let_go(host)
            raise HostRests(host, rest)
        if 0 < rest <= LONGEST_REST:
            await asyncio.sleep(rest)

    def leave(self, host: str, pause: float) -> None:
        """A request has come to its end; nobody is to ask the host within `pause` seconds."""
        turn = self.turns[host]
        turn.under_way -= 1
        end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=min(pause, LONGEST_REST))
        turn.next_at = max(turn.next_at or end, end)
        self._let_go_if_over(host)

    def rest(self, host: str, seconds: float) -> None:
        """The host has asked to be left alone: so it is, also when this process should die now."""
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=min(seconds, LONGEST_REST))
        self._keep(asyncio.get_running_loop().create_task(self.holding.rest(host, self.task, until)))

    async def close(self) -> None:
        """Let go of all hosts."""
        await asyncio.gather(*self._tasks)
        await asyncio.gather(*(self._let_go(host) for host, turn in self.turns.items() if turn.held))

    def _wanted(self, host: str) -> None:
        self.turns[host].wanted = True
        self._let_go_if_over(host)

    def _lost(self, host: str) -> None:
        self.turns[host].held = False

    def _let_go_if_over(self, host: str) -> None:
        turn = self.turns[host]
        if turn.held and turn.is_over and not turn.under_way and not turn.lock.locked():
            self._keep(asyncio.get_running_loop().create_task(self._end_turn(host, turn)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end_turn(self, host: str, turn: Turn) -> None:
        async with turn.lock:
            if turn.held and not turn.under_way:
                await self._give_way(host, turn)

    async def _give_way(self, host: str, turn: Turn) -> None:
        """Let go, and do not ask again before the one who waits has asked."""
        await self._let_go(host)
        await asyncio.sleep(2 * POLL)

    async def _let_go(self, host: str) -> None:
        turn = self.turns[host]
        turn.held = False
        await self.holding.release(Kind.HOST, host, self.task, next_at=turn.next_at)


def turns_of(crawler: Crawler) -> Turns | None:
    """The turns of a crawl; a spider without an archive has none."""
    turns: Turns | None = getattr(crawler.spider, "turns", None)
    return turns


class HostGate:
    """Downloader middleware: lets a request pass when it is its crawl's turn at the host."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if (turns := turns_of(self.crawler)) is not None:
            host = urlsplit(request.url).netloc
            await turns.enter(host, pause=crawl_delay_of(self.crawler, request))
            request.meta[ENTERED] = host

    def process_response(self, request: Request, response: Response) -> Response:
        asked = retry_after(response, dt.datetime.now(dt.UTC))
        turns = turns_of(self.crawler)
        if asked and turns is not None and ENTERED in request.meta:
            turns.rest(request.meta[ENTERED], asked)
        self._leave(request, self._delay(request) if asked is None else asked)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        self._leave(request, self._delay(request))

    def _leave(self, request: Request, pause: float) -> None:
        host = request.meta.pop(ENTERED, None)
        if host is not None and (turns := turns_of(self.crawler)) is not None:
            turns.leave(host, pause)

    def _delay(self, request: Request) -> float:
        slot = slot_of(self.crawler, request)
        return slot.delay if slot else 0.0
