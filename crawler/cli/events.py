"""`newsarchive events`: what happened in the archive, for programs that follow it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Annotated

import typer

from crawler.cli.options import Options, with_options
from storage import Archive
from storage.errors import AwayError
from storage.events import Event

POLL_SECONDS = 1.0
LONGEST_PAUSE = 60.0  # seconds between two questions to a server that does not answer


@with_options
def events(
    options: Options,
    since: Annotated[int, typer.Option("--since", min=0, help="The id of the last event you have.")] = 0,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="So many at most.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Wait for new ones until Ctrl-C.")] = False,
) -> None:
    """Print what happened to articles, in the order in which it was written, as JSON Lines.

    New articles and versions, new readings, removals and returns, moves, takedowns, and who joined or left
    a cluster of copies. Keep the id of the last event that you have dealt with and ask from there: you get
    each exactly once and in order, whatever is written meanwhile. Events hold no text: `newsarchive show
    ID` says how an article stands now. Where the database's server goes away, --follow waits until it is
    back, and goes on where it was.

    Examples:  newsarchive events --since 0 --limit 100
               newsarchive events --since 1204 --follow | ./index-them
    """
    with Archive.open(options.database) as archive:
        following = _followed(archive, since) if follow else archive.events(since, limit=limit)
        for event in islice(following, limit):
            print(json.dumps(_as_json(event)), flush=follow)


def _followed(archive: Archive, since: int) -> Iterator[Event]:
    """All events, those that are still to come, too; a server that goes away is waited for."""
    pause = POLL_SECONDS
    while True:
        try:
            for event in archive.events(since):
                since = event.id
                yield event
            pause = POLL_SECONDS
        except AwayError as error:
            pause = min(2 * pause, LONGEST_PAUSE)
            print(f"{error}; asking again in {pause:.0f} s", file=sys.stderr, flush=True)
        time.sleep(pause)


def _as_json(event: Event) -> dict[str, object]:
    return {**asdict(event), "at": event.at.isoformat()}
