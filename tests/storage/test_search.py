"""Answers come newest first, window by window, and block by block the best first: each of them once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

import pytest
from sqlalchemy import Connection

from storage import matching, search, windows
from storage.errors import UsageError
from storage.filters import Filter
from storage.records import Byline, Moment, Role
from storage.search import Order, answers, order_by
from storage.search_query import parse
from storage.standing import NOW
from storage.words import fold
from tests.storage.newsroom import DAY, NOON, Newsroom, article, paragraphs

NUMBER = 60
FIRST = NOON - 900 * DAY


@pytest.fixture
def long_ago(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Articles 1 to 60, each published 15 days after the one before, the odd ones on piers; small windows."""
    monkeypatch.setattr(search, "RANKED", 4)
    for name, value in {"BATCH": 4, "OPENING": 3, "WIDER": 3}.items():
        monkeypatch.setattr(windows, name, value)
    for n in range(1, NUMBER + 1):
        published = Moment(value=FIRST + 15 * n * DAY, raw="", origin="")
        words = f"A story, {'pier ' * (1 + n % 7) if n % 2 else 'mole'}, number {n}."
        newsroom.store(
            article(
                f"https://courier.example/{n}",
                headline=None,
                blocks=paragraphs(words),
                date_published=published,
                in_language="en" if n % 3 else "de-AT",
            )
        )
    return newsroom


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The days that the database is asked for."""
    spans: list[tuple[int, int]] = []
    of_window = windows.Windows.answers

    def note(self: windows.Windows, first: int, last: int) -> Iterator[windows.Found]:
        spans.append((first, last))
        return of_window(self, first, last)

    monkeypatch.setattr(windows.Windows, "answers", note)
    return spans


def ids(connection: Connection, query: str, where: Filter | None = None, **how: object) -> list[int]:
    found = answers(connection, parse(query), where or Filter(), NOW, **how)  # type: ignore[arg-type]
    return [one.id for one in found]


def test_by_date_every_answer_comes_once_the_newest_first(long_ago: Newsroom) -> None:
    found = ids(long_ago.connection, "story", order=Order.DATE)
    assert found == list(range(NUMBER, 0, -1))
    assert ids(long_ago.connection, "pier", order=Order.DATE) == [n for n in found if n % 2]


def test_by_relevance_the_newest_are_ranked_then_the_next_ones(long_ago: Newsroom) -> None:
    newest_first = [n for n in range(NUMBER, 0, -1) if n % 2]
    blocks = [newest_first[n : n + 4] for n in range(0, len(newest_first), 4)]
    expected = [n for block in blocks for n in sorted(block, key=lambda n: -(n % 7))]
    assert ids(long_ago.connection, "pier") == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(until=(FIRST + 300 * DAY).date()), range(20, 0, -1)),
        (Filter(since=(FIRST + 300 * DAY).date()), range(60, 19, -1)),
        (Filter(since=(FIRST + 300 * DAY).date(), until=(FIRST + 330 * DAY).date()), (22, 21, 20)),
        (Filter(language="de"), range(60, 0, -3)),
        (Filter(language="de-at", since=(FIRST + 800 * DAY).date()), (60, 57, 54)),
        (Filter(source="courier", until=(FIRST + 31 * DAY).date()), (2, 1)),
        (Filter(since=dt.date(2027, 1, 1)), ()),
    ],
)
def test_within_a_filter(long_ago: Newsroom, where: Filter, expected: tuple[int, ...]) -> None:
    assert ids(long_ago.connection, "story", where, order=Order.DATE) == list(expected)


def test_who_takes_a_few_asks_for_a_few(long_ago: Newsroom, asked: list[tuple[int, int]]) -> None:
    found = answers(long_ago.connection, parse("story"))
    assert len(list(islice(found, 2))) == 2
    assert len(asked) <= 2
    rest = list(found)
    assert len(rest) == NUMBER - 2
    assert len(asked) > 3
    assert all(first <= last for first, last in asked)
    assert [last for _, last in asked][1:] == [first - 1 for first, _ in asked][:-1], "no gap, no overlap"


def test_a_rare_word_is_found_in_a_few_windows(long_ago: Newsroom, asked: list[tuple[int, int]]) -> None:
    assert ids(long_ago.connection, '"number 1"') == [1]
    assert len(asked) < 8


def test_dates_that_cannot_be_hide_nothing(long_ago: Newsroom) -> None:
    for place, year in enumerate((1, 1000, 9999), start=1):
        published = Moment(value=dt.date(year, 1, 1), raw="", origin="")
        address = f"https://courier.example/odd-{place}"
        long_ago.store(article(address, blocks=paragraphs(f"A story of {year}"), date_published=published))
    found = ids(long_ago.connection, "story", order=Order.DATE)
    assert found == [NUMBER + 3, *range(NUMBER, 0, -1), NUMBER + 2, NUMBER + 1]


def test_an_order_that_is_none() -> None:
    assert order_by("date") is Order.DATE
    with pytest.raises(UsageError, match=r"relevance or date, not of 'size'"):
        order_by("size")


NAMES = ("Ada Holm", "Adam O'Neil", "Núria Roca", "川崎 由美", "Bo Holmgren")


@pytest.mark.parametrize(
    "author", ["ada", "a hol", "O'N", "nuria", "川崎", "崎 由", "holm", "ROCA", "-", "x"]
)
@pytest.mark.parametrize("most", [1, 40])
def test_by_an_author(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, author: str, most: int) -> None:
    """Whether or not the index is asked for the names, the same articles are found."""
    monkeypatch.setattr(matching, "NAMES", most)
    for number, name in enumerate(NAMES, start=1):
        newsroom.store(
            article(
                f"https://courier.example/{number}",
                blocks=paragraphs("A story."),
                bylines=(Byline(name=name, role=Role.WRITER),),
            )
        )
    wanted = {n for n, name in enumerate(NAMES, start=1) if fold(author) in fold(name)}
    assert set(ids(newsroom.connection, "story", Filter(author=author))) == wanted
