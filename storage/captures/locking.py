"""Whether somebody is writing a file: the lock that its writer holds, and that dies with it."""

from __future__ import annotations

from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: no file is taken for torn there
    fcntl = None  # type: ignore[assignment]


def lock(descriptor: int) -> None:
    """Take the file for this process, as soon as nobody else has it."""
    if fcntl:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def try_lock(descriptor: int) -> bool:
    """Take the file for this process; False where another one has it."""
    if not fcntl:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether a process is writing the file at `path`."""
    with path.open("rb") as file:  # closing it lets go of the lock
        return not try_lock(file.fileno())
