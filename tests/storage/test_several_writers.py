"""Several processes write the same articles, one is killed midway and begins again: what is there then?

NEWSARCHIVE_TEST_ARTICLES=2000 makes it a long test: so many articles for each process.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from storage.archive import Archive
from storage.events import Event
from tests.databases import rows

ARTICLES = int(os.environ.get("NEWSARCHIVE_TEST_ARTICLES", "80"))
WRITERS = 4
# Each process has half of its addresses in common with the one before, and half with the next.
WRITE = """
import sys
from storage import articles
from storage.database import open_engine
from storage.writer import Writer
from tests.storage.newsroom import Newsroom, article, paragraphs

where, number, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
writer = Writer(open_engine(where))
newsroom = writer.submit(Newsroom).result()

def store(n):
    def operation(connection):
        newsroom.connection = connection
        item = article(f"https://courier.example/{n}", blocks=paragraphs(f"Only {n} says {n * n}."))
        return articles.store(connection, newsroom.submission(item))
    return operation

start = number * count // 2
waiting = []
for n in range(start, start + count):
    waiting.append(writer.submit(store(n)))
    if n % 9 == 0:  # sometimes one by one, mostly in groups
        print(waiting[-1].result(), flush=True)
for future in waiting:
    future.result()
writer.close()
"""


def begin(where: str, number: int) -> subprocess.Popen[str]:
    line = [sys.executable, "-c", WRITE, where, str(number), str(ARTICLES)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, text=True)


def test_no_row_is_lost_and_none_is_twice(where: str, tmp_path: Path) -> None:
    processes = [begin(where, number) for number in range(WRITERS)]
    killed = processes[1]
    assert killed.stdout
    for _ in range(ARTICLES // 9 // 2):
        killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    processes[1] = begin(where, 1)
    seen: list[Event] = []
    with Archive.open(where, captures=tmp_path / "captures", pictures=tmp_path / "pictures") as archive:
        while True:
            over = all(process.poll() is not None for process in processes)
            seen += archive.events(seen[-1].id if seen else 0)
            if over:
                break
            time.sleep(0.02)
        wrong = [(c.name, problem) for c in archive.checks() for problem in c.look() if problem]
    assert [process.returncode for process in processes] == [0] * WRITERS
    assert wrong == []
    meant = {f"https://courier.example/{n}" for n in range(ARTICLES * (WRITERS + 1) // 2)}
    kept = [address for (address,) in rows(where, "SELECT canonical_url FROM articles")]
    assert sorted(kept) == sorted(meant)
    assert dict(rows(where, "SELECT url, article_id FROM ledger")).keys() == meant
    assert rows(where, "SELECT count(*) FROM versions") == [(len(meant),)]
    told = rows(where, "SELECT id, article_id, kind FROM event ORDER BY id")
    assert [(one.id, one.article_id, one.kind) for one in seen] == told
    assert sorted(article_id for _, article_id, kind in told if kind == "stored") == sorted(
        article_id for (article_id,) in rows(where, "SELECT id FROM article")
    )
