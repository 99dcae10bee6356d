"""`newsarchive extract`: one page's article, or many pages', as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from crawler.errors import UsageError


def extract(
    file: Annotated[Path | None, typer.Argument(help="An HTML file, .gz too; - is standard input.")] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Where the page was: links hang on it, dates may stand in it.")
    ] = None,
    batch: Annotated[
        bool,
        typer.Option("--batch", help='Read JSON Lines {"id", "path", "url"} from FILE or standard input.'),
    ] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes for --batch.")] = 1,
) -> None:
    """Read articles from saved pages and print them as JSON, without a crawl and without an archive.

    Examples:  newsarchive extract page.html --url https://example.org/story
               newsarchive extract --batch < pages.jsonl > articles.jsonl
    """
    from crawler.cli import saved_pages

    if batch:
        saved_pages.batch(file, workers)
        return
    if file is None:
        raise UsageError("nothing to read: give an HTML file, or --batch")
    if url is None:
        raise UsageError("--url is missing: give the address that the page came from")
    page = sys.stdin.buffer.read() if str(file) == "-" else saved_pages.read_page(file)
    print(json.dumps({"id": url, **saved_pages.extracted(page, url)}, ensure_ascii=False, indent=2))
