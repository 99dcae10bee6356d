"""The settings that every command shares: flags, then the environment, then defaults."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import settings
from crawler.errors import UsageError

PANEL = "Settings"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a command was told about where things are."""

    database: str
    sources: Path
    allow_private: bool
    scrapy: dict[str, str] = field(default_factory=dict)
    # -s NAME=VALUE

    @property
    def place(self) -> str:
        """The archive, as it is shown: without a password."""
        from storage.database import shown

        return shown(self.database)

    @property
    def captures(self) -> Path:
        """The folder of raw bytes."""
        from storage.captures.folder import default_folder

        given = self.scrapy.get("ARCHIVE_CAPTURES_FOLDER") or settings.ARCHIVE_CAPTURES_FOLDER
        return Path(given) if given else default_folder(self.database)

    @property
    def pictures(self) -> Path:
        """The folder of the archive's pictures."""
        from storage import picture_files

        configured = self.scrapy.get("ARCHIVE_PICTURES_FOLDER") or settings.ARCHIVE_PICTURES_FOLDER
        return picture_files.folder(configured, self.database)

    @property
    def overrides(self) -> dict[str, Any]:
        """As Scrapy settings."""
        return {
            **self.scrapy,
            "ARCHIVE_DATABASE": self.database,
            "ARCHIVE_SOURCES": str(self.sources),
            "ARCHIVE_ALLOW_PRIVATE": self.allow_private,
        }


Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="The archive: a path or a PostgreSQL URL. \\[env: NEWSARCHIVE_DATABASE; default: archive.db]",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
SourcesFile = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        help="The list of sources. \\[env: NEWSARCHIVE_SOURCES; default: sources.toml]",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
AllowPrivate = Annotated[
    bool | None,
    typer.Option(
        "--allow-private",
        help="Fetch loopback and private addresses, too. \\[env: NEWSARCHIVE_ALLOW_PRIVATE=1]",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
Setting = Annotated[
    list[str] | None,
    typer.Option(
        "-s",
        "--set",
        metavar="NAME=VALUE",
        help="Any setting of Scrapy or of crawler/settings.py; may be given several times.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
SHARED = {
    "database": Database,
    "sources_file": SourcesFile,
    "allow_private": AllowPrivate,
    "setting": Setting,
}


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command` the shared flags; it gets them as its first argument, an `Options`."""
    signature = inspect.signature(command, eval_str=True)
    own = list(signature.parameters.values())[1:]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in SHARED.items()
    ]

    @functools.wraps(command)
    def wrapped(**arguments: Any) -> None:
        given = {name: arguments.pop(name) for name in SHARED}
        command(options(**given), **arguments)

    wrapped.__signature__ = signature.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]
    del wrapped.__wrapped__  # or the flags would be looked up in the original
    wrapped.__annotations__ = {p.name: p.annotation for p in (*own, *shared)}
    return wrapped


def options(
    database: str | None = None,
    sources_file: Path | None = None,
    allow_private: bool | None = None,
    setting: list[str] | None = None,
) -> Options:
    """What flags, environment and defaults say together."""
    scrapy = dict(_pair(text) for text in setting or [])
    if allow_private is None and "ARCHIVE_ALLOW_PRIVATE" in scrapy:
        allow_private = settings.is_on(scrapy["ARCHIVE_ALLOW_PRIVATE"])
    return Options(
        database=database or scrapy.get("ARCHIVE_DATABASE") or settings.ARCHIVE_DATABASE,
        sources=sources_file or Path(scrapy.get("ARCHIVE_SOURCES") or settings.ARCHIVE_SOURCES),
        allow_private=settings.ARCHIVE_ALLOW_PRIVATE if allow_private is None else allow_private,
        scrapy=scrapy,
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"-s {text}: write it as NAME=VALUE")
    return name.strip(), value.strip()
