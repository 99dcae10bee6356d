"""Read mutated pages until something breaks: an exception, or a page that takes too long.

    python benchmarks/fuzz_extraction.py FOLDER --count 100000 [--seed 1]

FOLDER holds pages, *.html or *.html.gz, at any depth. Each run prints what is needed to repeat a failure.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import track

from crawler.extraction import read
from crawler.items import Page
from storage.records import Outcome

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SLOW = 5.0  # seconds
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


def load(folder: Path) -> list[bytes]:
    """Every page in `folder`."""
    plain = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    return plain + [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))]


def run(pages: list[bytes], count: int, seed: int, keep: Path | None) -> tuple[Counter[Outcome], float]:
    """Outcomes and the longest reading in seconds; stops the program at the first failure."""
    outcomes: Counter[Outcome] = Counter()
    longest = 0.0
    for number in track(range(count), "reading", console=Console(stderr=True), transient=True):
        chance = random.Random(f"{seed}-{number}")
        html = mutate(chance.choice(pages), chance, pages)
        page = Page(
            url="https://x.example/a", final_url="https://x.example/a", status=200, body=html, fetched_at=NOW
        )
        start = time.process_time()
        reading = read(page)
        seconds = time.process_time() - start
        longest = max(longest, seconds)
        outcomes[reading.outcome] += 1
        if reading.outcome is Outcome.EXTRACT_ERROR or seconds > SLOW:
            if keep:
                keep.write_bytes(html)
            sys.exit(f"page {number} of seed {seed}: {reading.outcome}, {reading.reason}, {seconds:.1f} s")
    return outcomes, longest


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the page that failed here")
    options = parser.parse_args()
    outcomes, longest = run(load(options.folder), options.count, options.seed, options.keep)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{options.count} pages, none failed; longest {longest:.2f} s; at most {memory} MB of memory")
    for outcome, number in outcomes.most_common():
        print(f"  {outcome:15} {number}")


if __name__ == "__main__":
    main()
