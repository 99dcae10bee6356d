"""SQLite and PostgreSQL answer 200 searches in eight languages alike, in order, to the last mark."""

from __future__ import annotations

from typing import Any

import pytest

from storage.archive import Archive
from storage.database import open_engine, writing
from tests.databases import Files, archive_on
from tests.postgresql import Server
from tests.storage.eight_languages import Asked, asked, press
from tests.storage.newsroom import Newsroom

LIMIT = 10


@pytest.fixture(scope="module")
def answers(files: Files, postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All answers of each engine, in the order of `asked`."""
    found = {}
    for maker in (files, postgresql):
        with archive_on(maker, tmp_path_factory.mktemp("press")) as where:
            _store(where)
            with Archive.open(where) as archive:
                found[type(maker).__name__] = [_answer(archive, one) for one in asked()]
    return found


def _store(where: str) -> None:
    engine = open_engine(where)
    with writing(engine) as connection:
        newsrooms: dict[str, Newsroom] = {}
        for slug, item, at in press():
            newsroom = newsrooms.setdefault(slug, Newsroom(connection, slug))
            newsroom.now = at
            newsroom.store(item)
    engine.dispose()


def _answer(archive: Archive, one: Asked) -> list[tuple[Any, ...]]:
    hits = archive.search(one.query, one.where, limit=LIMIT, order=one.order, unique=one.unique)
    return [(hit.id, hit.excerpt, hit.marks, hit.score, hit.copies) for hit in hits]


def test_there_are_200(answers: dict[str, Any]) -> None:
    assert len(asked()) == 200
    assert len(set(asked())) > 190
    found = [len(hits) for hits in answers["Files"]]
    assert sum(number > 0 for number in found) > 180
    assert sum(number == LIMIT for number in found) > 20


@pytest.mark.parametrize("number", range(0, 200, 25))
def test_they_are_the_same(answers: dict[str, Any], number: int) -> None:
    for place in range(number, number + 25):
        assert answers["Files"][place] == answers["Server"][place], asked()[place]
