"""The archive's database itself: `newsarchive db …`."""

from __future__ import annotations

import typer

from crawler.cli.options import Options, with_options
from storage import database

app = typer.Typer(help="Look after the archive's database.", no_args_is_help=True)


@app.command()
@with_options
def upgrade(options: Options) -> None:
    """Bring an archive that an earlier version made to what this one needs. Twice does no harm."""
    before, now = database.upgrade_archive(options.database)
    done = "is at" if before == now else f"went from revision {before} to"
    print(f"{options.place} {done} revision {now}")


@app.command()
@with_options
def current(options: Options) -> None:
    """Print the archive's revision, and the one that this version needs."""
    print(f"{options.place}: {database.revision_of(options.database)} (needed: {database.REVISION})")
