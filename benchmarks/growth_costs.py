"""What storing and announcing cost in an archive that has so much already, in processor time."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from growth_press import CHUNK, Press
from sqlalchemy import Connection, select, text

from storage import articles, ledger, runs
from storage.announced import Announced
from storage.database import open_engine
from storage.models import endpoint, source, url
from storage.records import Outcome, Submission
from storage.urls import key
from storage.writer import Writer

WARM_UP = 200  # articles


@dataclass
class Spent:
    """Processor seconds: ours, and those of the server's process that works for us."""

    ours: float = 0.0
    server: float = 0.0


@contextmanager
def measured(server: int | None) -> Iterator[Spent]:
    """What a block costs."""
    spent = Spent()
    ours, theirs = time.process_time(), cpu_of(server)
    yield spent
    spent.ours, spent.server = time.process_time() - ours, cpu_of(server) - theirs


def cpu_of(number: int | None) -> float:
    """The processor seconds of a process of this machine."""
    if number is None:
        return 0.0
    return int(Path(f"/proc/{number}/schedstat").read_text().split()[0]) / 1e9


def server_process(connection: Connection) -> int | None:
    """The process of a PostgreSQL server on this machine that a connection talks to."""
    if connection.dialect.name == "sqlite":
        return None
    number = connection.scalar(text("SELECT pg_backend_pid()"))
    return number if Path(f"/proc/{number}/schedstat").exists() else None


def storing(where: str, number: int) -> str:
    """Announce and store so many new articles through the writer."""
    writer = Writer(open_engine(where))
    try:
        server = writer.submit(server_process).result()
        new = list(_new(number + WARM_UP))
        for submission in new[:WARM_UP]:
            writer.submit(partial(_announce_and_store, submission)).result()
        with measured(server) as spent:
            waiting = [writer.submit(partial(_announce_and_store, one)) for one in new[WARM_UP:]]
            outcomes = [future.result() for future in waiting]
        assert set(outcomes) == {Outcome.STORED}
    finally:
        writer.close()
    ours, theirs = 1000 * spent.ours / number, 1000 * spent.server / number
    return f"storing: {ours:.2f} ms CPU an article, and {theirs:.2f} of the server; {number:,} stored"


def _new(number: int) -> Iterator[Submission]:
    """Articles at addresses that nobody knows, of a press of their own."""
    press, once = Press(number, dt.datetime.now(dt.UTC).date()), uuid.uuid4().hex
    stories = (story for n in range(-(-number // CHUNK)) for story in press.chunk(n))
    for one in islice((s.submission for s in stories if s.body), number):
        address = f"https://paper-{one.source_id}.example/{once}/{one.url_id}"
        yield replace(
            one,
            article=replace(one.article, url=address, canonical_url=address),
            final_url=address,
            text_hash=f"{once}{one.url_id}",
        )


def _announce_and_store(submission: Submission, connection: Connection) -> Outcome:
    address, source_id = submission.article.url, submission.source_id
    ledger.announce(
        connection,
        [Announced(url=address, key=key(address), title=submission.article.headline)],
        source_id=source_id,
        endpoint_id=2 * source_id - 1,
        run_id=submission.run_id,
        now=submission.fetched_at,
    )
    own_id = ledger.id_of(connection, key(address))
    return articles.store(connection, replace(submission, url_id=own_id))


def announcing(where: str) -> str:
    """Announce each address that the ledger knows once more, as a crawl of every source does."""
    engine = open_engine(where)
    with engine.connect() as connection:
        sources = connection.scalars(select(source.c.id).order_by(source.c.id)).all()
    writer = Writer(engine)
    total, spent_ours, spent_server = 0, 0.0, 0.0
    try:
        server = writer.submit(server_process).result()
        for source_id in sources:
            with engine.connect() as connection:
                named = _known(connection, source_id)
            with measured(server) as spent:
                new = writer.submit(partial(_crawl, source_id, named)).result()
            assert new == 0
            total += len(named)
            spent_ours += spent.ours
            spent_server += spent.server
    finally:
        writer.close()
    return (
        f"a second crawl's ledger: {spent_ours:.1f} s CPU, and {spent_server:.1f} s of the server;"
        f" {len(sources):,} sources, {total:,} addresses, none of them new"
    )


def _known(connection: Connection, source_id: int) -> list[Announced]:
    known = connection.execute(
        select(url.c.url, url.c.key, url.c.announced_title, url.c.announced_at).where(
            url.c.source_id == source_id
        )
    )
    return [Announced(url=row[0], key=row[1], title=row[2], published=row[3]) for row in known]


def _crawl(source_id: int, named: list[Announced], connection: Connection) -> int:
    """What the ledger is asked in a crawl of a source whose sitemap names these addresses."""
    now = dt.datetime.now(dt.UTC)
    run_id = runs.start(connection, source_id, at=now)
    own = select(endpoint.c.id).where(endpoint.c.source_id == source_id).order_by(endpoint.c.id)
    sitemap = connection.scalars(own).all()[-1]
    new = ledger.announce(connection, named, source_id=source_id, endpoint_id=sitemap, run_id=run_id, now=now)
    assert ledger.due(connection, source_id, now=now, limit=100) == []
    runs.finish(connection, run_id, at=now, reason="finished")
    return new
