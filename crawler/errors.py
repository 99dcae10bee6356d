"""The crawler's part of the error family; its base is in `storage.errors`.

ArchiveError
├── UsageError        a flag, query, source or key is wrong (exit code 2)
│   └── SourcesError  … in sources.toml: names the file, the line and the key
└── ReadError         bytes that say they are a feed, sitemap … and are not
"""

from __future__ import annotations

from storage.errors import ArchiveError, UsageError

__all__ = ["ArchiveError", "ReadError", "SourcesError", "UsageError"]


class SourcesError(UsageError):
    """sources.toml holds something that it should not."""


class ReadError(ArchiveError):
    """A document could not be read as what it claims to be."""
