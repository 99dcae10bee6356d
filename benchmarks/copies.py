"""How well copies are found, and what it costs.

    python benchmarks/copies.py FOLDER                  # recall and precision
    python benchmarks/copies.py --growth [--to 1000000] # CPU an article as the archive grows

FOLDER holds `truth.jsonl` with one object a page: `title`, and `sections` with `headline` and
`paragraphs`. Each text gets copies with the edits of `edits.py`, and among them stand articles of one scheme
(`schemes.toml`), which are no copies. --growth needs no folder: its articles are generated.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import edits
import schemes
import shelf
from edits import Story
from prose import Prose
from rapidfuzz.distance import LCSseq
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Connection, Engine, func, select

from storage import clusters
from storage.database import writing
from storage.models import copy
from storage.shingles import sketch
from storage.words import words

err = Console(stderr=True)
ROUNDS = 2  # copies of each text with each edit
OF_A_SCHEME = 100  # articles
REUSED = 0.7  # copies with less of the original's text are not asked for
GROUP = 200  # articles in a transaction
STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
WINDOW = 5_000  # articles before each step, over which the cost is taken


@dataclass(kw_only=True)
class Found:
    """What came of the copies of one kind."""

    asked: int = 0
    found: int = 0
    pairs: int = 0
    wrong: int = 0
    missed: list[str] = field(default_factory=list)


def stories(folder: Path) -> list[Story]:
    """The texts of a folder."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines if line.strip()]
    texts = [
        [
            p.strip()
            for part in page["sections"]
            for p in (*part["headline"], *part["paragraphs"])
            if p.strip()
        ]
        for page in pages
    ]
    return [
        Story(headline=page["title"] or "", paragraphs=[text for text in paragraphs if text])
        for page, paragraphs in zip(pages, texts, strict=True)
        if any(paragraphs)
    ]


def reused(original: str, copied: str) -> float:
    """The share of the copy's words that stand in the original in the same order: no measure of ours."""
    one, other = edits.UNITS.findall(original), edits.UNITS.findall(copied)
    return LCSseq.similarity(one, other) / len(other) if other else 0.0


def score(edit: edits.Edit, originals: Sequence[Story]) -> Found:
    """Store the originals, articles of schemes and the copies of one kind, and compare the clusters."""
    others = [(f"{scheme} {n}", text) for n, (scheme, text) in enumerate(schemes.articles(OF_A_SCHEME))]
    copied = [
        (place, edit(story, random.Random(f"{edit.__name__} {place} {turn}"), originals[place - 1 - turn]))
        for turn in range(ROUNDS)
        for place, story in enumerate(originals)
    ]
    told = [(str(place), story.text) for place, story in enumerate(originals)]
    shelved = [*told, *others, *((str(place), story.text) for place, story in copied)]
    with shelf.temporary_archive() as engine:
        in_cluster = _cluster_by_place(engine, [text for _, text in shelved])
    result = Found()
    for number, (place, story) in enumerate(copied, start=len(told) + len(others)):
        if reused(originals[place].text, story.text) >= REUSED:
            result.asked += 1
            result.found += in_cluster.get(number, -1) == in_cluster.get(place)
    _count_pairs(result, [name for name, _ in shelved], in_cluster)
    return result


def _cluster_by_place(engine: Engine, texts: Sequence[str]) -> dict[int, int]:
    with writing(engine) as connection:
        source_id = shelf.add_source(connection, "benchmark")
        for article_id in shelf.add_articles(connection, source_id, 1, texts):
            clusters.place(connection, article_id, sketch(words(texts[article_id - 1])), at=NOW)
        rows = connection.execute(select(copy.c.article_id, copy.c.cluster_id))
        return {row.article_id - 1: row.cluster_id for row in rows}


def _count_pairs(result: Found, names: Sequence[str], in_cluster: dict[int, int]) -> None:
    members: dict[int, list[str]] = defaultdict(list)
    for place, cluster in in_cluster.items():
        members[cluster].append(names[place])
    for group in members.values():
        right = sum(n * (n - 1) // 2 for n in Counter(group).values())
        pairs = len(group) * (len(group) - 1) // 2
        result.pairs += pairs
        result.wrong += pairs - right


def quality(folder: Path) -> Table:
    """Recall of each edit, and the precision over all pairs that were put together."""
    originals = stories(folder)
    table = Table("edit", "copies", "found", "recall", "pairs together", "wrong", "precision", box=None)
    total = Found()
    for edit in track(edits.EDITS, "storing copies", console=err, transient=True):
        found = score(edit, originals)
        total = Found(
            asked=total.asked + found.asked,
            found=total.found + found.found,
            pairs=total.pairs + found.pairs,
            wrong=total.wrong + found.wrong,
        )
        table.add_row(edit.__name__.replace("_", " "), *_cells(found))
    table.add_section()
    table.add_row("all", *_cells(total), style="bold")
    table.caption = (
        f"{len(originals)} texts, {ROUNDS} copies of each with each edit, {REUSED:.0%} of the text reused or "
        f"more; among {OF_A_SCHEME} articles of each of {len(schemes.SCHEMES)} schemes"
    )
    return table


def _cells(found: Found) -> tuple[str, ...]:
    recall, precision = found.found / max(found.asked, 1), 1 - found.wrong / max(found.pairs, 1)
    numbers = (found.asked, found.found, f"{recall:.4f}", found.pairs, found.wrong, f"{precision:.4f}")
    return tuple(map(str, numbers))


def growth(most: int) -> Table:
    """CPU an article, and the size of the index, as the archive grows to `most` articles."""
    table = Table("articles", "sketch", "place", "together", "in clusters", "index MB", box=None)
    steps = [step for step in STEPS if step <= most] or [most]
    with shelf.temporary_archive() as engine:
        meter = Meter(engine)
        for step in steps:
            meter.grow(step - WINDOW)
            measured = meter.grow(step)
            table.add_row(f"{step:,}", *measured)
            err.print(f"{step:,}", *measured)
    table.caption = "CPU ms an article of 400 words; 1 in 5 is a copy, 1 in 20 of a scheme"
    return table


class Meter:
    """Fills an archive, and takes the time that copies cost in it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.articles = 0
        self.prose = Prose(random.Random(1))
        with writing(engine) as connection:
            self.source_id = shelf.add_source(connection, "benchmark")

    def grow(self, to: int) -> tuple[str, ...]:
        """Add articles until there are `to`: milliseconds for each, share of copies, size of the index."""
        number, reading, placing = to - self.articles, 0.0, 0.0
        while self.articles < to:
            texts = list(islice(self.prose, min(GROUP, to - self.articles)))
            with writing(self.engine) as connection:
                ids = shelf.add_articles(connection, self.source_id, self.articles + 1, texts)
                folded = [words(text) for text in texts]  # what the hash of the text is made of, too
                start = time.process_time()
                sketches = [sketch(text) for text in folded]
                reading += time.process_time() - start
                start = time.process_time()
                for article_id, values in zip(ids, sketches, strict=True):
                    clusters.place(connection, article_id, values, at=NOW)
                end = time.process_time()
                placing += end - start
            self.articles += len(ids)
        with self.engine.connect() as connection:
            return (*_per_article(reading, placing, number), *_sizes(connection, self.articles))


def _per_article(reading: float, placing: float, number: int) -> Iterator[str]:
    for seconds in (reading, placing, reading + placing):
        yield f"{1000 * seconds / max(number, 1):.3f}"


def _sizes(connection: Connection, articles: int) -> tuple[str, str]:
    """The share of articles that are in a cluster, and the megabytes of the index of sketches."""
    copies = connection.scalar(select(func.count()).select_from(copy)) or 0
    pages = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    size = connection.exec_driver_sql("SELECT count(*) FROM dbstat WHERE name = 'sketch'").scalar_one()
    return f"{copies / articles:.0%}", f"{size * pages / 1e6:.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--growth", action="store_true", help="measure the cost instead")
    parser.add_argument("--to", type=int, default=1_000_000, help="articles at the end of --growth")
    arguments = parser.parse_args()
    if arguments.growth:
        Console().print(growth(arguments.to))
        return 0
    if arguments.folder is None or not (arguments.folder / "truth.jsonl").is_file():
        print("error: name a folder with a truth.jsonl, or --growth", file=sys.stderr)
        return 2
    Console().print(quality(arguments.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
