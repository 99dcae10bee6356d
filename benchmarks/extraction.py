"""Score our extraction on a folder of pages with answers, beside plain trafilatura, and time both.

    python benchmarks/extraction.py FOLDER [--bare] [--write predictions.jsonl] [--scorer score.py]

FOLDER holds `truth.jsonl` (one object a page: id, url, title, authors, published, summary, sections,
images, tags) and `pages/<id>.html` or `.html.gz`.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bareness
import scoring
import trafilatura
from rich.console import Console
from rich.progress import track
from rich.table import Table

from crawler.extraction import extract
from storage.records import Article, article_to_json

Record = dict[str, Any]
Reader = Callable[[bytes, str], Record]


def ours(html: bytes, url: str) -> Record:
    """Our article in the scorer's terms."""
    return prediction(extract(html, url))


def plain_trafilatura(html: bytes, url: str) -> Record:
    """trafilatura with its metadata, as its documentation has it."""
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    if found is None:
        return {}
    return {
        "title": found.title,
        "authors": (found.author or "").split("; "),
        "published": found.date,
        "body": found.text,
        "headings": ["".join(head.itertext()) for head in found.body.iter("head")],
        "tags": found.tags,
        "description": found.description,
    }


READERS: dict[str, Reader] = {"newsarchive": ours, "trafilatura": plain_trafilatura}


def prediction(article: Article) -> Record:
    """`article` under the names that the scorer knows."""
    known = article_to_json(article)
    return {
        "title": known["headline"],
        "authors": known["authors"],
        "published": known["date_published"],
        "body": known["body"],
        "headings": known["headings"],
        "images": [
            {"url": i["url"], "caption": i["caption"], "credit": i["credit_line"], "alt": i["alt_text"]}
            for i in known["images"]
        ],
        "tags": known["keywords"],
        "description": known["description"],
    }


def pages(folder: Path, *, bare: bool) -> Iterator[tuple[Record, bytes]]:
    """Each page's answers and bytes."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        truths = [json.loads(line) for line in lines if line.strip()]
    for truth in track(truths, "reading", console=Console(stderr=True), transient=True):
        html = page_bytes(folder / "pages" / truth["id"])
        yield truth, bareness.strip(html) if bare else html


def page_bytes(stem: Path) -> bytes:
    """The page at `stem`.html or `stem`.html.gz."""
    plain = stem.with_name(stem.name + ".html")
    return (
        plain.read_bytes()
        if plain.exists()
        else gzip.decompress(plain.with_name(plain.name + ".gz").read_bytes())
    )


def run(folder: Path, *, bare: bool) -> tuple[list[Record], dict[str, list[Record]], dict[str, list[float]]]:
    """The answers, each reader's predictions, and its CPU seconds, page by page, side by side."""
    truths: list[Record] = []
    given: dict[str, list[Record]] = {name: [] for name in READERS}
    seconds: dict[str, list[float]] = {name: [] for name in READERS}
    for place, (truth, html) in enumerate(pages(folder, bare=bare)):
        truths.append(truth)
        for name, reader in READERS.items():
            if place == 0:
                reader(html, truth["url"])  # the first page loads tables and models
            start = time.process_time()
            found = reader(html, truth["url"])
            seconds[name].append(time.process_time() - start)
            given[name].append({"id": truth["id"], **found})
    return truths, given, seconds


def load_scorer(path: Path) -> Callable[[list[Record], list[Record]], tuple[dict[str, float], list[Record]]]:
    """A scorer from a file with `score_all(truths, {id: prediction}) -> (totals, rows)`."""
    spec = importlib.util.spec_from_file_location("given_scorer", path)
    if spec is None or spec.loader is None:
        sys.exit(f"error: no Python file: {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda truths, given: module.score_all(truths, {page["id"]: page for page in given})


def own_scorer(truths: list[Record], given: list[Record]) -> tuple[dict[str, float], list[Record]]:
    """Totals and the rows of each page."""
    rows = [scoring.page_figures(truth, page) for truth, page in zip(truths, given, strict=True)]
    return scoring.totals(rows), rows


def show(title: str, results: dict[str, dict[str, float]], seconds: dict[str, list[float]]) -> None:
    """Print the table: a row a figure, a column a reader."""
    table = Table("figure", *results, title=title)
    for figure in scoring.FIGURES:
        if any(figure in totals for totals in results.values()):
            table.add_row(figure, *(f"{totals.get(figure, 0):.3f}" for totals in results.values()))
    table.add_section()
    spent = {name: [1000 * s for s in seconds[name]] for name in results}
    table.add_row("CPU ms a page, median", *(f"{statistics.median(ms):.1f}" for ms in spent.values()))
    table.add_row("CPU ms a page, mean", *(f"{statistics.mean(ms):.1f}" for ms in spent.values()))
    yardstick = sum(spent["trafilatura"])
    table.add_row("CPU of trafilatura's", *(f"{sum(ms) / yardstick:.0%}" for ms in spent.values()))
    Console().print(table)


def write_lines(path: Path, records: list[Record]) -> None:
    """`records` as JSON Lines."""
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bare", action="store_true", help="strip JSON-LD, meta, microdata and RDFa first")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write our predictions here, JSON Lines")
    parser.add_argument(
        "--per-page", type=Path, metavar="FILE", help="write our figures of each page, JSON Lines"
    )
    parser.add_argument(
        "--scorer", type=Path, metavar="FILE", help="score with this score.py instead of our own"
    )
    options = parser.parse_args()
    scorer = load_scorer(options.scorer) if options.scorer else own_scorer
    truths, given, seconds = run(options.folder, bare=options.bare)
    scored = {name: scorer(truths, predictions) for name, predictions in given.items()}
    show(
        f"{len(truths)} pages" + (", bare" if options.bare else ""),
        {name: totals for name, (totals, _) in scored.items()},
        seconds,
    )
    if options.write:
        write_lines(options.write, given["newsarchive"])
    if options.per_page:
        write_lines(options.per_page, scored["newsarchive"][1])


if __name__ == "__main__":
    main()
