"""Put the commands together; turn our errors into one line and an exit code."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from crawler.cli import archive, crawl, demo, extract, sources
from crawler.cli.exit_codes import FAILED, MISUSED
from storage.errors import ArchiveError, UsageError

EPILOG = (
    "Settings are taken from flags, then the environment (NEWSARCHIVE_DATABASE, NEWSARCHIVE_SOURCES, "
    "NEWSARCHIVE_ALLOW_PRIVATE, NEWSARCHIVE_CONTACT), then defaults. "
    "Exit codes: 0 done, 1 failed, 2 a flag, query, source or file is wrong, 130 interrupted."
)

app = typer.Typer(
    name="newsarchive",
    help="Crawl news sites into an archive that can be searched, and that accounts for every URL.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("crawl")(crawl.crawl)
app.command("add")(sources.add)
app.command("sources")(sources.sources)
app.command("search")(archive.search)
app.command("show")(archive.show)
app.command("export")(archive.export)
app.command("status")(archive.status)
app.command("extract")(extract.extract)
app.command("demo")(demo.demo)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"newsarchive {installed_version('newsarchive')}")
        raise typer.Exit


@app.callback()
def newsarchive(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Crawl news sites into an archive that can be searched, and that accounts for every URL."""


def main() -> None:
    """Run the command; errors of ours are one line on standard error."""
    try:
        app()
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(MISUSED)
    except ArchiveError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(FAILED)
    except BrokenPipeError:  # `newsarchive export | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
