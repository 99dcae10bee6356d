"""How much work it is to read a page, in counts that are the same on every machine.

A clock cannot guard this on a shared machine. The bounds leave room for a new pass, not for a new walk
through the whole page for each of its links. `docs/performance.md` has the times.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction import body, document, read, second_opinion
from crawler.extraction.document import parse
from crawler.extraction.reading import Reading
from crawler.items import Page
from storage.records import Outcome

PAGES = Path(__file__).parents[2] / "pages"
# Pages that show their stories, and one that has its story in its data.
SHOWN = ("laveudelmoll", "platnoaopona", "shiosai-shimbun")
HIDDEN = "folhadaserra"

# Walks through the whole tree that hand out each element; lxml itself tells those with some tags apart.
MOST_WALKS = 2
# How often an element's attributes are listed, on the average: for its names, and of some for what they say.
ASKED = 1.25
# Calls for an element of furniture, Python's and C's: 8 to 11 as this is written.
MOST_CALLS = 13


def page(site: str) -> Page:
    path = next((PAGES / site).rglob("page.html"))
    url = f"https://{site}.example/news/2026/story.html"
    return Page(
        url=url,
        final_url=url,
        status=200,
        body=path.read_bytes(),
        fetched_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
    )


def size(given: Page) -> int:
    """How many elements a page has."""
    return len(parse(given.body, given.url).elements)


def with_furniture(given: Page) -> Page:
    """The same page with a menu, and with teasers in a footer, as real pages have them."""
    menu = "".join(f'<li class="menu-item"><a href="/topic-{n}/">Topic {n}</a></li>' for n in range(200))
    teasers = "".join(
        f'<div class="teaser"><a href="/story-{n}.html"><h3>Another story, number {n}</h3></a>'
        f'<p class="teaser-text">What the other story, number {n}, is about, in a line.</p></div>'
        for n in range(200)
    )
    tail = f'<nav class="menu"><ul>{menu}</ul></nav><footer class="site-footer">{teasers}</footer></body>'
    return dataclasses.replace(given, body=given.body.replace(b"</body>", tail.encode()))


def calls_of(given: Page) -> int:
    """How many functions, Python's and C's, are called to read a page."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(given)
    finally:
        sys.setprofile(before)
    return calls


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the dear functions are called, by name; they go on as they do."""
    counted: Counter[str] = Counter()

    def watch(owner: Any, name: str, *, whole_page: bool = False) -> None:
        real = getattr(owner, name)

        def counting(*args: Any, **kwargs: Any) -> Any:
            of_all = whole_page and args[0].tag in ("html", "body") and args[1:] in ((), ("*",))
            counted[name] += of_all or not whole_page
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    watch(document, "_tree")
    watch(second_opinion, "paragraphs")
    watch(body, "cut")
    watch(etree, "iterwalk")
    watch(HtmlElement, "xpath")
    watch(HtmlElement, "items")
    watch(HtmlElement, "iter", whole_page=True)
    return counted


def kept(reading: Reading) -> bool:
    return reading.outcome is not Outcome.EXTRACT_ERROR


@pytest.mark.parametrize("site", SHOWN)
def test_a_page_is_parsed_and_cut_once(site: str, counts: Counter[str]) -> None:
    assert kept(read(page(site)))
    assert (counts["_tree"], counts["cut"]) == (1, 1)
    assert (counts["paragraphs"], counts["xpath"]) == (0, 0)
    assert 0 < counts["iter"] <= MOST_WALKS


def test_a_story_in_the_data_is_a_second_page(counts: Counter[str]) -> None:
    assert kept(read(page(HIDDEN)))
    assert counts["_tree"] == 2
    assert counts["paragraphs"] == 0


@pytest.mark.parametrize("site", SHOWN)
def test_an_element_is_asked_once_for_what_names_it(site: str, counts: Counter[str]) -> None:
    given = page(site)
    elements = size(given)
    assert kept(read(given))
    assert elements / 2 < counts["items"] <= ASKED * elements


@pytest.mark.parametrize("site", SHOWN)
def test_furniture_costs_little(site: str) -> None:
    plain = page(site)
    crowded = with_furniture(plain)
    more = size(crowded) - size(plain)
    for given in (plain, crowded):  # tables are loaded, and the site's names known from here on
        read(given)
    spent = calls_of(crowded) - calls_of(plain)
    assert 0 < spent <= MOST_CALLS * more
