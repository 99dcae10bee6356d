"""`newsarchive demo`: a fictional newspaper, crawled with the real code, and what came of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.exit_codes import FAILED

SHOWN_WORDS = '"rare earths"'  # in several of the newspaper's stories, in captions too


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where the demo's archive goes.", file_okay=False)
    ] = Path("demo-archive"),
    fresh: Annotated[bool, typer.Option("--fresh/--keep", help="Begin with an empty archive.")] = True,
) -> None:
    """Serve a fictional newspaper on this machine, crawl it, and show what was found.

    Nothing leaves this machine: two outlets answer on two ports of 127.0.0.1,
    in English, German, Spanish and Japanese, with pages as the web has them.
    """
    from crawler.demo import Newspaper

    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "archive.db"
    if fresh:
        for file in folder.glob("archive.db*"):
            file.unlink()
    with Newspaper() as paper:
        homes = [outlet.home_page for outlet in paper.outlets]
        _say(f"A fictional newspaper is served at {' and '.join(homes)}")
        _run("crawl", *homes, "--allow-private", database=database)
        _say("The same crawl again: only what is new is fetched, and nothing is")
        _run("crawl", *homes, "--allow-private", database=database)
    _say("One article in full")
    _run("show", _an_article(database), database=database)
    _say(f"A search for {SHOWN_WORDS}")
    _run("search", SHOWN_WORDS, "--limit", "3", database=database)
    _say("Go on with")
    for command in ("status", "search 'harvest OR Ernte OR 収穫'", "show 1", "export --format csv"):
        print(f"  newsarchive {command} --database {database}")
    print(f"  sqlite3 {database} 'SELECT caption, credit_line FROM captions'")  # noqa: S608 - to be read


def _say(text: str) -> None:
    from rich.rule import Rule

    from crawler.cli import screen

    screen.out.print()
    screen.out.print(Rule(text, align="left", style="bold"))


def _run(*arguments: str, database: Path) -> None:
    """Run newsarchive as a person would: a crawl's event loop serves one crawl a process."""
    command = [sys.executable, "-m", "crawler", *arguments, "--database", str(database)]
    sys.stdout.flush()
    if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own command
        raise typer.Exit(FAILED)


def _an_article(database: Path) -> str:
    """The id of the article that has most to show: captions with credits, headings, names, a standfirst."""
    from storage import Archive

    def shows(item: object) -> int:
        article = item.article  # type: ignore[attr-defined]
        credits = sum(2 for image in article.images if image.caption and image.credit_line)
        return credits + len(article.headings) + bool(article.description) + len(article.bylines)

    with Archive.open(str(database)) as archive:
        return str(max(archive.articles(), key=shows).id)
