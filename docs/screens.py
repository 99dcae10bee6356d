"""Take the pictures of terminal screens in README: run the real commands on the demo newspaper.

python docs/screens.py            # writes docs/images/*.svg
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection, Engine, delete, select, update

from crawler.demo import Newspaper
from storage import runs, sources
from storage.database import open_engine, writing
from storage.health.looks import Look
from storage.health.tallies import add
from storage.health.tally import Tally
from storage.models import run, source, source_day, url

IMAGES = Path(__file__).parent / "images"
WIDTH = 120
QUIET = "harbour-times"


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
    )
    assert done.returncode in (0, 1), done.stderr  # 1: there is something to tell
    return done.stdout.replace(folder, "~").rstrip()


def picture(name: str, shown: str, output: str) -> None:
    """Write one screen: the command as it was typed, and what it showed."""
    screen = Console(width=WIDTH, record=True, file=io.StringIO())
    screen.print(Text(f"$ newsarchive {shown}", "bold"))
    screen.print(Text.from_ansi(output))
    screen.save_svg(str(IMAGES / f"{name}.svg"), title="newsarchive")


def main() -> None:
    """Take each screen."""
    IMAGES.mkdir(exist_ok=True)
    reading()
    operating()


def operating() -> None:
    """What whoever runs an archive sees: real crawls of today, after four weeks that are made up."""
    with tempfile.TemporaryDirectory() as folder, Newspaper() as paper:
        outlets = {outlet.slug: outlet.home_page for outlet in paper.outlets}
        for slug, home_page in outlets.items():
            command("add", home_page, "--slug", slug, folder=folder)
        engine = open_engine(f"{folder}/archive.db")
        now = dt.datetime.now(dt.UTC)
        for slug, home_page in (*outlets.items(), (QUIET, "https://harbour.example/")):
            past(engine, slug, home_page, now)
        quiet(engine, now)
        engine.dispose()
        for slug in outlets:
            command("crawl", slug, folder=folder)
        spread(f"{folder}/archive.db", now)
        command("alarms", "--check", folder=folder)
        first = next(iter(outlets))
        story = next(s for s in paper.stories if s.language == "en")
        picture("status", "status", command("status", folder=folder))
        picture("alarms", "alarms", command("alarms", folder=folder))
        picture("coverage", f"coverage {first}", command("coverage", first, folder=folder))
        picture("why", f"why {story.path}", command("why", story.url, folder=folder))
        picture("doctor", "doctor", command("doctor", folder=folder))


def past(engine: Engine, slug: str, home_page: str, now: dt.datetime) -> None:
    """Four weeks of looks every two hours, with fewer articles at the weekend and none at night."""
    chance = random.Random(slug)
    with writing(engine) as connection:
        source_id = sources.keep_source(connection, slug=slug, name=slug, home_page=home_page)
        for hours in range(28 * 24, 24 if slug != QUIET else 4 * 24, -2):
            at = now - dt.timedelta(hours=hours)
            number = chance.randrange(4) if at.weekday() < 5 else chance.randrange(2)
            number = number if 6 <= at.hour < 22 else 0
            no_byline = sum(chance.random() < 0.1 for _ in range(number))
            tally = Tally(answered=2, announced=number, news=number, pages=number, stored=number)
            tally += Tally(read=number, no_byline=no_byline)
            keep(connection, source_id, at, tally)


def quiet(engine: Engine, now: dt.datetime) -> None:
    """The last of the sources has had nothing new for days."""
    with writing(engine) as connection:
        [source_id] = connection.scalars(select(source.c.id).where(source.c.slug == QUIET))
        for hours in range(4 * 24, 0, -2):
            keep(connection, source_id, now - dt.timedelta(hours=hours), Tally(answered=2))


def spread(where: str, now: dt.datetime) -> None:
    """Let what was found today have been found in the last two weeks, in which two days brought nothing."""
    engine = open_engine(where)
    with writing(engine) as connection:
        for row in connection.execute(select(url.c.id, url.c.first_seen_at)).all():
            days = (row.id * 7) % 13
            days += days in (3, 6)
            seen = row.first_seen_at - dt.timedelta(days=days)
            connection.execute(update(url).where(url.c.id == row.id).values(first_seen_at=seen))
        connection.execute(delete(source_day).where(source_day.c.day == _day(now, 3)))
        blind = update(source_day).where(source_day.c.day == _day(now, 6))
        connection.execute(blind.values(looks=0, blind_looks=12))
    engine.dispose()


def _day(now: dt.datetime, before: int) -> dt.date:
    return now.date() - dt.timedelta(days=before)


def keep(connection: Connection, source_id: int, at: dt.datetime, tally: Tally) -> None:
    """Write down one look."""
    run_id = runs.start(connection, source_id, at=at)
    connection.execute(update(run).where(run.c.id == run_id).values(tally=tally.as_json()))
    add(connection, source_id, Look(at=at, tally=tally))


def reading() -> None:
    """Crawl the newspaper, and show what came of it."""
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
        }
        for name, (shown, arguments) in shows.items():
            picture(name, shown, command(*arguments, folder=folder))
        [edited] = paper.advance().edited
        command("crawl", *names, "--again", "1", folder=folder)
        for name in ("history", "diff"):
            picture(name, f"{name} {edited.path}", command(name, edited.url, folder=folder))


if __name__ == "__main__":
    main()
