"""`newsarchive copies` and `search --unique`, as a person at a terminal sees them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crawler.demo import Newspaper
from storage.database import open_engine, writing
from storage.records import Moment
from tests.command import Command
from tests.storage.newsroom import HOUR, NOON, Newsroom, article, paragraphs
from tests.storage.test_overlap import OWN, WIRE


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Two papers with one agency's text, one of them cut, and a story of its own in one."""
    command = Command(tmp_path_factory.mktemp("wire"))
    engine = open_engine(str(command.database))
    whole = (f"MERROWBY (Norwind) - {WIRE[0]}", *WIRE[1:])
    with writing(engine) as connection:
        for slug, texts in (("courier", whole), ("tagblatt", whole[:3]), ("tagblatt", OWN)):
            room = Newsroom(connection, slug)
            published = Moment(value=NOON + (slug == "tagblatt") * HOUR, raw="", origin="meta")
            room.store(
                article(
                    f"https://{slug}.example/{len(texts)}",
                    headline="[Harvest]",
                    date_published=published,
                    blocks=paragraphs(*texts),
                )
            )
    engine.dispose()
    return command


def test_copies_are_a_table(wire: Command) -> None:
    shown = wire("copies", 2)
    first, second = (line for line in shown.splitlines() if "[Harvest]" in line)
    assert re.search(r"1 +courier .*published first", first)
    assert re.search(r"2 +tagblatt .* 100%", second)
    assert "Likely origin: Norwind" in shown
    assert wire("copies", "https://courier.example/4") == shown


def test_copies_as_json(wire: Command) -> None:
    cluster = json.loads(wire("copies", 1, "--json"))
    assert (cluster["agency"], cluster["likely_origin"]) == ("Norwind", "Norwind")
    assert [(c["article_id"], c["share_reused"]) for c in cluster["copies"]] == [(1, None), (2, 1)]
    assert cluster["copies"][0]["date_published"] == "2026-03-02T12:00:00+00:00"
    assert json.loads(wire("copies", 3, "--json")) is None


def test_an_article_without_copies_is_no_mistake(wire: Command) -> None:
    assert "No other article" in wire("copies", 3)
    assert "no article 99" in wire.run("copies", 99).stderr
    assert wire.run("copies", 99).returncode == 2


def test_search_counts_stories(wire: Command) -> None:
    every, once = wire("search", "harvest"), wire("search", "harvest", "--unique")
    assert "1–3 of 3 articles" in every
    assert "1–2 of 2 stories" in once
    assert once.count("+1 copy") == 1
    assert sorted(hit["copies"] for hit in json.loads(wire("search", "harvest", "--json"))) == [0, 1, 1]


def test_the_demos_wire_stories_are_found_in_a_crawl(tmp_path: Path) -> None:
    """Through the whole of it: two outlets' pages, fetched, read, stored and compared."""
    command = Command(tmp_path)
    with Newspaper() as paper:
        command.crawl(*(outlet.home_page for outlet in paper.outlets))
    with command.archive() as archive:
        clusters = {found.id: found for item in archive.articles() if (found := archive.copies(item.id))}
    shares = sorted(round(c.share_reused or 0, 1) for found in clusters.values() for c in found.copies[1:])
    assert shares == [0.7, 1, 1]
    assert {found.likely_origin for found in clusters.values()} == {"Norwind"}
    assert all(len({c.source for c in found.copies}) == 2 for found in clusters.values())
