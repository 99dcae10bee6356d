"""What a killed process leaves behind: files still called open, that nobody holds, perhaps torn.

Whole records are kept and the tear is cut off. What stands in such a file may
have no row yet, since bytes are written before their row: who repairs is handed
those captures first, and the file gets its name last. A repair that is itself
killed is done again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storage.captures import locking
from storage.captures.folder import OPEN, name_of, run_of
from storage.captures.members import members
from storage.captures.reading import response_in
from storage.errors import AlteredCaptureError, CaptureError
from storage.records import Capture

# By which the first record of a file is known, and the others say that they belong to it.
IDS = re.compile(rb"^WARC-(?:Record|Warcinfo)-ID: (\S+)", re.MULTILINE)

Adopt = Callable[[list[Capture], int | None], object]  # captures, and the run that made them


@dataclass(frozen=True, kw_only=True, slots=True)
class Repaired:
    """What was done about one file."""

    name: str
    captures: int
    # Whole responses in it.
    cut: int
    # Bytes of a torn record that were cut off.


def repair(folder: Path, source: str, adopt: Adopt) -> list[Repaired]:
    """Mend what killed crawls of `source` have left; `adopt` sees to it that captures have their rows."""
    found = (_repair(folder, path, adopt) for path in sorted(folder.glob(f"{source}/*{OPEN}")))
    try:
        return [done for done in found if done]
    except OSError as error:
        raise CaptureError(f"cannot repair the files in {folder / source}: {error.strerror}") from error


def _repair(folder: Path, path: Path, adopt: Adopt) -> Repaired | None:
    """Mend one file; None where somebody holds it, has just closed it, or has put another in its place."""
    try:
        with path.open("r+b") as file:
            name = name_of(folder, path)
            if not locking.try_lock(file.fileno()) or not path.exists() or (folder / name).exists():
                return None
            captures, end = _whole(file, name)
            cut = file.seek(0, os.SEEK_END) - end
            file.truncate(end)
            os.fsync(file.fileno())
            adopt(captures, run_of(name))
            if captures:
                path.rename(folder / name)
            else:  # it holds its own description, and nothing else
                path.unlink()
            return Repaired(name=name, captures=len(captures), cut=cut)
    except FileNotFoundError:
        return None


def _whole(file: BinaryIO, name: str) -> tuple[list[Capture], int]:
    """The captures in a file, and where its last whole record ends."""
    captures, end = [], 0
    own: set[bytes] = set()
    for member in members(file):
        ids = set(IDS.findall(member.data, 0, max(0, member.data.find(b"\r\n\r\n"))))
        own = own or ids
        if not own & ids:  # a page in a torn record may itself be, or pretend to be, a WARC file
            continue
        end = member.offset + member.length
        with suppress(AlteredCaptureError):  # it is kept, whatever it is; `verify` will tell
            response = response_in(member, name)
            if response:
                captures.append(response.capture)
    return captures, end
