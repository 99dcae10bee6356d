"""news-please: its `from_urls`, which downloads in threads and reads in a process for each processor.

A hundred addresses at a time: it starts a thread for each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

AT_ONCE = 100
TIMEOUT = 60  # seconds


def command(job) -> list[str]:  # type: ignore[no-untyped-def]  # crawlers.Job; this file is a script, too
    return [sys.executable, __file__, str(job.urls), str(job.folder)]


def stored(job) -> Iterator[tuple[str, str]]:  # type: ignore[no-untyped-def]
    from crawlers import read_lines

    return read_lines(job.folder)


def main(urls: list[str], out: Path) -> None:
    from newsplease import NewsPlease

    with out.open("w", encoding="utf-8") as lines:
        for start in range(0, len(urls), AT_ONCE):
            some = urls[start : start + AT_ONCE]
            # Without `request_args` it takes every article for a failure.
            found = NewsPlease.from_urls(some, request_args={"timeout": TIMEOUT}, fetch_images=False)
            for url, article in found.items():
                if article and article.maintext:
                    body = "\n\n".join(article.maintext.splitlines())
                    lines.write(json.dumps({"url": url, "body": body}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text(encoding="utf-8").split(), Path(sys.argv[2]) / "articles.jsonl")
