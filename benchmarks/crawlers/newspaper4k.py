"""newspaper4k: a process for each processor, each with its own threads that download."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

PROCESSES = os.cpu_count() or 1
THREADS = 4
AT_ONCE = 50


def command(job) -> list[str]:  # type: ignore[no-untyped-def]  # crawlers.Job; this file is a script, too
    return [sys.executable, __file__, str(job.urls), str(job.folder)]


def stored(job) -> Iterator[tuple[str, str]]:  # type: ignore[no-untyped-def]
    from crawlers import read_lines

    return read_lines(job.folder)


def crawl(folder: Path, share: tuple[int, list[str]]) -> None:
    """Fetch and parse a share of the articles."""
    from newspaper import Article

    number, urls = share
    with (folder / f"articles-{number}.jsonl").open("w", encoding="utf-8") as out:
        for start in range(0, len(urls), 50):
            some = urls[start : start + AT_ONCE]
            with ThreadPoolExecutor(THREADS) as threads:
                articles = list(threads.map(lambda url: Article(url, fetch_images=False).download(), some))
            for article in articles:
                try:
                    article.parse()
                except Exception as error:  # some languages want data that nltk downloads
                    print(f"{article.url}: {str(error).strip()[:80]}", file=sys.stderr)
                    continue
                body = "\n\n".join(article.text.splitlines())
                out.write(json.dumps({"url": article.url, "body": body}) + "\n")


if __name__ == "__main__":
    every = Path(sys.argv[1]).read_text(encoding="utf-8").split()
    with ProcessPoolExecutor(PROCESSES) as processes:
        list(
            processes.map(
                partial(crawl, Path(sys.argv[2])), ((n, every[n::PROCESSES]) for n in range(PROCESSES))
            )
        )
