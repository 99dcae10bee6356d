"""`newsarchive explain`: where each field of an article comes from, and what speaks against it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from crawler.cli.archive import AsJson, found
from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.evidence import conflicts
from storage.records import Article, Candidate

CHOSEN, AGREES, OBJECTS = Text("✓", "bold green"), Text(""), Text("≠", "bold red")


@with_options
def explain(
    options: Options,
    article: Annotated[
        str, typer.Argument(metavar="ID|URL|FILE", help="An article's id or address, or a page.")
    ],
    url: Annotated[str | None, typer.Option("--url", help="Of a FILE: where the page was.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a page offered for each field, where that stood, and which was chosen.

    ✓ is what was chosen, ≠ what says something else. Of an article in the archive it is what its
    page said when it was read; of a FILE, what it says today.

    Examples:  newsarchive explain 17
               newsarchive explain page.html --url https://example.org/story
    """
    wanted = _read(Path(article), url) if Path(article).is_file() else _archived(options.database, article)
    if as_json:
        print(json.dumps(_as_json(wanted), ensure_ascii=False, indent=2))
        return
    from crawler.cli import screen

    screen.out.print(Text(wanted.canonical_url, "dim"))
    screen.out.print(evidence_table(wanted.evidence))


def _read(file: Path, url: str | None) -> Article:
    from crawler.cli import saved_pages
    from crawler.extraction import extract

    if url is None:
        raise UsageError("--url is missing: give the address that the page came from")
    return extract(saved_pages.read_page(file), url)


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
        table.add_row(Text(name, "cyan"), mark, Text(candidate.value, style), Text(candidate.origin, "dim"))
        last = candidate.field
    return table


def _as_json(article: Article) -> dict[str, list[dict[str, object]]]:
    """{field: [{value, origin, chosen, conflicts}]}"""
    objecting = conflicts(article.evidence)
    fields: dict[str, list[dict[str, object]]] = {}
    for candidate in article.evidence:
        fields.setdefault(candidate.field, []).append(
            {
                "value": candidate.value,
                "origin": candidate.origin,
                "chosen": candidate.chosen,
                "conflicts": candidate in objecting,
            }
        )
    return fields
