"""`newsarchive demo`: a fictional newspaper, crawled with the real code, and what came of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.exit_codes import FAILED

if TYPE_CHECKING:
    from crawler.demo import Advance
    from storage.records import ArchivedArticle

ARCHIVE, SOURCES = "archive.db", "sources.toml"
SEARCH = '"rare earths"'  # told by both outlets, once as wire copy
GO_ON = (
    "status",
    "search 'harvest OR Ernte OR cosecha OR 収穫'",
    "search ferry --author holt",
    "show 1",
    "verify",
    "export --format csv --language ja",
)


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where the demo's archive and sources go.", file_okay=False)
    ] = Path("demo-archive"),
) -> None:
    """Serve a fictional newspaper on this machine, crawl it twice, and show what was found.

    Nothing leaves this machine: two outlets answer on two ports of 127.0.0.1,
    in English, German, Spanish and Japanese, with pages as the web has them.
    Between the crawls one article is edited, one is taken down and two appear.
    """
    from crawler.demo import Newspaper

    _empty(folder)
    shop = Workshop(folder)
    with Newspaper() as paper:
        _say("Two newspapers are served on this machine; this is what they offer")
        for outlet in paper.outlets:
            shop.run("add", outlet.home_page, "--slug", outlet.slug)
        names = [outlet.slug for outlet in paper.outlets]
        _say("The first crawl")
        shop.run("crawl", *names)
        change = paper.advance()
        _say(_told(change))
        shop.run("crawl", *names, "--again", "1")
    _say("The article that was edited: its versions, and what changed in the last")
    for story in change.edited:
        shop.run("history", story.url)
        shop.run("diff", story.url)
    _say("The article that was taken down stays in the archive")
    for story in change.removed:
        shop.run("history", story.url)
    _say("One article in full")
    shop.run("show", shop.best_article())
    _say(f"A search for {SEARCH}")
    shop.run("search", SEARCH, "--unique", "--limit", "3")
    _say("One agency's text in two newspapers")
    shop.run("copies", shop.shortened_article())
    _say("Go on with")
    for command in GO_ON:
        print(f"  newsarchive {command} --database {shop.database}")
    query = "SELECT caption, credit_line FROM captions WHERE credit_line IS NOT NULL"
    print(f"  sqlite3 {shop.database} '{query}'")


class Workshop:
    """Runs commands on the demo's own archive, as a person would at a terminal."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / ARCHIVE
        self.sources = folder / SOURCES

    def run(self, *arguments: str) -> None:
        """Run `newsarchive` with `arguments` in a process of its own; the demo ends where it fails."""
        places = ("--database", str(self.database), "--sources", str(self.sources), "--allow-private")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", "crawler", *arguments, *places], check=False)  # noqa: S603
        if done.returncode:
            raise typer.Exit(FAILED)

    def best_article(self) -> str:
        """The id of the article that has most to show."""
        from storage import Archive

        with Archive.open(str(self.database)) as archive:
            return str(max(archive.articles(), key=_richness).id)

    def shortened_article(self) -> str:
        """The id of the article that was made by cutting most from another one."""
        from storage import Archive

        with Archive.open(str(self.database)) as archive:
            clusters = [found for item in archive.articles() if (found := archive.copies(item.id))]
        words = {c.article_id: c.word_count for found in clusters for c in found.copies}
        return str(min(words, key=lambda article_id: words[article_id]))


def _richness(item: ArchivedArticle) -> int:
    """Captions with credits, headings, names and a standfirst, counted."""
    article = item.article
    credited = sum(2 for image in article.images if image.caption and image.credit_line)
    return credited + len(article.headings) + len(article.bylines) + bool(article.description) + item.version


def _told(change: Advance) -> str:
    numbers = f"{len(change.edited)} edited, {len(change.removed)} taken down, {len(change.published)} new"
    return f"Later the same day: {numbers}. All of the day is looked at again"


def _empty(folder: Path) -> None:
    from storage.captures.folder import default_folder

    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob(f"{ARCHIVE}*"), folder / SOURCES):
        old.unlink(missing_ok=True)
    shutil.rmtree(default_folder(str(folder / ARCHIVE)), ignore_errors=True)


def _say(text: str) -> None:
    from rich.rule import Rule

    from crawler.cli import screen

    screen.out.print()
    screen.out.print(Rule(text, align="left", style="bold"))
