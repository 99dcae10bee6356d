"""Read pages made to hurt, each in a fresh process, and say what each costs.

    python benchmarks/hostile.py [NAME …] [--all] [--jobs 2]

NAME is a part of the names of the pages to read. A page fails that raises, kills its process, or takes more
than 5 s of CPU or 500 MB of memory. Prints the costliest pages (--all: every page); exits 1 where one fails.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import hostile_pages
from rich.console import Console
from rich.progress import track
from rich.table import Table

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


def read_one(name: str) -> Cost:
    """Read a page here."""
    from crawler.extraction import extract, read
    from crawler.items import Page

    extract(hostile_pages.page(hostile_pages.STORY), "https://x.example/")  # loads tables and models
    html = hostile_pages.PAGES[name]()
    now = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    page = Page(
        url="https://x.example/a", final_url="https://x.example/a", status=200, body=html, fetched_at=now
    )
    before = time.process_time()
    reading = read(page)
    seconds = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(name, len(html) / MEGABYTE, seconds, peak, reading.outcome)


def read_apart(name: str) -> Cost:
    """Read a page in a process of its own."""
    command = [sys.executable, __file__, "--one", name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)
        return Cost(**json.loads(done.stdout))
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return Cost(name)


def limit() -> None:
    """What no page may exceed, so that this machine lives on."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def chosen(parts: Iterable[str]) -> list[str]:
    """The names of the pages that have one of `parts` in them; all without any."""
    wanted = list(parts)
    return [name for name in hostile_pages.PAGES if not wanted or any(part in name for part in wanted)]


def read_all(names: list[str], jobs: int) -> Iterator[Cost]:
    """What each page costs, `jobs` at a time."""
    with ThreadPoolExecutor(jobs) as threads:
        costs = threads.map(read_apart, names)
        yield from track(costs, "reading", len(names), console=Console(stderr=True), transient=True)


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
    parser.add_argument("--jobs", type=int, default=1, help="pages to read at a time (default: 1)")
    parser.add_argument("--one", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        limit()
        print(
            json.dumps(
                read_one(options.one), default=lambda cost: {n: getattr(cost, n) for n in cost.__slots__}
            )
        )
        return
    names = chosen(options.names)
    if not names:
        parser.error(f"no page has {' or '.join(options.names)} in its name")
    costs = list(read_all(names, options.jobs))
    show(costs, len(costs) if options.all else SHOWN)
    sys.exit(any(cost.failed for cost in costs))


if __name__ == "__main__":
    main()
