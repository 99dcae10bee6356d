"""The command's door: what all commands share; turn our errors into one line and an exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import Annotated, Any

import typer

from crawler.cli.commands import Commands
from crawler.cli.exit_codes import FAILED, INTERRUPTED, MISUSED, OK
from crawler.garbage import set_pace
from storage.errors import DISK_ERRORS, ArchiveError, UsageError

# What typer raises for a wrong flag or argument; only this heir of it has a public name.
COMMAND_LINE_ERROR: Any = typer.BadParameter.__bases__[0]
EPILOG = (
    "Settings are taken from flags, then the environment (NEWSARCHIVE_DATABASE, NEWSARCHIVE_SOURCES, "
    "NEWSARCHIVE_ALLOW_PRIVATE, NEWSARCHIVE_CONTACT, NEWSARCHIVE_CAPTURES), then defaults. "
    "Exit codes: 0 done, 1 failed, 2 a flag, query, source or file is wrong, 130 interrupted."
)

app = typer.Typer(
    name="newsarchive",
    cls=Commands,
    help="Crawl news sites into an archive that can be searched, and that accounts for every URL.",
    epilog=EPILOG,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version  # 0.04 s to import

        print(f"newsarchive {installed_version('newsarchive')}")
        raise typer.Exit


@app.callback()
def newsarchive(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Crawl news sites into an archive that can be searched, and that accounts for every URL."""


def main() -> None:
    """Run the command; errors are one line on standard error."""
    set_pace()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Half a surrogate pair, the one thing that UTF-8 cannot say, is written as JSON escapes it.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = _exit_code(sys.argv[1:] or ["--help"])
    gc.freeze()  # Python looks once more through all that was ever imported, which takes a crawl 0.2 s
    sys.exit(code)


def _exit_code(arguments: list[str]) -> int:
    try:
        code = app(arguments, prog_name="newsarchive", standalone_mode=False)
        sys.stdout.flush()
    except COMMAND_LINE_ERROR as error:
        return _tell(error.format_message(), MISUSED)
    except UsageError as error:
        return _tell(str(error), MISUSED)
    except ArchiveError as error:
        return _tell(str(error), FAILED)
    except typer.Abort:
        return INTERRUPTED
    except BrokenPipeError:  # `newsarchive export | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        # What is still to be written has no room either, and must not be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _tell(f"cannot write: {error.strerror}", FAILED)
    return code if isinstance(code, int) else OK


def _tell(message: str, code: int) -> int:
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    return code
