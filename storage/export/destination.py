"""Where an export goes: written beside its place, and put there when it is whole.

A kill leaves a name that begins with a full stop and ends in `.part`; an error or Ctrl-C leaves nothing.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from storage.errors import DISK_ERRORS, ExportError, UsageError


def refuse_existing(target: Path, *, force: bool) -> None:
    """UsageError where something stands at `target` that may not be replaced."""
    if target.exists() and not force:
        raise UsageError(f"{target} is there already: --force replaces it")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"cannot write {target}: there is no folder {target.parent}")
    if target.is_dir() and not _is_export(target):
        raise UsageError(f"{target} is no folder of an export: name another, or remove it yourself")


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A path to write a file to, which becomes `target` when the block ends well."""
    if target.is_dir():
        raise UsageError(f"cannot write {target}: it is a folder")
    with _explained(target):
        with _refused(target):
            handle, name = tempfile.mkstemp(
                prefix=f".{target.name}.", suffix=".part", dir=target.absolute().parent
            )
        os.close(handle)
        part = Path(name)
        try:
            part.chmod(0o666 & ~_umask())
            yield part
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` (and replaces an export there) when the block ends well."""
    if target.is_file():
        raise UsageError(f"cannot write {target}: it is a file")
    with _explained(target):
        with _refused(target):
            parent = target.absolute().parent
            part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=parent))
        try:
            part.chmod(0o777 & ~_umask())
            yield part
            (part / MARK).touch()
            _put_in_place(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def text_file(path: Path, name: str) -> Iterator[IO[str]]:
    """A file for text, packed as the ending of `name` says: .gz, .zst, or not."""
    with ExitStack() as opened:
        raw: Any = opened.enter_context(path.open("wb"))
        if name.endswith(".gz"):
            raw = opened.enter_context(gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6))
        elif name.endswith(".zst"):
            packer = zstandard().ZstdCompressor(level=3)
            raw = opened.enter_context(packer.stream_writer(raw, closefd=False))
        yield opened.enter_context(io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline=""))


def zstandard() -> Any:
    """The library for .zst; UsageError where it is not installed."""
    try:
        return import_module("zstandard")
    except ImportError as error:
        raise UsageError("a file .zst needs zstandard: pip install 'newsarchive[zstd]', or .gz") from error


MARK = ".newsarchive-export"  # by which a folder is known as one that may be replaced


def _is_export(folder: Path) -> bool:
    return (folder / MARK).exists() or not any(folder.iterdir())


def _put_in_place(part: Path, target: Path) -> None:
    if target.exists():
        old = part.with_suffix(".old")
        target.rename(old)
        part.rename(target)
        shutil.rmtree(old)
    else:
        part.rename(target)


@contextmanager
def _refused(target: Path) -> Iterator[None]:
    """Nothing may be written there: another place has to be named."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_ERRORS:
            raise
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from error


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Writing fails: that is no fault of what was asked for."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"cannot write {target}: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
