"""A source as a crawl sees it: announces URLs, hands in articles, asks the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from pipelines.fingerprint import fingerprinted
from storage import articles, ledger, runs, sources
from storage.announced import Announced
from storage.ledger import Decision, Due
from storage.models import url
from storage.records import Article, Block, BlockKind, Outcome, Submission
from storage.urls import clean, key

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
HOST = "https://courier.example/"

BODY = (
    "The harbour board said on Monday that the old pier would stay closed until the repairs are paid for.",
    "Its chair, Ada Holm, spoke of a difficult spring. Two of the ferries have already moved to the island.",
    "Insurance covers a third of what the storm has broken, and the council meets again in two weeks to vote"
    " on the rest. Nobody expects the fishermen to wait that long for a place to land what they catch.",
)


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)


def article(address: str, **fields: Any) -> Article:
    """An article at `address`, with a text of its own unless `fields` gives another."""
    told = {"headline": f"The story at {address}", "blocks": paragraphs(f"Seen at {address}.", *BODY)}
    return Article(**{"url": address, "canonical_url": address, **told, **fields})


def named(address: str, **fields: Any) -> Announced:
    """`address` as an endpoint announces it."""
    cleaned = clean(address)
    assert cleaned
    return Announced(url=cleaned, key=key(cleaned), **fields)


class Newsroom:
    """One source in an open transaction; its clock stands at noon until it is moved."""

    def __init__(self, connection: Connection, slug: str = "courier", feed: str = "feed.xml") -> None:
        self.connection = connection
        self.slug = slug
        self.now = NOON
        self.source_id = sources.keep_source(
            connection, slug=slug, name=slug.title(), home_page=f"https://{slug}.example/", language="en"
        )
        self.endpoint_id = self.endpoint(f"https://{slug}.example/{feed}")
        self.run_id = runs.start(connection, self.source_id, at=self.now)

    def endpoint(self, address: str, kind: str = "feed") -> int:
        [state] = sources.keep_endpoints(self.connection, self.source_id, [(address, kind, None)])
        return state.id

    def next_run(self, after: dt.timedelta = HOUR) -> int:
        """Begin another crawl, some time later."""
        self.now += after
        self.run_id = runs.start(self.connection, self.source_id, at=self.now)
        return self.run_id

    def announce(self, *items: Announced | str, endpoint_id: int | None = None) -> int:
        return ledger.announce(
            self.connection,
            [named(item) if isinstance(item, str) else item for item in items],
            source_id=self.source_id,
            endpoint_id=endpoint_id or self.endpoint_id,
            run_id=self.run_id,
            now=self.now,
        )

    def due(self, limit: int = 100, after: Due | None = None) -> list[Due]:
        return ledger.due(self.connection, self.source_id, now=self.now, limit=limit, after=after)

    def due_urls(self) -> list[str]:
        return [item.url for item in self.due()]

    def url_id(self, address: str) -> int:
        return int(self.connection.execute(select(url.c.id).where(url.c.key == key(address))).scalar_one())

    def row(self, address: str) -> Any:
        """The ledger's whole row of a URL."""
        return self.connection.execute(select(url).where(url.c.key == key(address))).one()

    def decide(self, address: str, outcome: Outcome, **fields: Any) -> None:
        ledger.decide(
            self.connection,
            Decision(url_id=self.url_id(address), outcome=outcome, at=self.now, run_id=self.run_id, **fields),
        )

    def submission(self, item: Article, **fields: Any) -> Submission:
        """`item` as the pipelines hand it in, announced if it was not; fields: those of Submission."""
        self.announce(item.url)
        submission = Submission(
            article=item,
            source_id=self.source_id,
            url_id=self.url_id(item.url),
            run_id=self.run_id,
            fetched_at=self.now,
            final_url=item.url,
            http_status=200,
        )
        return replace(fingerprinted(submission), **fields)

    def store(self, item: Article, **fields: Any) -> Outcome:
        return articles.store(self.connection, self.submission(item, **fields))

    def account(self) -> ledger.Account:
        return ledger.account(self.connection, self.run_id)
