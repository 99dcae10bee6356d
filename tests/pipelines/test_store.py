"""The way of an item through all three pipelines into the archive, as Scrapy drives it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from pipelines.deduplicate import Deduplicate
from pipelines.normalise import Normalise
from pipelines.store import NothingNew, Store
from storage.archive import Archive
from storage.records import Outcome, Submission
from storage.writer import Writer
from tests.databases import rows
from tests.pipelines.conftest import Submit
from tests.storage.newsroom import BODY, paragraphs

PIER = "https://courier.example/pier"
COPY = "https://courier.example/2026/pier"


class Line:
    """The pipelines in a row, with the statistics of a real crawler."""

    def __init__(self, where: str) -> None:
        self.crawler = get_crawler(settings_dict={"ARCHIVE_DATABASE": where})
        self.normalise = Normalise()
        self.deduplicate = Deduplicate()
        self.store = Store.from_crawler(self.crawler)

    async def send(self, item: object) -> object:
        return await self.store.process_item(self.deduplicate.process_item(self.normalise.process_item(item)))


@pytest.fixture
def line(where: str) -> Iterator[Line]:
    line = Line(where)
    line.store.open_spider()
    yield line
    line.store.close_spider()
    assert where not in Writer._shared


def outcome(archive: Archive, address: str) -> Outcome:
    entry = archive.why(address)
    assert entry
    return entry.outcome


def test_an_article_is_in_the_file_when_it_leaves(line: Line, submit: Submit, where: str) -> None:
    async def watch() -> list[tuple[str]]:
        done = await line.send(submit(PIER, headline="  Storm\x00  closes pier "))
        assert isinstance(done, Submission)
        return rows(where, "SELECT headline FROM articles")

    assert asyncio.run(watch()) == [("Storm closes pier",)]


def test_outcomes_and_what_goes_on_to_exports(line: Line, submit: Submit, archive: Archive) -> None:
    def send(item: Submission) -> Outcome | type[DropItem]:
        try:
            assert asyncio.run(line.send(item)) is not None
        except DropItem as dropped:
            return type(dropped)
        return outcome(archive, item.article.url)

    first = submit(PIER, headline="The pier")
    edited = {"headline": "The pier", "blocks": paragraphs("Open again.")}
    assert send(first) is Outcome.STORED
    assert send(first) is NothingNew
    assert outcome(archive, PIER) is Outcome.UNCHANGED
    assert send(submit(PIER, **edited)) is Outcome.UPDATED
    walled = replace(submit(f"{PIER}-2", is_accessible_for_free=False), outcome=Outcome.PAYWALL)
    assert send(walled) is Outcome.PAYWALL
    redirected = replace(submit(COPY, canonical_url=PIER, **edited), final_url=PIER)
    assert send(redirected) is NothingNew
    assert outcome(archive, COPY) is Outcome.REDIRECTED
    assert archive.count() == 2


def test_copies_under_way_at_once_are_one_article(line: Line, submit: Submit, archive: Archive) -> None:
    """None of them is in the archive when the others are looked at."""
    text = paragraphs(*BODY)
    items = [submit(f"{PIER}/{n}", blocks=text) for n in range(20)]

    async def send_all() -> list[object]:
        return await asyncio.gather(*map(line.send, items), return_exceptions=True)

    results = asyncio.run(send_all())
    assert sum(isinstance(result, Submission) for result in results) == 1
    assert sum(isinstance(result, DropItem) for result in results) == 19
    assert archive.count() == 1
    [source] = archive.sources()
    assert source.outcomes == {"stored": 1, "duplicate": 19}


def test_an_item_that_cannot_be_stored_costs_itself_alone(
    line: Line, submit: Submit, archive: Archive
) -> None:
    good, bad = submit(PIER), replace(submit(COPY), run_id=99)

    async def send_both() -> list[object]:
        return await asyncio.gather(line.send(bad), line.send(good), return_exceptions=True)

    failed, kept = asyncio.run(send_both())
    assert isinstance(failed, Exception)
    assert not isinstance(failed, DropItem)
    assert isinstance(kept, Submission)
    assert outcome(archive, COPY) is Outcome.PENDING, "it stays due"
    assert [item.article.url for item in archive.articles()] == [PIER]


def test_statistics(line: Line, submit: Submit) -> None:
    item = submit(PIER)
    asyncio.run(line.send(item))
    with pytest.raises(NothingNew, match=f"unchanged: {PIER}"):
        asyncio.run(line.send(item))
    assert line.crawler.stats
    counts = line.crawler.stats.get_stats()
    assert {name: n for name, n in counts.items() if name.startswith("archive/")} == {
        "archive/outcome/stored": 1,
        "archive/outcome/unchanged": 1,
    }


def test_what_is_no_submission_goes_through(line: Line) -> None:
    assert asyncio.run(line.send({"a": 1})) == {"a": 1}
