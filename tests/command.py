"""The command as a person runs it, for tests: a process of its own in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer.testing
from sqlalchemy import Executable
from sqlalchemy.exc import OperationalError, ProgrammingError

from crawler.cli import app
from storage import Archive
from storage.database import folder_beside
from tests import warm
from tests.databases import everything, rows

# Nothing of the person who runs the tests gets into them.
OURS = "NEWSARCHIVE_"


def help_of(*names: str) -> str:
    """What `newsarchive NAMES --help` prints, without a process of its own."""
    runner = typer.testing.CliRunner(env={"COLUMNS": "120"})
    done = runner.invoke(app, [*names, "--help"], prog_name="newsarchive")
    assert done.exit_code == 0, done.output
    return done.stdout


@dataclass(frozen=True)
class Command:
    """`newsarchive` in a folder of its own."""

    folder: Path
    where: str | None = None
    # The URL of its database; None: the file beside it.

    @property
    def database(self) -> Path:
        return self.folder / "archive.db"

    def query(self, sql: str | Executable) -> list[tuple[Any, ...]]:
        """What is in the database; nothing, as long as its tables are not made.

        Of a statement in words each engine gives instants and JSON in its own way.
        """
        if not self.where and not self.database.exists():
            return []
        try:
            return rows(self.where or str(self.database), sql)
        except (OperationalError, ProgrammingError) as error:
            if "no such table" in str(error) or "does not exist" in str(error):
                return []
            raise

    def everything(self) -> dict[str, list[str]]:
        """All rows of all tables, to see whether anything was written."""
        return everything(self.where or str(self.database))

    def __call__(
        self, *arguments: object, allow_private: bool = True, code: int = 0, stdin: str | None = None
    ) -> str:
        """Run it; returns standard output. Fails unless it exits with `code`."""
        done = self.run(*arguments, allow_private=allow_private, stdin=stdin)
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def run(
        self, *arguments: object, allow_private: bool = True, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        return warm.run(
            self.line(*arguments),
            env=self.environment(allow_private=allow_private),
            cwd=self.folder,
            stdin=stdin,
            timeout=180,
        )

    @contextmanager
    def started(self, *arguments: object) -> Iterator[warm.Started]:
        """It runs, heard by nobody, until it ends or is killed."""
        line, environment = self.line(*arguments), self.environment()
        with (
            Path(os.devnull).open("r+b") as nothing,
            warm.Started(line, env=environment, cwd=self.folder, files=[nothing.fileno()] * 3) as process,
        ):
            yield process

    def line(self, *arguments: object) -> list[str]:
        words = [*map(str, arguments)]
        # Tests run side by side, and one process that reads is enough for each of them.
        if words[:1] and words[0] in warm.READS and "ARCHIVE_READERS" not in " ".join(words):
            words += ["-s", "ARCHIVE_READERS=1"]
        return [sys.executable, "-m", "crawler", *words]

    def environment(self, *, allow_private: bool = True) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        if self.where:
            kept["NEWSARCHIVE_DATABASE"] = self.where
        return {**kept, **({"NEWSARCHIVE_ALLOW_PRIVATE": "1"} if allow_private else {}), "COLUMNS": "120"}

    def crawl(self, *arguments: object, code: int = 0) -> dict[str, Any]:
        """`newsarchive crawl … --json`: the object that it ends with."""
        result: dict[str, Any] = json.loads(self("crawl", *arguments, "--json", code=code))
        return result

    @property
    def captures(self) -> Path:
        """The folder of its raw bytes, where no setting names another."""
        return self._beside("captures")

    @property
    def pictures(self) -> Path:
        """The folder of its pictures, where no setting names another."""
        return self._beside("pictures")

    def _beside(self, what: str) -> Path:
        return self.folder / folder_beside(self.where or str(self.database), what)

    def warcs(self) -> list[Path]:
        """The files of raw bytes that are closed."""
        return sorted(self.captures.glob("*/*.warc.gz"))

    def archive(self, *, captures: Path | None = None) -> Archive:
        return Archive.open(
            self.where or str(self.database), captures=captures or self.captures, pictures=self.pictures
        )

    def problems(self, *, captures: Path | None = None) -> list[str]:
        """What `newsarchive verify` says, without a process of its own."""
        with self.archive(captures=captures) as archive:
            return [problem for check in archive.checks() for problem in check.look() if problem]


# Makes a command in a folder, with an archive without a row.
Begin = Callable[[Path], AbstractContextManager[Command]]
