"""Score our extraction on a folder of pages with answers, beside other extractors, and time all of them.

    python benchmarks/extraction.py FOLDER [--bare] [--markdown] [--readers trafilatura,goose3]
        [--write predictions.jsonl] [--scorer score.py]

FOLDER holds `truth.jsonl` (one object a page: id, url, title, authors, published, summary, sections,
images, tags) and `pages/<id>.html` or `.html.gz`. `pip install -e '.[bench]'` installs the other extractors;
trafilatura, the yardstick, is always there.
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

import bareness
import peers
import scoring
from peers import Reader, Record
from rich.console import Console
from rich.progress import track
from rich.table import Table

from crawler.extraction import extract
from storage.records import Article, article_to_json

OURS, YARDSTICK = "newsarchive", "trafilatura"
# What README shows, in its words.
SHOWN = {
    "body, F1 of 4-word shingles": "body_f1_page",
    "paragraphs, precision": "para_p",
    "paragraphs, recall": "para_r",
    "sub-headings, F1": "headings_f1",
    "standfirst": "standfirst",
    "headline": "title_fuzzy",
    "authors, all right": "authors_exact",
    "date, the day": "date_day",
    "date, the instant": "date_instant",
    "captions, F1": "caption_f1",
    "credits": "credit",
    "tags, F1": "tags_f1",
}
Totals = dict[str, float]


def ours(html: bytes, url: str) -> Record:
    """Our article in the scorer's terms."""
    return prediction(extract(html, url))


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


def run(
    folder: Path, readers: dict[str, Reader], *, bare: bool
) -> tuple[list[Record], dict[str, list[Record]], dict[str, list[float]]]:
    """The answers, each reader's predictions, and its CPU seconds, page by page, side by side."""
    truths: list[Record] = []
    given: dict[str, list[Record]] = {name: [] for name in readers}
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for place, (truth, html) in enumerate(pages(folder, bare=bare)):
        truths.append(truth)
        for name, reader in readers.items():
            if place == 0:
                attempt(reader, html, truth["url"])  # the first page loads tables and models
            start = time.process_time()
            found = attempt(reader, html, truth["url"])
            seconds[name].append(time.process_time() - start)
            given[name].append({"id": truth["id"], **found})
    return truths, given, seconds


def attempt(reader: Reader, html: bytes, url: str) -> Record:
    """What `reader` gives; where it raises, that is its answer, and it has found nothing."""
    try:
        return reader(html, url)
    except Exception as error:
        return {"raised": f"{type(error).__name__}: {' '.join(str(error).split())}"[:120]}


def tell_failures(given: dict[str, list[Record]]) -> None:
    """Say which readers raised, how often, and the first time why."""
    for name, predictions in given.items():
        raised = [page["raised"] for page in predictions if "raised" in page]
        if raised:
            print(f"{name} raised on {len(raised)} pages, first: {raised[0]}", file=sys.stderr)


def load_scorer(path: Path) -> Callable[[list[Record], list[Record]], tuple[Totals, list[Record]]]:
    """A scorer from a file with `score_all(truths, {id: prediction}) -> (totals, rows)`."""
    spec = importlib.util.spec_from_file_location("given_scorer", path)
    if spec is None or spec.loader is None:
        sys.exit(f"error: no Python file: {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda truths, given: module.score_all(truths, {page["id"]: page for page in given})


def own_scorer(truths: list[Record], given: list[Record]) -> tuple[Totals, list[Record]]:
    """Totals and the rows of each page."""
    rows = [scoring.page_figures(truth, page) for truth, page in zip(truths, given, strict=True)]
    return scoring.totals(rows), rows


def show(title: str, results: dict[str, Totals], seconds: dict[str, list[float]]) -> None:
    """Print the table: a row a figure, a column a reader."""
    table = Table("figure", *results, title=title)
    for figure in scoring.FIGURES:
        if any(figure in totals for totals in results.values()):
            table.add_row(figure, *(cell(totals, figure) for totals in results.values()))
    table.add_section()
    spent = [[1000 * s for s in seconds[name]] for name in results]
    table.add_row("CPU ms a page, median", *(f"{statistics.median(ms):.1f}" for ms in spent))
    table.add_row("CPU ms a page, mean", *(f"{statistics.mean(ms):.1f}" for ms in spent))
    table.add_row("CPU of trafilatura's", *shares(results, seconds))
    Console().print(table)


def markdown(title: str, results: dict[str, Totals], seconds: dict[str, list[float]]) -> None:
    """Print README's table."""
    rows = [[title, *results], ["---"] * (len(results) + 1)]
    rows += [[words, *(cell(t, figure) for t in results.values())] for words, figure in SHOWN.items()]
    rows.append(["CPU, of trafilatura's with metadata", *shares(results, seconds)])
    for row in rows:
        print(f"| {' | '.join(row)} |")


def cell(totals: Totals, figure: str) -> str:
    """A figure; a dash for what a reader never gives."""
    return f"{totals[figure]:.3f}" if totals.get(figure) else "–"


def shares(results: dict[str, Totals], seconds: dict[str, list[float]]) -> Iterator[str]:
    """The CPU time of each reader as a share of the yardstick's."""
    return (f"{sum(seconds[name]) / sum(seconds[YARDSTICK]):.0%}" for name in results)


def write_lines(path: Path, records: list[Record]) -> None:
    """`records` as JSON Lines."""
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")


def named_readers(text: str) -> list[str]:
    """The names in `--readers`, the yardstick among them."""
    names = [name.strip() for name in text.split(",") if name.strip() != OURS]
    unknown = [name for name in names if name not in peers.PEERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no reader {unknown[0]!r}; there are {', '.join(peers.PEERS)}")
    return [YARDSTICK, *(name for name in names if name != YARDSTICK)]


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bare", action="store_true", help="strip JSON-LD, meta, microdata and RDFa first")
    parser.add_argument("--markdown", action="store_true", help="print the table as README has it")
    parser.add_argument(
        "--readers",
        type=named_readers,
        default=list(peers.PEERS),
        metavar="NAMES",
        help=f"measure ours beside these, parted by commas; of {', '.join(peers.PEERS)} (default: all)",
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write our predictions here, JSON Lines")
    parser.add_argument(
        "--per-page", type=Path, metavar="FILE", help="write our figures of each page, JSON Lines"
    )
    parser.add_argument(
        "--scorer", type=Path, metavar="FILE", help="score with this score.py instead of our own"
    )
    return parser


def main() -> None:
    """Run from the command line."""
    parser = arguments()
    options = parser.parse_args()
    if not (options.folder / "truth.jsonl").is_file():
        parser.error(f"no truth.jsonl in {options.folder}")
    scorer = load_scorer(options.scorer) if options.scorer else own_scorer
    readers = {OURS: ours, **peers.installed(options.readers)}
    peers.keep_to_the_page()
    truths, given, seconds = run(options.folder, readers, bare=options.bare)
    tell_failures(given)
    scored = {name: scorer(truths, predictions) for name, predictions in given.items()}
    (markdown if options.markdown else show)(
        f"share right, {len(truths)} pages" + (" without hints" if options.bare else ""),
        {name: totals for name, (totals, _) in scored.items()},
        seconds,
    )
    if options.write:
        write_lines(options.write, given[OURS])
    if options.per_page:
        write_lines(options.per_page, scored[OURS][1])


if __name__ == "__main__":
    main()
