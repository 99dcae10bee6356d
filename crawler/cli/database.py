"""The archive's database itself: `newsarchive db …`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.options import Options, with_options
from crawler.errors import UsageError
from storage import backups, database, transfer
from storage.database import shown

app = typer.Typer(
    help="Look after the archive's database: upgrade it, back it up, bring it to another one.",
    no_args_is_help=True,
)

ToFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write.")]
FromFile = Annotated[Path, typer.Argument(metavar="FILE", help="What `db backup` wrote.")]
Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="A path or a PostgreSQL URL: an empty database.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace a backup of that name.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


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


@app.command()
@with_options
def backup(options: Options, file: ToFile, force: Force = False) -> None:
    """Write the database to one file, while crawls go on.

    An SQLite archive becomes an SQLite file that can be read as it is; a PostgreSQL one what pg_dump
    writes. Raw bytes and pictures are files in folders: copy these after it, then all that the backup
    points to is there.

    Examples:  newsarchive db backup monday.db
               newsarchive db backup /backups/news.dump --database postgresql://db.example.org/news
    """
    from crawler.cli import screen

    with screen.following("backup", lambda: _size(file), unit="bytes"):
        size = backups.back_up(options.database, file, replace=force)
    print(f"{options.place} is in {file} ({size:,} bytes)")
    _name_folders(options, "copy, too")


def _size(file: Path) -> tuple[int, int]:
    """How much of a backup is written; how much it will be is not known before."""
    parts = file.parent.glob(f".{file.name}.*.part")
    return sum(part.stat().st_size for part in parts if part.exists()), 0


@app.command()
@with_options
def restore(options: Options, file: FromFile) -> None:
    """Make an archive from a backup, where there is none: in a database that is empty or not there.

    Events go on from the last one in the backup: what follows the archive has to go back to it.

    Examples:  newsarchive db restore monday.db --database restored.db
               newsarchive db restore news.dump --database postgresql://db.example.org/news
    """
    from crawler.cli import screen

    with screen.err.status("restoring"):
        found = backups.restore(file, options.database)
    print(f"{options.place} is restored from {file}")
    if found != database.REVISION:
        print(f"it has revision {found}: `newsarchive db upgrade` brings it to {database.REVISION}")
    _name_folders(options, "put there what was kept of")


@app.command()
@with_options
def copy(options: Options, target: Target, as_json: AsJson = False) -> None:
    """Copy the archive into an empty database of another kind, or of the same: SQLite, PostgreSQL.

    All rows with their ids, and the search index made anew; in the end the rows of both are counted. The
    archive is read as it stands at the beginning: stop crawls before, or they go on in the old one. Where
    it fails or is interrupted, the target stays empty.

    Examples:  newsarchive db copy postgresql://ada@db.example.org/news
               newsarchive db copy small.db --database postgresql://ada@db.example.org/news
    """
    from crawler.cli import screen

    if database.database_url(target) == database.database_url(options.database):
        raise UsageError("an archive cannot be copied to itself")

    def tell(what: str, done: int, total: int) -> None:
        bars.update(task, description=what, completed=done, total=total)

    with screen.bars() as bars:
        task = bars.add_task("copying", total=None)
        counts = transfer.transfer(options.database, target, tell)
    if as_json:
        print(json.dumps({"from": options.place, "to": shown(target), "rows": counts}))
        return
    rows = f"{sum(counts.values()):,} rows in {len(counts)} tables, {counts['article']:,} articles"
    print(f"{options.place} is in {shown(target)}, too: {rows}")
    _name_folders(options, _to_take(target))


def _to_take(target: str) -> str:
    captures, pictures = (database.folder_beside(target, what) for what in ("captures", "pictures"))
    settings = "NEWSARCHIVE_CAPTURES_FOLDER and ARCHIVE_PICTURES_FOLDER"
    return f"copy or move to {captures} and {pictures} (or name in {settings})"


def _name_folders(options: Options, what_to_do: str) -> None:
    """What is not in the database."""
    folders = [str(folder) for folder in (options.captures, options.pictures) if folder.exists()]
    if folders:
        print(f"raw bytes and pictures are not in it; {what_to_do}: {', '.join(folders)}")
