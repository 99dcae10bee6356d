"""Ours, with everything on: ledger, raw bytes, near-duplicates, search index, evidence."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sqlalchemy import text

from crawlers import Job
from storage.database import open_engine


def command(job: Job) -> list[str]:
    archive = ["--database", str(job.folder / "archive.db"), "--sources", str(job.folder / "none.toml")]
    return [sys.executable, "-m", "crawler", "crawl", *job.home_pages, "--allow-private", "--json", *archive]


def stored(job: Job) -> Iterator[tuple[str, str]]:
    engine = open_engine(str(job.folder / "archive.db"), create=False)
    query = "SELECT v.url, v.body FROM version v JOIN article a ON a.current_version_id = v.id"
    with engine.connect() as connection:
        yield from ((row.url, row.body) for row in connection.execute(text(query)))
    engine.dispose()
