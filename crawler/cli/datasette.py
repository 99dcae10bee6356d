"""`newsarchive datasette`: the archive in Datasette, to look through and to ask by SQL and JSON."""

from __future__ import annotations

import re
import socket
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import Archive
from storage.datasette_metadata import metadata

LOOPBACK = "127.0.0.1"


@with_options
def datasette(
    options: Options,
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="0 takes a free one.")] = 8001,
    open_: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Serve the archive with Datasette: views with facets, full-text search, SQL, JSON and CSV of all of it.

    Read-only and on this machine alone, until Ctrl-C. A crawl may go on meanwhile.
    Needs the extra: pip install 'newsarchive[datasette]'.

    Examples:  newsarchive datasette --open
               newsarchive datasette --port 9000 --database other.db
    """
    path = sqlite_file(options.database)
    try:
        import datasette.app  # noqa: F401
    except ImportError as error:
        raise UsageError("Datasette is not installed: pip install 'newsarchive[datasette]'") from error
    Archive.open(options.database).close()  # or its error is told
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, port))
        except OSError as error:
            raise UsageError(f"--port {port}: {error.strerror}; --port 0 takes a free one") from error
        address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/"
        print(f"{path} at {address} · Ctrl-C ends it", flush=True)
        if open_:
            webbrowser.open(address)
        _serve(path, listening)


def sqlite_file(database: str) -> Path:
    """The SQLite file of an archive; UsageError where it is on PostgreSQL."""
    if re.match(r"postgres", database, re.IGNORECASE):
        raise UsageError("Datasette reads SQLite archives only; for PostgreSQL there is `newsarchive export`")
    return Path(re.sub(r"^sqlite(\+pysqlite)?:///", "", database)).expanduser()


def _serve(path: Path, listening: socket.socket) -> None:
    import uvicorn
    from datasette.app import Datasette

    served = Datasette([str(path)], metadata=metadata(path.stem))
    uvicorn.Server(uvicorn.Config(served.app(), log_level="warning")).run(sockets=[listening])
