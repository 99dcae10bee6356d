"""`newsarchive events`: what happened in the archive, for programs that follow it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Annotated

import typer

from crawler.cli.options import Options, with_options
from storage import Archive
from storage.events import Event

POLL_SECONDS = 1.0


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
    ID` says how an article stands now.

    Examples:  newsarchive events --since 0 --limit 100
               newsarchive events --since 1204 --follow | ./index-them
    """
    with Archive.open(options.database) as archive:
        left = limit
        while left is None or left > 0:
            for event in archive.events(since, limit=left):
                print(json.dumps(_as_json(event)), flush=follow)
                since = event.id
                left = None if left is None else left - 1
            if not follow:
                return
            time.sleep(POLL_SECONDS)


def _as_json(event: Event) -> dict[str, object]:
    return {**asdict(event), "at": event.at.isoformat()}
