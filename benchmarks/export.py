"""What exports cost: time, memory and size of each format, on an archive of generated articles.

    python benchmarks/export.py --articles 100000 [--markdown]

Each format runs in a process of its own, so that the peak of memory is its own. The articles have some 400
words, a byline, two keywords and two pictures.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import shelf
from prose import Prose
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Connection, insert, update

from storage import Archive
from storage.database import open_engine, writing
from storage.export import Request, What, export
from storage.models import byline, image, keyword, person, version

GROUP = 500  # articles in a transaction
WRITERS = 200
ASKED = {
    "jsonl": Request(format="jsonl", output=Path("out.jsonl")),
    "jsonl.gz": Request(format="jsonl", output=Path("out.jsonl.gz")),
    "jsonl.zst": Request(format="jsonl", output=Path("out.jsonl.zst")),
    "csv": Request(format="csv", output=Path("out.csv")),
    "parquet": Request(format="parquet", output=Path("out.parquet")),
    "parquet by source, day": Request(format="parquet", output=Path("parts"), partition=("source", "day")),
    "tei, one file": Request(format="tei", output=Path("out.xml")),
    "text, a folder": Request(format="text", output=Path("texts")),
    "captions as csv": Request(format="csv", what=What.CAPTIONS, output=Path("captions.csv")),
}


def fill(path: Path, number: int) -> None:
    """An archive of that many articles."""
    engine = open_engine(str(path))
    prose = Prose(random.Random(1))
    with writing(engine) as connection:
        source_id = shelf.add_source(connection, "benchmark")
        names = [{"id": n, "name": f"Writer {n}", "folded": f"writer {n}"} for n in range(1, WRITERS + 1)]
        connection.execute(insert(person), names)
    for start in track(range(1, number + 1, GROUP), "filling", console=Console(stderr=True)):
        with writing(engine) as connection:
            texts = list(islice(prose, min(GROUP, number + 1 - start)))
            _dress(connection, shelf.add_articles(connection, source_id, start, texts), texts)
    engine.dispose()


def _dress(connection: Connection, ids: list[int], texts: list[str]) -> None:
    """Give versions (which have the ids of their articles) blocks, names, pictures and keywords."""
    for one, text in zip(ids, texts, strict=True):
        blocks = [{"kind": "paragraph", "text": part} for part in text.split("\n\n")]
        told = {"headline": text[:60], "blocks": blocks, "in_language": "en"}
        connection.execute(update(version).where(version.c.id == one).values(**told))
    named = [{"version_id": n, "position": 0, "person_id": n % WRITERS + 1, "role": "writer"} for n in ids]
    connection.execute(insert(byline), named)
    pairs = [(n, place) for n in ids for place in (0, 1)]
    words = [{"version_id": n, "position": place, "keyword": f"tag {n % 50 + place}"} for n, place in pairs]
    connection.execute(insert(keyword), words)
    pictures = [
        {
            "version_id": n,
            "position": place,
            "url": f"https://i.example/{n}-{place}.jpg",
            "caption": f"What picture {n} shows, in the ten words of a caption.",
            "credit_line": "Wire",
            "is_lead": place == 0,
        }
        for n, place in pairs
    ]
    connection.execute(insert(image), pictures)


def run_one(database: str, name: str) -> dict[str, float]:
    """One export in the working folder: seconds, CPU seconds, peak MB, MB written."""
    request = ASKED[name]
    start, cpu = time.perf_counter(), time.process_time()
    with Archive.open(database) as archive:
        number = export(archive, request)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    assert request.output
    files = [p for p in (request.output, *request.output.rglob("*")) if p.is_file()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(p.stat().st_size for p in files) / 1e6
    return {"records": number, "seconds": seconds, "cpu": cpu, "peak": peak, "size": size}


def measure(database: Path, name: str) -> dict[str, float]:
    """`run_one` in a process of its own."""
    with tempfile.TemporaryDirectory(dir=database.parent) as folder:
        line = [sys.executable, __file__, "--one", name, "--database", str(database)]
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--markdown", action="store_true", help="print README's table")
    parser.add_argument("--one", choices=ASKED, help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(run_one(arguments.database, arguments.one)))
        return
    table = Table("format", "records", "seconds", "CPU s", "peak MB", "size MB", box=None)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "archive.db"
        fill(database, arguments.articles)
        for name in ASKED:
            result = measure(database, name)
            cells = (name, *(f"{result[key]:,.0f}" for key in ("records", "seconds", "cpu", "peak", "size")))
            table.add_row(*cells)
            print(*(f"| {cell} " for cell in cells), "|", sep="", flush=True, file=sys.stderr)
            if arguments.markdown:
                print(*(f"| {cell} " for cell in cells), "|", sep="", flush=True)
    if not arguments.markdown:
        Console().print(table)


if __name__ == "__main__":
    main()
