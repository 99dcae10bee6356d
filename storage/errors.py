"""The errors that a person at the terminal sees, each as one line.

ArchiveError
├── UsageError      what was asked for cannot be done as asked (exit code 2)
│   └── QueryError  … a search query or filter
├── DatabaseError   the archive cannot be opened, read or written
│   └── AwayError   … for now: its server does not answer
├── ExportError     what is exported cannot be written
└── CaptureError    raw bytes cannot be written or read
    ├── MissingCaptureError  … their file is not there
    ├── TornCaptureError     … their file ends before them, or in them
    ├── AlteredCaptureError  … what stands in their place is something else
    └── BusyCaptureError     … their file is being written
"""

import errno

DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # the disk's doing, wherever it shows


class ArchiveError(Exception):
    """The base of what newsarchive raises on purpose; its text is one line for a person."""


class UsageError(ArchiveError):
    """What a person asked for cannot be done as asked; the text says what to do instead."""


class QueryError(UsageError):
    """A search query or filter that has no meaning."""


class DatabaseError(ArchiveError):
    """The archive's database cannot be opened, read or written."""


class AwayError(DatabaseError):
    """The database's server does not answer; it may be back soon."""


class ExportError(ArchiveError):
    """An export cannot be written: the disk is full, or breaks."""


class CaptureError(ArchiveError):
    """Raw bytes cannot be written or read."""


class MissingCaptureError(CaptureError):
    """The file that should hold a capture is not there."""


class TornCaptureError(CaptureError):
    """The file ends before a capture, or in the middle of it."""


class AlteredCaptureError(CaptureError):
    """What stands where a capture should be is not what was written."""


class BusyCaptureError(CaptureError):
    """The file that holds a capture is being written."""
