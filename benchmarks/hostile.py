"""Read pages made to hurt, each in a process of its own, and say what each costs.

    python benchmarks/hostile.py [NAME …] [--all]

NAME is a part of the names of the pages to read. A page fails that raises, kills its process, or takes more
than 5 s of CPU or 500 MB of memory. Prints the costliest pages (--all: every page); exits 1 where one fails.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import hostile_pages
from rich.console import Console
from rich.progress import track
from rich.table import Table

from crawler.extraction import extract, read
from crawler.items import Page

NOW = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
SECONDS, MEGABYTES = 5.0, 500
# Where a reading is cut short, to see by how much it is over.
PATIENCE, MOST_MEMORY = 60, 4 * 1024**3
SHOWN = 20
MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page cost."""

    name: str
    size: float = 0.0
    # Of the page, in MB.
    seconds: float = PATIENCE
    # Of CPU, for the page alone.
    megabytes: float = 0.0
    # The most that the process held, all that it loads included.
    outcome: str = "died"

    @property
    def failed(self) -> bool:
        """Whether the page did harm."""
        is_read = self.outcome not in ("died", "extract_error")
        return not is_read or self.seconds > SECONDS or self.megabytes > MEGABYTES


def warm_up() -> None:
    """Load tables and models, as a worker has them; each page's process is forked from here."""
    extract(hostile_pages.page(hostile_pages.STORY), "https://x.example/")


def read_here(name: str) -> Cost:
    """Read a page in this process."""
    html = hostile_pages.PAGES[name]()
    forget_peak()  # making the page takes more memory than some readings
    url = "https://x.example/a"
    page = Page(url=url, final_url=url, status=200, body=html, fetched_at=NOW)
    before = time.process_time()
    reading = read(page)
    seconds = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(name, len(html) / MEGABYTE, seconds, peak, str(reading.outcome))


def read_apart(name: str) -> Cost:
    """Read a page in a process of its own; one that dies has cost all that it may."""
    context = multiprocessing.get_context("fork")
    answer, answering = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(name, answering))
    process.start()
    answering.close()
    try:
        cost = answer.recv() if answer.poll(2 * PATIENCE) else Cost(name)
    except EOFError:
        cost = Cost(name)
    process.kill()
    process.join()
    return cost


def _answer(name: str, answering: Connection) -> None:
    limit()
    answering.send(read_here(name))


def forget_peak() -> None:
    """Let the process's peak of memory begin anew, where the system can (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def limit() -> None:
    """What no page may exceed, so that this machine lives on."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def chosen(parts: Iterable[str]) -> list[str]:
    """The names of the pages that have one of `parts` in them; all without any."""
    wanted = list(parts)
    return [name for name in hostile_pages.PAGES if not wanted or any(part in name for part in wanted)]


def show(costs: list[Cost], shown: int) -> None:
    """Print the failures, then the costliest pages."""
    table = Table("page", "MB", "CPU s", "peak MB", "outcome")
    ranked = sorted(costs, key=lambda cost: (cost.failed, cost.seconds), reverse=True)
    failures = sum(cost.failed for cost in costs)
    for cost in ranked[: max(shown, failures)]:
        style = "red" if cost.failed else None
        cells = f"{cost.size:.1f}", f"{cost.seconds:.2f}", f"{cost.megabytes:.0f}", cost.outcome
        table.add_row(cost.name.encode("ascii", "backslashreplace").decode(), *cells, style=style)
    Console(markup=False, width=None if sys.stdout.isatty() else 120).print(table)
    longest, largest = max(c.seconds for c in costs), max(c.megabytes for c in costs)
    print(
        f"{len(costs)} hostile pages, {failures} failed; at most {longest:.2f} s of CPU and {largest:.0f} MB"
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="read only pages with this in their names")
    parser.add_argument("--all", action="store_true", help="print every page, not the costliest alone")
    options = parser.parse_args()
    names = chosen(options.names)
    if not names:
        parser.error(f"no page has {' or '.join(options.names)} in its name")
    warm_up()
    costs = []
    for name in track(names, "reading", console=Console(stderr=True), transient=True):
        costs.append(read_apart(name))
        if costs[-1].failed:
            print(f"failed: {costs[-1]}", file=sys.stderr, flush=True)
    show(costs, len(costs) if options.all else SHOWN)
    sys.exit(any(cost.failed for cost in costs))


if __name__ == "__main__":
    main()
