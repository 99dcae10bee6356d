"""Writing the WARC files of a run: one after another, each whole before it gets its name."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path

from storage.captures import locking
from storage.captures.exchange import Exchange
from storage.captures.folder import OPEN, WHOLE, file_name
from storage.captures.records import members, warcinfo
from storage.errors import CaptureError
from storage.records import Capture

ROLL_AT = 1024**3  # bytes after which a file is closed and the next one begun
_sync = getattr(os, "fdatasync", os.fsync)


class CaptureFiles:
    """The files of one run of one source. For one thread at a time."""

    def __init__(
        self,
        folder: Path,
        *,
        source: str,
        run_id: int,
        info: Mapping[str, str],
        roll_at: int = ROLL_AT,
    ) -> None:
        self.folder = folder
        self.source = source
        self.run_id = run_id
        self.info = info
        # Of the warcinfo record: software, operator …
        self.roll_at = roll_at
        self._serial = 0
        self._file: _OpenFile | None = None

    def write(self, exchange: Exchange) -> Capture:
        """Append an exchange and put it on the disk; CaptureError where the disk takes no more."""
        try:
            return self._file_with_room().append(exchange)
        except OSError as error:
            raise CaptureError(f"cannot write raw bytes to {self.folder}: {error.strerror}") from error

    def close(self) -> None:
        """Give the last file its name, if there is one."""
        try:
            if self._file:
                self._file.close()
        except OSError as error:
            raise CaptureError(f"cannot close a file of {self.folder}: {error.strerror}") from error
        finally:
            self._file = None

    def _file_with_room(self) -> _OpenFile:
        if self._file and self._file.size >= self.roll_at:
            self.close()
        while self._file is None:
            self._serial += 1
            name = file_name(self.source, self.run_id, self._serial, dt.datetime.now(dt.UTC))
            self._file = _OpenFile.begin(self.folder, name, self.info)
        return self._file


class _OpenFile:
    """A file that is being written, under its lock."""

    def __init__(self, folder: Path, name: str, path: Path, descriptor: int) -> None:
        self.whole = folder / name
        # Where it will be.
        self.path = path
        self.name = name
        self.size = 0
        self._descriptor = descriptor
        self._info_id = ""

    @classmethod
    def begin(cls, folder: Path, name: str, info: Mapping[str, str]) -> _OpenFile | None:
        """A new file; None where the name is taken."""
        path = folder / (name.removesuffix(WHOLE) + OPEN)
        path.parent.mkdir(parents=True, exist_ok=True)
        if (folder / name).exists():
            return None
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
        except FileExistsError:
            return None
        locking.lock(descriptor)
        if not path.exists():  # between these lines a repair found it empty, and took it away
            os.close(descriptor)
            return None
        file = cls(folder, name, path, descriptor)
        file._begin(info)
        return file

    def _begin(self, info: Mapping[str, str]) -> None:
        self._info_id, record = warcinfo(self.whole.name, info)
        try:
            self._put(record)
            sync_folder(self.path.parent)
        except OSError:
            os.close(self._descriptor)
            raise

    def append(self, exchange: Exchange) -> Capture:
        """Put an exchange at the end; it is on the disk when this returns."""
        made = members(exchange, self._info_id)
        offset = self.size
        self._put(made.response + made.request)
        return Capture(
            url=exchange.url,
            kind=exchange.kind,
            warc_file=self.name,
            warc_offset=offset,
            warc_length=len(made.response),
            sha256=made.sha256,
            http_status=exchange.status,
            fetched_at=exchange.fetched_at,
        )

    def _put(self, data: bytes) -> None:
        """Write all of `data`, or leave the file as it was."""
        done = 0
        try:
            while done < len(data):
                done += os.pwrite(self._descriptor, memoryview(data)[done:], self.size + done)
            _sync(self._descriptor)
        except OSError:
            with contextlib.suppress(OSError):  # what stays behind is overwritten, or cut off by the repair
                os.ftruncate(self._descriptor, self.size)
            raise
        self.size += len(data)

    def close(self) -> None:
        """End the file and give it its name."""
        try:
            os.ftruncate(self._descriptor, self.size)
            os.fsync(self._descriptor)
            self.path.rename(self.whole)
        finally:
            os.close(self._descriptor)  # and with it the lock
        sync_folder(self.path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure of names that were given and taken away: they are on the disk only when their folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
