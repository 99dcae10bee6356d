"""What consumers follow: each thing that happens is told once, in order, with what it tells."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, make_url, select, text

from storage import articles, edit_ledger, events, rereading
from storage.archive import Archive
from storage.backfill import Ticket
from storage.backfill import store as store_earlier
from storage.database import writing
from storage.errors import UsageError
from storage.events import EventKind
from storage.models import event
from storage.takedown import Folders, take_down
from tests.command import Command
from tests.databases import only_postgresql, rows
from tests.forwarder import Forwarder
from tests.storage.newsroom import BODY, DAY, NOON, Newsroom, article, paragraphs
from tests.storage.test_clusters import OTHER, put
from tests.storage.test_rereading import stored

PIER = "https://courier.example/pier"
NEW_PIER = "https://courier.example/the-pier"


def told(connection: Connection) -> list[tuple[str, int, int | None]]:
    """Kind, article and version number of each event so far."""
    query = select(event.c.kind, event.c.article_id, event.c.number).order_by(event.c.id)
    return [tuple(row) for row in connection.execute(query)]


def test_the_life_of_an_article(engine: Engine, archive: Archive, tmp_path: Path) -> None:
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        newsroom.store(article(PIER, headline="One"), extractor="old")
        newsroom.next_run()
        newsroom.store(article(PIER, headline="One"), extractor="old")  # as it was: nothing to tell
        newsroom.store(article(PIER, headline="Two"), extractor="old")
        newsroom.next_run()
        edit_ledger.removed(connection, 1, at=newsroom.now, detail="410")
        newsroom.next_run()
        newsroom.store(article(PIER, headline="Two"), extractor="old")
        moved = newsroom.submission(article(PIER, canonical_url=NEW_PIER, headline="Two"), final_url=NEW_PIER)
        assert events.last(connection) == 4
        articles.store(connection, moved)
        again = newsroom.submission(
            article(NEW_PIER, headline="Two, as a better reader has it"), extractor="new"
        )
        rereading.put(connection, stored(newsroom, 2), again, at=newsroom.now + DAY)
    take_down(
        engine, 1, reason="asked", at=NOON + 2 * DAY, folders=Folders(captures=tmp_path, pictures=tmp_path)
    )
    found = list(archive.events())
    assert [(one.kind, one.version) for one in found] == [
        (EventKind.STORED, 1),
        (EventKind.VERSION, 2),
        (EventKind.REMOVED, None),
        (EventKind.BACK, None),
        (EventKind.MOVED, None),
        (EventKind.READING, 2),
        (EventKind.TAKEN_DOWN, None),
    ]
    assert {one.article_id for one in found} == {1}
    assert [one.id for one in found] == sorted({one.id for one in found})
    assert (found[0].at, found[-1].at) == (NOON, NOON + 2 * DAY)
    with engine.connect() as connection:
        columns = connection.execute(text("SELECT canonical_url, kind FROM events ORDER BY id")).all()
    assert columns[0] == (NEW_PIER, "stored")


def test_an_older_page_of_an_article(newsroom: Newsroom) -> None:
    newsroom.store(article(PIER, headline="Two"))
    url_id = newsroom.url_id(PIER)
    before = newsroom.submission(article(PIER, headline="One"), fetched_at=NOON - DAY)
    ticket = Ticket(source_id=newsroom.source_id, url_id=url_id, run_id=newsroom.run_id)
    store_earlier(newsroom.connection, before, ticket)
    assert told(newsroom.connection) == [("stored", 1, 1), ("version", 1, 1)]


def test_clusters(connection: Connection) -> None:
    newsroom = Newsroom(connection)
    first, second, third = (
        put(newsroom, name, *BODY, f"As {name} has it.") for name in ("one", "two", "three")
    )
    newsroom.next_run()
    put(newsroom, "three", *OTHER)
    newsroom.next_run()
    put(newsroom, "two", *OTHER, "The pier is another matter.")
    of_clusters = select(event.c.article_id, event.c.cluster_id).where(event.c.kind == "cluster")
    found = [tuple(row) for row in connection.execute(of_clusters.order_by(event.c.id))]
    pier, ferry = found[0][1], found[-1][1]  # on SQLite one id may follow itself
    assert found == [
        *[(first, pier), (second, pier)],
        (third, pier),
        (third, None),
        *[(second, None), (first, None)],  # one alone is no cluster
        *[(third, ferry), (second, ferry)],
    ]


def test_what_is_undone_is_not_told(engine: Engine, archive: Archive) -> None:
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        with connection.begin_nested() as attempt:
            newsroom.store(article(PIER))
            attempt.rollback()
        newsroom.store(article(NEW_PIER))
        assert list(archive.events()) == [], "nothing of an open transaction"
    [one] = archive.events()
    assert one.kind == EventKind.STORED


def test_cursor_and_limit(engine: Engine, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "BATCH", 2)
    with writing(engine) as connection:
        newsroom = Newsroom(connection)
        for n in range(7):
            newsroom.store(article(f"https://courier.example/{n}", blocks=paragraphs(f"Only {n}.")))
    ids = [one.id for one in archive.events()]
    assert len(ids) == 7
    assert [one.id for one in archive.events(ids[2])] == ids[3:]
    assert [one.id for one in archive.events(ids[2], limit=3)] == ids[3:6]
    assert [list(archive.events(ids[-1])), list(archive.events(limit=0))] == [[], []]
    for cursor in (-1, ids[-1] + 1):
        with pytest.raises(UsageError, match=f"no event {cursor}: the last one is {ids[-1]}"):
            archive.events(cursor)


WRITE = """
import sys
from storage.database import open_engine, writing
from tests.storage.newsroom import Newsroom, article, paragraphs

engine = open_engine(sys.argv[1])
for n in range(int(sys.argv[3])):
    with writing(engine) as connection:
        newsroom = Newsroom(connection, f"paper{sys.argv[2]}")
        address = f"https://{newsroom.slug}.example/{n}"
        newsroom.store(article(address, blocks=paragraphs(f"Only at {address}.")))
        if n % 5 == 4:
            connection.rollback()
"""


def test_a_consumer_beside_several_writers(where: str) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, where, str(number), "40"]) for number in range(3)
    ]
    seen: list[tuple[int, int]] = []
    with Archive.open(where) as archive:
        while True:
            over = all(writer.poll() is not None for writer in writers)
            since = seen[-1][0] if seen else 0
            seen += [(one.id, one.article_id) for one in archive.events(since)]
            if over:
                break
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert len(seen) == 3 * 40 * 4 / 5
    assert seen == rows(where, "SELECT id, article_id FROM event ORDER BY id")
    assert len({article_id for _, article_id in seen}) == len(seen)


def test_the_command_follows(where: str, engine: Engine, tmp_path: Path) -> None:
    command = Command(tmp_path, where)
    with writing(engine) as connection:
        Newsroom(connection).store(article(PIER))
    [line] = command("events", "--database", where).splitlines()
    assert {**json.loads(line), "id": 0, "version_id": 0} == {
        "id": 0,
        "at": "2026-03-02T12:00:00+00:00",
        "kind": "stored",
        "article_id": 1,
        "version_id": 0,
        "version": 1,
        "cluster_id": None,
    }
    cursor = json.loads(line)["id"]
    assert command("events", "--database", where, "--since", cursor) == ""
    assert "the last one is" in command.run("events", "--database", where, "--since", cursor + 1).stderr
    following = subprocess.Popen(
        command.line("events", "--database", where, "--since", cursor, "--follow"),
        env=command.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert following.stdout
    time.sleep(1)
    for name in ("a", "b"):
        with writing(engine) as connection:
            Newsroom(connection).store(article(f"{PIER}/{name}", blocks=paragraphs(f"Only {name}.")))
        assert json.loads(following.stdout.readline())["kind"] == "stored"
    following.send_signal(signal.SIGINT)
    out, err = following.communicate(timeout=20)
    assert (out, following.returncode) == ("", 130)
    assert "Traceback" not in err


@only_postgresql
def test_who_follows_waits_for_a_server_that_is_away(where: str, engine: Engine, tmp_path: Path) -> None:
    with Forwarder(make_url(where).port or 5432) as way:
        through = make_url(where).set(port=way.port).render_as_string(hide_password=False)
        command = Command(tmp_path, through)
        following = subprocess.Popen(
            command.line("events", "--follow"),
            env=command.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert following.stdout
        assert following.stderr
        for n in range(2):
            with writing(engine) as connection:
                Newsroom(connection).store(article(f"{PIER}/{n}", blocks=paragraphs(f"Only {n}.")))
            assert json.loads(following.stdout.readline())["article_id"] == n + 1
            if n == 0:
                way.cut()
                assert "asking again in 2 s" in following.stderr.readline()
                way.open()
        following.send_signal(signal.SIGINT)
        _, told = following.communicate(timeout=20)
        assert following.returncode == 130
        assert "Traceback" not in told
        way.cut()
        done = command.run("events")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_who_writes_first_is_seen_first(engine: Engine, archive: Archive) -> None:
    """An id that is given must not be seen before a smaller one that is still to be committed."""

    def write(slug: str) -> None:
        with writing(engine) as connection:
            Newsroom(connection, slug).store(article(f"https://{slug}.example/"))

    with ThreadPoolExecutor() as pool:
        with writing(engine) as connection:
            Newsroom(connection).store(article(PIER))
            later = pool.submit(write, "tagblatt")
            time.sleep(0.5)
            assert list(archive.events()) == []
        later.result()
    assert [one.article_id for one in archive.events() if one.kind == EventKind.STORED] == [1, 2]
