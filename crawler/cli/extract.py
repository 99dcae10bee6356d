"""`newsarchive extract`: one page's article, or many pages', as JSON."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.errors import UsageError

CHUNK = 8  # pages handed to a worker at once
MAX_PAGE = 256 * 1024 * 1024  # bytes of a page when unpacked


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
    if batch:
        _batch(file, workers)
        return
    if file is None:
        raise UsageError("nothing to read: give an HTML file, or --batch")
    if url is None:
        raise UsageError("--url is missing: give the address that the page came from")
    page = sys.stdin.buffer.read() if str(file) == "-" else read_page(file)
    print(json.dumps({"id": url, **_extracted(page, url)}, ensure_ascii=False, indent=2))


def read_page(path: Path) -> bytes:
    """The bytes of a page; gunzipped where they are gzip. UsageError where it cannot be read."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_PAGE)
        if body[:2] == b"\x1f\x8b":
            with gzip.open(path) as unpacked:
                body = unpacked.read(MAX_PAGE)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    return body


def _batch(file: Path | None, workers: int) -> None:
    """One JSON line for each line in; what cannot be read has an "error" instead of an article."""
    lines = _lines(file)
    if workers == 1:
        results: Iterable[str] = map(_line, lines)
        _write(results)
        return
    with ProcessPoolExecutor(workers) as pool:
        _write(pool.map(_line, lines, chunksize=CHUNK))


def _write(results: Iterable[str]) -> None:
    for line in results:
        print(line, flush=True)


def _lines(file: Path | None) -> Iterator[str]:
    if file is None or str(file) == "-":
        yield from (line for line in sys.stdin if line.strip())
        return
    try:
        with file.open(encoding="utf-8") as stream:
            yield from (line for line in stream if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error


def _line(line: str) -> str:
    """The answer to one line of a batch."""
    item: Any = None
    try:
        item = json.loads(line)
        answer = {"id": item.get("id"), **_extracted(read_page(Path(item["path"])), item["url"])}
    except (ValueError, KeyError, TypeError, AttributeError, UsageError) as error:
        name = item.get("id") if isinstance(item, dict) else None
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        answer = {"id": name, "error": reason}
    return json.dumps(answer, ensure_ascii=False)


def _extracted(page: bytes, url: str) -> dict[str, Any]:
    from crawler.extraction import extract as extract_article
    from storage.records import article_to_json

    return article_to_json(extract_article(page, url))
