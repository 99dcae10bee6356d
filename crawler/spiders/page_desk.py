"""What becomes of a page: an article, or an outcome in the ledger that says why it is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler.discovery import is_home_page
from crawler.extraction import Hints
from crawler.extraction.pool import ReaderError, ReaderPool
from crawler.fetching.capture import captured
from crawler.fetching.packing import is_packed
from crawler.fetching.patience import tried
from crawler.fetching.politeness import retry_after
from crawler.fetching.statuses import meaning_of_status
from crawler.items import Page
from crawler.judging import Judgement, judge, unpacked
from crawler.scheduling.policy import is_removed, next_fetch
from crawler.scheduling.rechecking import first_look
from crawler.scheduling.runs import Run, utc_now
from crawler.scheduling.targets import Task
from crawler.spiders.explorer import Explorer
from crawler.spiders.fetcher import Answer, header_map
from storage.ledger import Due
from storage.records import Attempt, Outcome, Submission
from storage.urls import key, same_site

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

UNREAD = (Outcome.TOO_LARGE, Outcome.EXTRACT_ERROR)  # of a page that a reader could not look into


@dataclass(frozen=True, kw_only=True)
class PageDesk:
    """Has the pages of a crawl read, and writes down what those are that bring no article."""

    task: Task
    run: Run
    pool: ReaderPool
    explorer: Explorer
    # Takes what turns out to be a list of links.
    max_size: int
    # Bytes of a page.
    stats: StatsCollector | None

    async def read(self, response: Response, due: Due) -> Submission | None:
        """The article of a page; None where it has none, which is then in the ledger."""
        refused = meaning_of_status(response.status) or self._led_astray(response, due)
        if refused:
            await self.decide(due, *refused, response)
            return None
        page = _page(response, due)
        try:
            judged = await self.pool.run(judge, page, self._hints(due, page.fetched_at), self.max_size)
        except ReaderError as error:
            await self.decide(due, Outcome.EXTRACT_ERROR, str(error), response)
            return None
        if judged.submission is None:
            await self.decide(due, judged.outcome, await self._explain(judged, page), response)
            return None
        return self._submission(judged.submission, response, due)

    def _submission(self, judged: Submission, response: Response, due: Due) -> Submission:
        """What a reader made of a page, as the answer to a ledger entry."""
        return replace(
            judged,
            source_id=self.run.source_id,
            url_id=due.id,
            run_id=self.run.run_id,
            pictures=self.task.source.pictures,
            next_check_at=first_look(
                judged.article.date_published, lateness=self.run.lateness, now=judged.fetched_at
            ),
            tries=tried(response.request),
        )

    def _led_astray(self, response: Response, due: Due) -> tuple[Outcome, str] | None:
        """Why the page that a redirect led to is not the one that was announced, or None."""
        if response.url == due.url:
            return None
        if is_home_page(response.url) and not is_home_page(due.url):
            return Outcome.GONE, "led to the home page"
        if not (same_site(response.url, due.url) or same_site(response.url, self.task.source.home_page)):
            return Outcome.REDIRECTED, f"led to another site: {response.url}"
        return None

    async def _explain(self, judged: Judgement, page: Page) -> str:
        """Why a page is no article; one that a person named may name some."""
        if page.url not in self.task.urls or judged.outcome in UNREAD:
            return judged.reason
        page = unpacked(page)
        answer = Answer(url=page.final_url, status=page.status, body=page.body, headers=page.headers)
        if await self.explorer.take(answer):
            return f"{judged.reason}; read for links to articles"
        return judged.reason

    def _hints(self, due: Due, fetched_at: dt.datetime) -> Hints:
        return Hints.of(self.task.source, fetched_at=fetched_at, title=due.title, published=due.published)

    async def decide(
        self,
        due: Due,
        outcome: Outcome,
        detail: str,
        response: Response | None = None,
        *,
        rest: float | None = None,
        tries: Sequence[Attempt] = (),
    ) -> None:
        """Give a URL that brought no article its outcome; `response`: what it brought instead."""
        now = utc_now()
        if response is not None:
            rest, tries = retry_after(response, now), tried(response.request)
        status = response.status if response is not None else None
        removed = is_removed(outcome, status, before=due.outcome)
        in_doubt = outcome is Outcome.GONE and due.article_id is not None and not removed
        await self.run.decide(
            due.id,
            outcome,
            detail=detail,
            http_status=status,
            next_fetch_at=next_fetch(
                outcome, attempts=due.attempts, now=now, retry_after=rest, in_doubt=in_doubt
            ),
            is_removed=removed,
            led_to=_led_to(outcome, response, due),
            capture=captured(response) if response is not None else None,
            tries=tries,
        )
        if self.stats:
            self.stats.inc_value(f"archive/outcome/{outcome}")


def _led_to(outcome: Outcome, response: Response | None, due: Due) -> str | None:
    """Another page than the one that was asked for, which stands there in its place; else None."""
    if response is None or outcome not in (Outcome.REDIRECTED, Outcome.NOT_ARTICLE):
        return None
    return response.url if key(response.url) != key(due.url) else None


def _page(response: Response, due: Due) -> Page:
    """A response to the request for a URL."""
    capture = captured(response)
    return Page(
        url=due.url,
        final_url=response.url,
        status=response.status,
        body=response.body,
        fetched_at=capture.fetched_at if capture else utc_now(),
        headers=header_map(response.headers),
        capture=capture,
        is_packed=is_packed(response),
    )
