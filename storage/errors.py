"""The errors that a person at the terminal sees, each as one line.

ArchiveError
├── UsageError      what was asked for cannot be done as asked (exit code 2)
│   └── QueryError  … a search query or filter
└── DatabaseError   the archive cannot be opened, read or written
"""


class ArchiveError(Exception):
    """The base of what newsarchive raises on purpose; its text is one line for a person."""


class UsageError(ArchiveError):
    """What a person asked for cannot be done as asked; the text says what to do instead."""


class QueryError(UsageError):
    """A search query or filter that has no meaning."""


class DatabaseError(ArchiveError):
    """The archive's database cannot be opened, read or written."""
