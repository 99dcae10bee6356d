"""Read mutated pages until something breaks: an exception, a page that takes too long, memory that grows.

    python benchmarks/fuzz_extraction.py FOLDER … --count 100000 [--seed 1] [--first 0]

FOLDER holds pages, *.html or *.html.gz, at any depth. A page follows from the seed and its number, so that a
run that was stopped goes on with --first, and a failure can be repeated. Every thousand pages a line says how
far the run is and what memory the process holds. In the end a sample is read again, the last page first:
a reading may not depend on what was read before it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crawler.extraction import read
from crawler.extraction.reading import Reading
from crawler.items import Page
from storage.records import Outcome

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SLOW = 5.0  # seconds
GROWTH = 1.1  # of the memory, between the second line and the last
EVERY = 1_000  # pages between two lines
SAMPLED = 100  # of so many pages, one is read again
SNIPPETS = (
    b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b'"', b"'", b"&", b"&#x110000;", b"&#0;", b"\0",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"<p>", b"</p>", b"<div>", b"</div></div>", b"<table><tr>",
    b"<script>", b"</script>", b"<style>", b"<svg>", b"<math>", b"<template>", b"<noscript>", b"<textarea>",
    b"<html><body>", b"</body></html>", b"<base href='http://['>", b"<meta charset=utf-16>", b"<h1>",
    b"<a href='//['>", b"<time datetime='99999-99-99'>", b'{"@type":"NewsArticle","author":[[{}]]}',
    b'<img srcset="a 1x, , b -2w">',
    b"<figure><figcaption>", b"<p xml:lang='x' lang='\xc3\xa9'>", b"2026-13-45T99:99:99+99:99",
    b"\xe2\x80\xae",
)  # fmt: skip
Mutation = Callable[[bytes, random.Random, list[bytes]], bytes]


def _span(html: bytes, chance: random.Random) -> tuple[int, int]:
    """A stretch of the page, mostly short."""
    start = chance.randrange(len(html) + 1)
    return start, min(len(html), start + int(chance.paretovariate(0.6)))


def delete(html: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """Without a stretch."""
    start, end = _span(html, chance)
    return html[:start] + html[end:]


def repeat(html: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """With a stretch several times."""
    start, end = _span(html, chance)
    return html[:start] + html[start : min(end, start + 2000)] * chance.randint(2, 30) + html[end:]


def insert(html: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """With something nasty in it."""
    start, _end = _span(html, chance)
    return html[:start] + chance.choice(SNIPPETS) + html[start:]


def flip(html: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """With some bytes changed."""
    changed = bytearray(html)
    for _n in range(chance.randint(1, 40) if html else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def splice(html: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """With a stretch of another page."""
    other = chance.choice(others)
    start, end = _span(other, chance)
    at, _end = _span(html, chance)
    return html[:at] + other[start:end] + html[at:]


def cut_off(html: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """Only the beginning."""
    return html[: chance.randrange(len(html) + 1)]


MUTATIONS: tuple[Mutation, ...] = (delete, repeat, insert, insert, flip, splice, cut_off)


def mutate(html: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """`html` after one to eight mutations."""
    for _ in range(chance.randint(1, 8)):
        html = chance.choice(MUTATIONS)(html, chance, others)
    return html


def load(folders: list[Path]) -> list[bytes]:
    """Every page in `folders`."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*.html*"))]
    return [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths
    ]


def digest(reading: Reading) -> bytes:
    """All of a reading in a few bytes."""
    return hashlib.sha256(repr(reading).encode("utf-8", "surrogatepass")).digest()


def resident() -> float:
    """The memory that this process holds, in MB; where the system does not tell, the most it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 1024**2


@dataclass
class Run:
    """A fuzz run: its material, and what has come of it so far."""

    pages: list[bytes]
    seed: int
    keep: Path | None = None
    # Where the page that failed is written.
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    longest: float = 0.0
    memory: list[float] = field(default_factory=list)
    # In MB, at each line.
    sample: dict[int, bytes] = field(default_factory=dict)

    def page(self, number: int) -> bytes:
        """The page of that number."""
        chance = random.Random(f"{self.seed}-{number}")
        return mutate(chance.choice(self.pages), chance, self.pages)

    def read(self, number: int) -> Reading:
        """Read a page; one that fails ends the program."""
        html = self.page(number)
        url = f"https://x.example/{number}"
        start = time.process_time()
        reading = read(Page(url=url, final_url=url, status=200, body=html, fetched_at=NOW))
        seconds = time.process_time() - start
        self.longest = max(self.longest, seconds)
        if reading.outcome is Outcome.EXTRACT_ERROR or seconds > SLOW:
            self.fail(number, f"{reading.outcome}, {reading.reason}, {seconds:.1f} s")
        return reading

    def fail(self, number: int, why: str) -> None:
        """End the program."""
        if self.keep:
            self.keep.write_bytes(self.page(number))
        sys.exit(f"page {number} of seed {self.seed}: {why}")

    def go(self, numbers: range) -> None:
        """Read the pages, then the sample again."""
        for number in numbers:
            reading = self.read(number)
            self.outcomes[reading.outcome] += 1
            if number % SAMPLED == 0:
                self.sample[number] = digest(reading)
            if (number + 1) % EVERY == 0:
                self.memory.append(resident())
                print(
                    f"read {number + 1}: {self.memory[-1]:.0f} MB, longest {self.longest:.2f} s", flush=True
                )
        for number, known in reversed(self.sample.items()):
            if digest(self.read(number)) != known:
                self.fail(number, "another reading than the first time")

    @property
    def growth(self) -> float:
        """What the process holds at the end, of what it held once it had warmed up."""
        return self.memory[-1] / self.memory[1] if len(self.memory) > 1 else 1.0


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--count", type=int, default=10_000, help="pages to read (default: 10000)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first (default: 0)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the page that failed here")
    options = parser.parse_args()
    pages = load(options.folders)
    if not pages:
        parser.error(f"no pages in {', '.join(map(str, options.folders))}")
    run = Run(pages, options.seed, options.keep)
    run.go(range(options.first, options.first + options.count))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{options.count} pages and {len(run.sample)} of them again, none failed; longest {run.longest:.2f} s"
    )
    print(f"{time.process_time() / options.count * 1000:.1f} ms of CPU a page; at most {peak} MB of memory")
    for outcome, number in run.outcomes.most_common():
        print(f"  {outcome:15} {number}")
    if run.growth > GROWTH:
        sys.exit(f"memory grew by {run.growth - 1:.0%} from the second line to the last")


if __name__ == "__main__":
    main()
