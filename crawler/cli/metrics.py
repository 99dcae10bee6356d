"""`newsarchive metrics`: the archive's figures for Prometheus, printed or served."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from crawler.cli.options import Options, with_options
from storage.database import open_engine


@with_options
def metrics(
    options: Options,
    serve: Annotated[
        str | None,
        typer.Option("--serve", metavar="HOST:PORT", help="Serve them there until Ctrl-C."),
    ] = None,
) -> None:
    """Print the archive's figures as Prometheus reads them, or serve them at an address.

    Articles and outcomes by source, age of the last success, alarms, what is due, size of the database,
    free disk. They are read anew each time, so that a crawl may go on meanwhile.
    """
    from crawler import metrics as figures

    engine = open_engine(options.database, create=False)
    try:
        if serve is None:
            print(figures.printed(engine, options.overrides), end="")
            return
        server, thread = figures.serve(engine, options.overrides, serve)
        print(f"metrics at http://{serve}/metrics", file=sys.stderr)
        try:
            thread.join()
        except KeyboardInterrupt:
            server.shutdown()
    finally:
        engine.dispose()
