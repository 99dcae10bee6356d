"""Where a crawl's CPU goes, an article, stage by stage: on the site of benchmarks/crawl.py, ours alone.

    python benchmarks/profile_crawl.py FOLDER [--pages 1000] [--site FOLDER] [--markdown]

The crawl's own threads are read from the operating system while it runs, and the stages that they run are
timed one by one; the stages of reading a page are timed on the same pages in one process. (Not profile.py:
that is the name of a module of Python's own.)
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pickle
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import crawlers
import news_site
from measuring import measured
from rich.console import Console
from rich.table import Table

TICKS = os.sysconf("SC_CLK_TCK")
READ = 200  # pages whose reading is timed stage by stage

# (stage, module, function): a stage's time is what its functions take without the stages that they call.
IN_THE_CRAWL = (
    ("WARC: records", "storage.captures.writing", "members"),
    ("near-duplicates", "storage.clusters", "place"),
    ("search index", "storage.search_index", "put"),
)
IN_A_READER = (
    ("parse", "crawler.extraction.reading", "parse"),
    ("metadata", "crawler.extraction.fields", "read"),
    ("dates", "crawler.extraction.dates", "dates"),
    ("captions and pictures", "crawler.extraction.pictures", "pictures"),
    ("body", "crawler.extraction.body", "find"),
    ("body: second opinion", "crawler.extraction.second_opinion", "paragraphs"),
    ("byline", "crawler.extraction.byline", "byline"),
    ("standfirst", "crawler.extraction.description", "description"),
    ("embeds", "crawler.extraction.embeds", "embeds"),
    ("language", "crawler.extraction.language", "in_language"),
    ("kind of page", "crawler.extraction.page_kind", "signs"),
    ("normalise", "pipelines.normalise", "normalise"),
    ("fingerprints", "pipelines.deduplicate", "fingerprinted"),
    ("search terms", "crawler.judging", "terms"),
)
THREADS = {
    "MainThread": "fetch and loop",
    "captures": "WARC: writing",
    "archive-writer": "database",
    "reader": "to and from the readers",
}


class Watch:
    """CPU seconds of stages in this process; a stage within another is taken off that one."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inner = threading.local()

    def on(self, stages: tuple[tuple[str, str, str], ...]) -> None:
        """Time the functions of `stages` from now on."""
        for stage, module_name, function in stages:
            module = importlib.import_module(module_name)
            setattr(module, function, self._timed(stage, getattr(module, function)))

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            outer, self._inner.spent = getattr(self._inner, "spent", 0.0), 0.0
            start = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.thread_time() - start
                self.spent[stage] += whole - self._inner.spent
                self._inner.spent = outer + whole

        return timed


# -- the crawl ----------------------------------------------------------------


def crawl_inside(arguments: list[str]) -> None:
    """Run the command in this process; its times are the last line printed."""
    watch = Watch()
    watch.on(IN_THE_CRAWL)
    from crawler.cli import main

    threads: Counter[str] = Counter()
    start = time.process_time()
    with _looking_at_threads(threads), suppress(SystemExit):
        sys.argv = ["newsarchive", *arguments]
        main()
    own = time.process_time() - start
    sys.stdout.flush()
    print(json.dumps({"threads": threads, "stages": watch.spent, "own": own}))


@contextmanager
def _looking_at_threads(threads: Counter[str]) -> Iterator[None]:
    """The CPU seconds of this process's threads by name, as far as they can be seen before each ends."""
    over = threading.Event()
    seen: dict[tuple[str, int], float] = {}

    def look() -> None:
        while not over.wait(0.1):
            for thread in threading.enumerate():
                with suppress(OSError, TypeError):
                    stat = Path(f"/proc/self/task/{thread.native_id}/stat").read_text()
                    fields = stat.rpartition(")")[2].split()
                    seen[thread.name, int(thread.native_id or 0)] = (
                        int(fields[11]) + int(fields[12])
                    ) / TICKS

    looker = threading.Thread(target=look, name="looker", daemon=True)
    looker.start()
    try:
        yield
    finally:
        over.set()
        looker.join()
        for (name, _), seconds in seen.items():
            threads[name] += seconds


def of_the_crawl(site: news_site.NewsSite) -> tuple[dict[str, float], float]:
    """Seconds of each stage outside the readers, and those of all readers."""
    with tempfile.TemporaryDirectory(prefix="profile-") as folder, news_site.serving(site):
        job = crawlers.Job(home_pages=site.home_pages, urls=Path(os.devnull), folder=Path(folder))
        _, _, _, *arguments = crawlers.crawler("newsarchive").command(job)
        log = Path(folder) / "log.txt"
        cost = measured([sys.executable, __file__, "--inside", *arguments], log)
        *_, result, times = log.read_text(encoding="utf-8").splitlines()
    stored, told = json.loads(result)["articles"], json.loads(times)
    console.print(f"{stored} of {len(site.pages)} pages are articles in the archive")
    stages = Counter(told["stages"])
    for name, seconds in told["threads"].items():
        stage = next((stage for begin, stage in THREADS.items() if name.startswith(begin)), "other threads")
        stages[stage] += seconds
    stages["WARC: writing"] -= stages["WARC: records"]
    for of_writer in ("near-duplicates", "search index"):
        stages["database"] -= stages[of_writer]
    return dict(stages), cost.cpu_seconds - told["own"]


# -- the readers ----------------------------------------------------------------


def of_the_readers(site: news_site.NewsSite) -> dict[str, float]:
    """Seconds a page of each stage of reading."""
    from crawler.extraction import NOTHING
    from crawler.items import Page
    from crawler.judging import judge

    watch = Watch()
    watch.on(IN_A_READER)
    pages = [
        Page(
            url=page.url,
            final_url=page.url,
            status=200,
            body=_file(site, page.url).read_bytes(),
            headers={"content-type": "text/html", "content-encoding": "gzip"},
            is_packed=True,
            fetched_at=news_site.dt.datetime.now(news_site.dt.UTC),
        )
        for page in site.pages[:: max(1, len(site.pages) // READ)]
    ]
    for page in pages[:20]:  # tables and models are loaded
        judge(page, NOTHING)
    watch.spent.clear()
    start = time.process_time()
    readings = [judge(page, NOTHING) for page in pages]
    whole = time.process_time() - start
    start = time.process_time()
    crossing = 0
    for page, reading in zip(pages, readings, strict=True):
        for value in (page, reading):
            packed = pickle.dumps(value)
            crossing += len(packed)
            pickle.loads(packed)
    pickling = time.process_time() - start
    console.print(f"{crossing / len(pages) / 1000:.0f} kB a page cross to a reader and back")
    watch.spent["other reading"] = whole - sum(watch.spent.values())
    watch.spent["pickling"] = pickling
    return {stage: seconds / len(pages) for stage, seconds in watch.spent.items()}


def _file(site: news_site.NewsSite, url: str) -> Path:
    parts = urlsplit(url)
    return site.folder / str(parts.hostname) / (unquote(parts.path).lstrip("/") + ".gz")


# -- the table --------------------------------------------------------------------

console = Console(stderr=True)


def rows(site: news_site.NewsSite) -> Iterator[tuple[str, float]]:
    """(stage, milliseconds an article), the crawl's own first."""
    number = len(site.pages)
    crawl, readers = of_the_crawl(site)
    for stage, seconds in sorted(crawl.items(), key=lambda item: -item[1]):
        yield stage, 1000 * seconds / number
    yield "all readers, their start included", 1000 * readers / number
    for stage, seconds in sorted(of_the_readers(site).items(), key=lambda item: -item[1]):
        yield f"- {stage}", 1000 * seconds
    yield "together", 1000 * (sum(crawl.values()) + readers) / number


def main() -> None:
    """Run from the command line."""
    if "--inside" in sys.argv:
        crawl_inside(sys.argv[sys.argv.index("--inside") + 1 :])
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="real pages")
    parser.add_argument("--pages", type=int, default=1_000, help="of the site (default: 1000)")
    parser.add_argument("--site", type=Path, required=True, help="where the site lies, or is to be made")
    parser.add_argument(
        "--markdown", action="store_true", help="print the table as docs/performance.md has it"
    )
    options = parser.parse_args()
    found = rows(news_site.build(options.folder, options.site, options.pages))
    if options.markdown:
        print("| stage | CPU ms an article |\n| --- | --- |")
        for stage, ms in found:
            print(f"| {stage} | {ms:.2f} |")
        return
    table = Table("stage", "CPU ms an article", title=f"{options.pages} pages")
    for stage, ms in found:
        table.add_row(stage, f"{ms:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
