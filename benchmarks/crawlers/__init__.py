"""The crawlers that ours is measured beside, a file each.

Each module is run as its documentation has it, without pauses between requests, on all processors where it
can, and has `command(job)`, which crawls the site, and `stored(job)`: (URL, body) of what came of it.
The peers but Fundus are handed the addresses of all articles; ours finds them itself.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

NAMES = {
    "newsarchive": "newsarchive",
    "trafilatura": "trafilatura_cli",
    "newspaper4k": "newspaper4k",
    "news-please": "news_please",
    "news-please-command": "news_please_command",
    "fundus": "fundus_generic",
    "scrapy": "scrapy_trafilatura",
}
PROCESSORS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Job:
    """A crawl: what there is, and a folder of its own to write to."""

    home_pages: list[str]
    urls: Path
    # A file with the address of each article, a line each.
    folder: Path

    @property
    def out(self) -> Path:
        """Where a script of ours writes {"url", "body"} lines."""
        return self.folder / "articles.jsonl"


def crawler(name: str) -> ModuleType:
    """The module of a crawler."""
    return importlib.import_module(f"crawlers.{NAMES[name]}")


def read_lines(folder: Path) -> Iterator[tuple[str, str]]:
    """(URL, body) of the {"url", "body"} lines in `folder`."""
    for file in sorted(folder.glob("articles*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield record["url"], record["body"]
