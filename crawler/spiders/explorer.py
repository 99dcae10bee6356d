"""What a source names now: asks its endpoints, walks its sitemap indexes and section pages.

probe (if due) ─> endpoints ─> ask, if changed ─> read in a worker ─> ledger
                                    ^                  │
                                    └── children, next page
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import dataclass

from crawler.discovery import kind as kind_of
from crawler.errors import ReadError
from crawler.extraction.pool import ReaderError, ReaderPool
from crawler.fetching.conditional import condition, max_age, validators
from crawler.items import Endpoint, EndpointKind
from crawler.scheduling.agenda import endpoint_at
from crawler.scheduling.announcing import (
    SITEMAPS,
    Named,
    Rules,
    answer_digest,
    is_known_answer,
    read_endpoint,
)
from crawler.scheduling.looking import Seen
from crawler.scheduling.policy import asks_child
from crawler.scheduling.progress import Progress
from crawler.scheduling.rhythm import Failure
from crawler.scheduling.runs import Run, utc_now
from crawler.sources import Source
from crawler.spiders.fetcher import Answer, Fetcher, FetchError
from crawler.spiders.prober import KINDS, Prober
from storage.sources import EndpointState, Reading

CUT_OFF = "no answer in the time that the crawl had"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How far one crawl goes to find out what a source names."""

    sitemaps: int
    section_pages: int
    probe_days: float


class Explorer:
    """Fills the ledger with what a source names. One endpoint's failure is its own."""

    def __init__(
        self,
        run: Run,
        source: Source,
        fetcher: Fetcher,
        pool: ReaderPool,
        rules: Rules,
        limits: Limits,
        progress: Progress,
        *,
        due_only: bool = False,
    ) -> None:
        self.due_only = due_only
        self.run = run
        self.source = source
        self.fetcher = fetcher
        self.pool = pool
        self.rules = rules
        self.limits = limits
        self.progress = progress
        self.sitemaps_left = limits.sitemaps
        self.under_way: dict[int, EndpointState] = {}
        self.asked: set[str] = set()

    async def explore(self, endpoints: tuple[Endpoint, ...], prober: Prober) -> None:
        """Ask all endpoints of the source: those given, else those known, found anew from time to time."""
        if endpoints:
            await self._ask_all(self._due(await self.run.keep_endpoints(endpoints)))
            return
        if await self._needs_probe():
            await self._probe(prober)
        await self._ask_all(self._due(await self.run.endpoints()))

    def _due(self, states: list[EndpointState]) -> list[EndpointState]:
        """All of `states`, or those whose time has come where only they are to be asked."""
        if not self.due_only:
            return states
        now = utc_now()
        return [s for s in states if endpoint_at(self.source, s, now=now, manners=self.run.manners) <= now]

    async def _needs_probe(self) -> bool:
        if not await self.run.needs_probe(days=self.limits.probe_days):
            return False
        home = [state for state in await self.run.endpoints() if state.url == self.source.home_page]
        return not self.due_only or all(self._due([state]) for state in home if state.failures)

    async def take(self, answer: Answer) -> bool:
        """Read a document that a person named; whether it is one that names articles."""
        kind = kind_of(answer.body, answer.headers.get("content-type"), answer.url)
        if kind is None:
            return False
        [state] = await self.run.keep_endpoints([Endpoint(url=answer.url, kind=KINDS[kind])])
        self.asked.add(state.url)
        return await self._read(state, answer)

    async def _probe(self, prober: Prober) -> None:
        try:
            probed = await prober.probe(self.rules.home_page)
        except FetchError as error:
            # Kept as an endpoint, it rests as one: a home page that is away is not searched every minute.
            home = Endpoint(url=self.rules.home_page, kind=EndpointKind.LISTING)
            [state] = await self.run.keep_endpoints([home])
            self.asked.add(state.url)
            await self._failed(state, error)
            return
        self.progress.answered()
        await self.run.learn(self.source, probed.site)
        states = {state.url: state for state in await self.run.keep_endpoints(probed.endpoints)}
        for endpoint, answer in probed.answers:
            self.asked.add(endpoint.url)
            await self._read(states[endpoint.url], answer)
        await self.run.mark_probed()

    async def _ask_all(self, states: list[EndpointState]) -> None:
        wanted = [s for s in states if s.kind != EndpointKind.GIVEN and s.url not in self.asked]
        self.asked.update(state.url for state in wanted)
        await asyncio.gather(*(self._ask(state) for state in wanted))

    async def cut_off(self) -> None:
        """The crawl's time is up: who has not answered until now has failed."""
        while self.under_way:
            _, state = self.under_way.popitem()
            await self._failed(state, FetchError(CUT_OFF, answered=False, failure=Failure.TIMEOUT))

    async def _ask(self, state: EndpointState) -> None:
        url = state.moved_to or state.url
        self.under_way[state.id] = state
        try:
            answer = await self.fetcher.get(url, self._condition(state))
        except FetchError as error:
            if self.under_way.pop(state.id, None):
                await self._failed(state, error)
            return
        self.under_way.pop(state.id, None)
        self.progress.answered()
        if answer.not_modified:
            await self._pass_over(state, answer, state.etag, state.last_modified)
        elif is_known_answer(state, self._digest(state, answer), utc_now()):
            await self._pass_over(state, answer, *validators(answer.headers))
        else:
            await self._read(state, answer)

    def _condition(self, state: EndpointState) -> dict[str, str]:
        """What asks for changes only; nothing where the rules are others: what is known has to meet them."""
        if state.rules not in (None, self.rules.own_digest):  # None: an earlier version read it
            return {}
        return condition(state.etag, state.last_modified)

    def _digest(self, state: EndpointState, answer: Answer) -> str:
        return answer_digest(answer.body, answer.url, EndpointKind(state.kind), self.rules)

    async def _pass_over(
        self, state: EndpointState, answer: Answer, etag: str | None, last_modified: str | None
    ) -> None:
        """An endpoint says what it said last time; an index does so, too, when its sitemaps have changed."""
        seen = _unchanged(state, answer)
        await self.run.announce(state, (), etag=etag, last_modified=last_modified, seen=seen)
        if state.kind in SITEMAPS:
            await self._ask_children(await self.run.endpoints(parent=state))

    async def _read(self, state: EndpointState, answer: Answer) -> bool:
        """Take what an answer names into the ledger, and follow where it points."""
        kind = EndpointKind(state.kind)
        try:
            named = await self.pool.run(read_endpoint, answer.body, answer.url, kind, self.rules, utc_now())
        except (ReadError, ReaderError) as error:
            await self._failed(state, FetchError(str(error), answered=True, failure=Failure.BROKEN))
            return False
        # Before the answer counts as read: a crawl that is killed between would not hear of them again.
        children = await self._keep_children(state, named)
        etag, last_modified = validators(answer.headers)
        new = await self.run.announce(
            state,
            named.announced,
            etag=etag,
            last_modified=last_modified,
            seen=Seen(
                asked_interval=max(filter(None, (named.ttl, max_age(answer.headers))), default=None),
                moved_to=answer.moved_to or state.moved_to,
            ),
            reading=Reading(digest=self._digest(state, answer), rules=self.rules.own_digest),
            is_all=not named.has_more_pages,
        )
        self.progress.named(new)
        if children:
            await self._ask_children(children)
        elif new and named.has_more_pages:
            await self._turn_pages(state, named)
        return True

    async def _keep_children(self, state: EndpointState, named: Named) -> list[EndpointState]:
        if not named.children:
            return []
        children = [Endpoint(url=child.url, kind=EndpointKind.SITEMAP) for child in named.children]
        dates = {child.url: child.modified for child in named.children}
        return await self.run.keep_endpoints(children, state, dates)

    async def _ask_children(self, states: list[EndpointState]) -> None:
        """The sitemaps of an index that may have changed, newest first, as many as the limit leaves."""
        now = utc_now()
        due = [state for state in states if state.url not in self.asked and _is_due(state, now)]
        due.sort(key=lambda s: s.modified_at.timestamp() if s.modified_at else float("inf"), reverse=True)
        taken = due[: self.sitemaps_left]
        self.sitemaps_left -= len(taken)
        if len(taken) < len(due):
            limit = f"ARCHIVE_SITEMAPS = {self.limits.sitemaps}"
            self.progress.warn(f"{len(due) - len(taken)} sitemaps are left for later crawls ({limit})")
        await self._ask_all(taken)

    async def _turn_pages(self, state: EndpointState, named: Named) -> None:
        """Follow "next" as long as each page names something new."""
        pages = 1
        while named.next_url and named.next_url not in self.asked and pages < self.limits.section_pages:
            self.asked.add(named.next_url)
            pages += 1
            try:
                answer = await self.fetcher.get(named.next_url)
                named = await self.pool.run(
                    read_endpoint, answer.body, answer.url, EndpointKind(state.kind), self.rules, utc_now()
                )
            except (FetchError, ReadError, ReaderError) as error:
                logger.debug("no next page %s: %s", named.next_url, error)
                return
            new = await self.run.name(state, named.announced)
            self.progress.named(new)
            if not new:
                return

    async def _failed(self, state: EndpointState, error: FetchError) -> None:
        self.progress.failed(state.url, str(error), answered=error.answered)
        await self.run.endpoint_failed(state, str(error), error.failure, error.retry_after)


def _unchanged(state: EndpointState, answer: Answer) -> Seen:
    """What holds of an endpoint that has not changed: what it last said, and the headers of this answer."""
    said = dt.timedelta(seconds=state.asked_interval) if state.asked_interval else None
    return Seen(
        asked_interval=max(filter(None, (said, max_age(answer.headers))), default=None),
        moved_to=answer.moved_to or state.moved_to,
    )


def _is_due(state: EndpointState, now: dt.datetime) -> bool:
    return asks_child(
        modified=state.modified_at, last_success=state.last_success_at, last_new=state.last_new, now=now
    )
