"""`newsarchive explain`: where each field of an article comes from, and what speaks against it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from crawler.cli.archive import AsJson, found
from crawler.cli.extract import source_named
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.evidence import conflicts
from storage.records import Article, Candidate

if TYPE_CHECKING:
    from crawler.sources import Source

CHOSEN, AGREES, OBJECTS = Text("✓", "bold green"), Text(""), Text("≠", "bold red")


@with_options
def explain(
    options: Options,
    article: Annotated[
        str, typer.Argument(metavar="ID|URL|FILE", help="An article's id or address, or a page.")
    ],
    url: Annotated[str | None, typer.Option("--url", help="Of a FILE: where the page was.")] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", help="Of a FILE: read it as a page of this source in sources.toml."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a page offered for each field, where that stood, and which was chosen.

    ✓ is what was chosen, ≠ what says something else. Of an article in the archive it is what its
    page said when it was read; of a FILE, what it says today.

    Examples:  newsarchive explain 17
               newsarchive explain page.html --url https://example.org/story
    """
    is_file = Path(article).is_file()
    publisher = source_named(source, options.sources) if source else None
    wanted = _read(Path(article), url, publisher) if is_file else _archived(options.database, article)
    if as_json:
        print(json.dumps(_as_json(wanted), ensure_ascii=False, indent=2))
        return
    from crawler.cli import screen

    screen.out.print(Text(wanted.canonical_url, "dim"))
    screen.out.print(evidence_table(wanted.evidence))


def _read(file: Path, url: str | None, source: Source | None) -> Article:
    from crawler.cli import saved_pages
    from crawler.extraction import NOTHING, Hints
    from crawler.replay.page_list import read_page

    url = url or (source.home_page if source else None)
    if url is None:
        raise UsageError("--url is missing: give the address that the page came from, or --source")
    return saved_pages.read_one(read_page(file), url, Hints.of(source) if source else NOTHING)


def _archived(database: str, wanted: str) -> Article:
    with Archive.open(database) as archive:
        return found(archive, wanted).article


def evidence_table(evidence: Iterable[Candidate]) -> Table:
    """The candidates, field by field, each with where it stood."""
    evidence = tuple(evidence)
    objecting = conflicts(evidence)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("field", "", "value", "from"):
        table.add_column(title, overflow="fold")
    last = ""
    for candidate in evidence:
        if last and candidate.field != last:
            table.add_section()
        mark = CHOSEN if candidate.chosen else OBJECTS if candidate in objecting else AGREES
        style = "bold" if candidate.chosen else ""
        name = candidate.field if candidate.field != last else ""
        table.add_row(Text(name, "cyan"), mark, Text(candidate.value, style), _whence(candidate))
        last = candidate.field
    return table


def _whence(candidate: Candidate) -> Text:
    """Where a candidate stood, and below it why it was chosen."""
    text = Text(candidate.origin)
    if candidate.path:
        text.append(f"  {candidate.path}", "dim")
    if candidate.rule:
        text.append(f"\n{candidate.rule}", "green dim")
    return text


def _as_json(article: Article) -> dict[str, list[dict[str, object]]]:
    """{field: [{value, origin, path, chosen, rule, conflicts}]}"""
    objecting = conflicts(article.evidence)
    fields: dict[str, list[dict[str, object]]] = {}
    for candidate in article.evidence:
        fields.setdefault(candidate.field, []).append(
            {
                "value": candidate.value,
                "origin": candidate.origin,
                "path": candidate.path,
                "chosen": candidate.chosen,
                "rule": candidate.rule,
                "conflicts": candidate in objecting,
            }
        )
    return fields
