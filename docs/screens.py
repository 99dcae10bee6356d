"""Take the pictures of terminal screens in README: run the real commands on the demo newspaper.

python docs/screens.py            # writes docs/images/*.svg
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from crawler.demo import Newspaper

IMAGES = Path(__file__).parent / "images"
WIDTH = 100


def command(*arguments: str, folder: str) -> str:
    """What `newsarchive` shows in a colour terminal."""
    environment = {
        **os.environ,
        "COLUMNS": str(WIDTH),
        "FORCE_COLOR": "1",
        "NEWSARCHIVE_ALLOW_PRIVATE": "1",
        "NEWSARCHIVE_DATABASE": f"{folder}/archive.db",
        "NEWSARCHIVE_SOURCES": f"{folder}/sources.toml",
    }
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.replace(folder, "~").rstrip()


def picture(name: str, shown: str, output: str) -> None:
    """Write one screen: the command as it was typed, and what it showed."""
    screen = Console(width=WIDTH, record=True, file=io.StringIO())
    screen.print(Text(f"$ newsarchive {shown}", "bold"))
    screen.print(Text.from_ansi(output))
    screen.save_svg(str(IMAGES / f"{name}.svg"), title="newsarchive")


def main() -> None:
    """Crawl the newspaper and take each screen."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Newspaper() as paper:
        for outlet in paper.outlets:
            command("add", outlet.home_page, "--slug", outlet.slug, folder=folder)
        names = [outlet.slug for outlet in paper.outlets]
        picture("crawl", f"crawl {names[0]}", command("crawl", names[0], folder=folder))
        command("crawl", names[1], folder=folder)
        picture("explain", "explain 1", command("explain", "1", folder=folder))
        story = next(
            s for s in paper.stories if s.design == "block" and len(s.images) > 2 and s.language == "en"
        )
        shows = {
            "search": ("search '\"rare earths\"' --limit 3", ("search", '"rare earths"', "--limit", "3")),
            "show": (f"show {story.path}", ("show", story.url)),
            "status": ("status", ("status",)),
        }
        for name, (shown, arguments) in shows.items():
            picture(name, shown, command(*arguments, folder=folder))
        [edited] = paper.advance().edited
        command("crawl", *names, "--again", "1", folder=folder)
        for name in ("history", "diff"):
            picture(name, f"{name} {edited.path}", command(name, edited.url, folder=folder))


if __name__ == "__main__":
    main()
