"""Crawl a loopback news site with ours and other crawlers, in turn, and say what an article costs each.

    python benchmarks/crawl.py FOLDER [--pages 2000] [--rounds 3] [--crawlers newsarchive,trafilatura]
        [--site FOLDER] [--markdown]

FOLDER holds real pages: truth.jsonl and pages/ as benchmarks/extraction.py has them, or page.html files with
an article.json beside each. `pip install -e '.[bench]'` installs the other crawlers; nginx serves the site.
Fundus asks for an older lxml than ours: FUNDUS_PYTHON is the interpreter of an environment that it is in.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import crawlers
import news_site
import scoring
from measuring import Cost, measured, yardstick
from rich.console import Console
from rich.table import Table

console = Console(stderr=True)
NEEDED = {  # what `pip install` may have left out
    "newspaper4k": "newspaper",
    "news-please": "newsplease",
    "news-please-command": "newsplease",
}
SCORED = 400  # pages whose bodies are compared, spread over the site


@dataclass(frozen=True, slots=True)
class Lap:
    """One crawl of the whole site."""

    cost: Cost
    stored: int
    # Pages of the site that it has a body of.
    body_f1: float | None
    # Mean over the stored pages with an answer; None without answers.

    @property
    def per_second(self) -> float:
        return self.stored / self.cost.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cost.cpu_seconds / max(1, self.stored)


def lap(name: str, site: news_site.NewsSite) -> Lap:
    """Crawl the site once with `name`."""
    with tempfile.TemporaryDirectory(prefix="crawl-") as scratch:
        folder = Path(scratch)
        urls = folder / "urls.txt"
        urls.write_text("".join(f"{page.url}\n" for page in site.pages))
        job = crawlers.Job(home_pages=site.home_pages, urls=urls, folder=folder)
        module = crawlers.crawler(name)
        cost = measured(module.command(job), folder / "log.txt")
        if cost.exit_code:
            last = (folder / "log.txt").read_text(errors="replace")[-2000:]
            console.print(f"{name} ended with exit code {cost.exit_code}:\n{last}", markup=False)
        bodies = {url: body for url, body in module.stored(job) if url in site.by_url and body.strip()}
        return Lap(cost, len(bodies), body_f1(site, bodies))


def body_f1(site: news_site.NewsSite, bodies: dict[str, str]) -> float | None:
    """How well the stored bodies fit, over pages spread evenly over the site."""
    step = max(1, len(site.pages) // SCORED)
    figures = [
        scoring.body_figures(answer, bodies[page.url])["body_f1_page"]
        for page in site.pages[::step]
        if page.url in bodies and (answer := site.answer(page)) is not None
    ]
    return statistics.mean(figures) if figures else None


def race(names: list[str], site: news_site.NewsSite, rounds: int) -> dict[str, list[Lap]]:
    """All in turn, `rounds` times: what else the machine does hits all alike."""
    laps: dict[str, list[Lap]] = {name: [] for name in names}
    for number in range(1, rounds + 1):
        for name in names:
            with console.status(f"round {number} of {rounds}: {name}"):
                done = lap(name, site)
            laps[name].append(done)
            f1 = "" if done.body_f1 is None else f", body F1 {done.body_f1:.3f}"
            console.print(
                f"round {number}: {name}: {done.per_second:.1f} articles/s, "
                f"{done.cpu_ms:.1f} ms of CPU an article, "
                f"{done.cost.peak_bytes / 1e6:.0f} MB, busy {done.cost.busy:.0%}, {done.stored} stored{f1}"
            )
    return laps


def rows(laps: dict[str, list[Lap]], pages: int) -> Iterator[list[str]]:
    """The table: medians over the rounds."""
    for name, done in laps.items():
        f1 = [one.body_f1 for one in done if one.body_f1 is not None]
        yield [
            name,
            f"{statistics.median(one.per_second for one in done):.1f}",
            f"{statistics.median(one.cpu_ms for one in done):.1f}",
            f"{statistics.median(one.cost.busy for one in done):.0%}",
            f"{max(one.cost.peak_bytes for one in done) / 1e6:.0f} MB",
            f"{statistics.median_low([one.stored for one in done])} of {pages}",
            f"{statistics.median(f1):.3f}" if f1 else "–",
        ]


HEAD = ["crawler", "articles/s", "CPU ms an article", "processors busy", "peak memory", "stored", "body F1"]


def show(laps: dict[str, list[Lap]], pages: int, *, markdown: bool) -> None:
    """Print the table, for people or for README."""
    if markdown:
        for row in (HEAD, ["---"] * len(HEAD), *rows(laps, pages)):
            print(f"| {' | '.join(row)} |")
        return
    table = Table(*HEAD, title=f"{pages} pages, {crawlers.PROCESSORS} processors")
    for row in rows(laps, pages):
        table.add_row(*row)
    Console().print(table)


def named(text: str) -> list[str]:
    """The crawlers in `--crawlers`."""
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in crawlers.NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no crawler {unknown[0]!r}; there are {', '.join(crawlers.NAMES)}")
    return names


def installed(names: list[str]) -> list[str]:
    """Those that can run here; says of each other one how to get it."""
    missing = {
        name: "pip install -e '.[bench]'"
        for name in names
        if name in NEEDED and find_spec(NEEDED[name]) is None
    }
    if "fundus" in names and not os.environ.get("FUNDUS_PYTHON"):
        missing["fundus"] = "see --help"
    for name, way in missing.items():
        print(f"{name} is left out: {way}", file=sys.stderr)
    return [name for name in names if name not in missing]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="real pages")
    parser.add_argument("--pages", type=int, default=1_000, help="of the site (default: 1000)")
    parser.add_argument("--rounds", type=int, default=3, help="crawls of each (default: 3)")
    parser.add_argument(
        "--crawlers",
        type=named,
        default=list(crawlers.NAMES),
        metavar="NAMES",
        help=f"parted by commas; of {', '.join(crawlers.NAMES)} (default: all)",
    )
    parser.add_argument("--site", type=Path, help="keep the site here, and take it from here next time")
    parser.add_argument("--markdown", action="store_true", help="print the table as README has it")
    options = parser.parse_args()
    several = crawlers.PROCESSORS
    console.print(
        f"ten million rounds of an empty loop: {yardstick(1):.2f} s in one process, "
        f"{yardstick(several):.2f} s in each of {several}"
    )
    folder = options.site or Path(tempfile.mkdtemp(prefix="news-site-"))
    try:
        site = news_site.build(options.folder, folder, options.pages)
        with news_site.serving(site):
            laps = race(installed(options.crawlers), site, options.rounds)
    finally:
        if options.site is None:
            shutil.rmtree(folder)
    show(laps, options.pages, markdown=options.markdown)


if __name__ == "__main__":
    main()
