"""The errors that a person at the terminal sees, each as one line.

ArchiveError
├── UsageError        a flag, query, source or key is wrong (exit code 2)
│   └── SourcesError  … in sources.toml: names the file, the line and the key
└── ReadError         bytes that say they are a feed, sitemap … and are not
"""


class ArchiveError(Exception):
    """The base of what newsarchive raises on purpose; its text is one line for a person."""


class UsageError(ArchiveError):
    """What a person asked for cannot be done as asked; the text says what to do instead."""


class SourcesError(UsageError):
    """sources.toml holds something that it should not."""


class ReadError(ArchiveError):
    """A document could not be read as what it claims to be."""
