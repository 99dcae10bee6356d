"""The table of commands: each one's module is imported when it is the one that runs.

So `newsarchive --help` reads this table and nothing else. A test holds its lines
to what the commands say of themselves.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Line(NamedTuple):
    """A command as the list of commands shows it, and where it is."""

    name: str
    place: str
    # The module in this package and the name in it: a function, or a Typer of further commands.
    help: str
    # As the first sentence of its own help.

    def load(self) -> Any:
        """The command itself, as typer makes it."""
        module, _, name = self.place.partition(":")
        found = getattr(import_module(f"crawler.cli.{module}"), name)
        around = typer.Typer(rich_markup_mode="rich")
        if isinstance(found, typer.Typer):
            around.add_typer(found, name=self.name)
        else:
            around.command(self.name)(found)
        return typer.main.get_group(around).commands[self.name]


TABLE = (
    Line(
        "crawl",
        "crawl:crawl",
        "Find what is new on news sites, fetch and read it, and store it in the archive.",
    ),
    Line("schedule", "schedule:schedule", "Keep all sources of sources.toml up to date, until you stop it."),
    Line("next", "schedule:next_", "Show when each source is crawled next, and why then."),
    Line(
        "pause",
        "schedule:pause",
        "Let the scheduler leave a source alone until `newsarchive resume`; a crawl that runs goes on.",
    ),
    Line("resume", "schedule:resume", "Let the scheduler crawl a paused source again."),
    Line(
        "add", "sources:add", "Look what a site offers and write it into sources.toml, keeping what is there."
    ),
    Line(
        "sources",
        "sources:sources",
        "List the sources in sources.toml, or write them as OPML for feed readers.",
    ),
    Line(
        "search",
        "archive:search",
        "Search headlines, standfirsts, bodies, captions, bylines and keywords, best first.",
    ),
    Line(
        "show",
        "archive:show",
        "Show one article in full: text, byline, dates, each picture with caption, credit, alt text "
        "and file.",
    ),
    Line(
        "history",
        "history:history",
        "List an article's versions and all that happened to it: edits, removal, paywall, redirects.",
    ),
    Line(
        "diff",
        "history:diff",
        "Show what was changed between two versions: words removed and added, in their context.",
    ),
    Line(
        "copies",
        "archive:copies",
        "Show the articles that are made of one text: wire copy, reprints, the same story at two addresses.",
    ),
    Line(
        "coverage",
        "coverage:coverage",
        "Show day by day what was announced, what of it is in the archive, and what became of the rest.",
    ),
    Line(
        "events",
        "events:events",
        "Print what happened to articles, in the order in which it was written, as JSON Lines.",
    ),
    Line(
        "why",
        "why:why",
        "Tell the whole life of an address: who announced it, each attempt to fetch it, and what came of it.",
    ),
    Line(
        "metrics",
        "metrics:metrics",
        "Print the archive's figures as Prometheus reads them, or serve them at an address.",
    ),
    Line(
        "doctor",
        "doctor:doctor",
        "Look at this machine and ask each source once: what is wrong, and what to do about it.",
    ),
    Line("status", "status:status", "Show each source at a glance, the worst first: is it as it usually is?"),
    Line("alarms", "status:alarms", "Show the alarms that are raised, the worst first."),
    Line(
        "export",
        "export:export",
        "Write articles, captions or bylines for other programs, with the same filters as search.",
    ),
    Line(
        "counts",
        "counts:counts",
        "Count articles by day, source, language, section or author, with the same filters as search.",
    ),
    Line(
        "people",
        "counts:people",
        "List who is named in bylines: in which roles, in how many articles, from when to when.",
    ),
    Line(
        "datasette",
        "datasette:datasette",
        "Serve the archive with Datasette: views with facets, full-text search, SQL, JSON and CSV "
        "of all of it.",
    ),
    Line(
        "import",
        "import_:import_",
        "Take in pages that others have stored: WARC files (Common Crawl's news, say) and saved pages.",
    ),
    Line(
        "reextract",
        "reextract:reextract",
        "Read stored pages again with today's extractor, on all processors.",
    ),
    Line(
        "remove",
        "removal:remove",
        "Take articles down: every version, pictures, index entries, and the raw bytes in the WARC files.",
    ),
    Line(
        "prune",
        "removal:prune",
        "Take away what a rule says is old enough: raw bytes, and the records of single attempts.",
    ),
    Line(
        "verify",
        "verify:verify",
        "Read the whole archive and say what is wrong with it: tables, search index and raw bytes.",
    ),
    Line(
        "extract",
        "extract:extract",
        "Read articles from saved pages and print them as JSON, without a crawl and without an archive.",
    ),
    Line(
        "explain",
        "explain:explain",
        "Show what a page offered for each field, where that stood, and which was chosen.",
    ),
    Line(
        "demo",
        "demo:demo",
        "Serve a fictional newspaper on this machine, crawl it twice, and show what was found.",
    ),
    Line(
        "db",
        "database:app",
        "Look after the archive's database: upgrade it, back it up, bring it to another one.",
    ),
)
LINES = {line.name: line for line in TABLE}


class Commands(TyperGroup):
    """Commands that are loaded when they are called; their list and the hints need the table alone."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for line in TABLE:
            self.add_command(TyperCommand(line.name, help=line.help))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """What is called, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, LINES[name].load() if name else command, rest
