"""The archive: what is kept, how it is stored, how it is asked. Needs no Scrapy.

from storage import Archive

with Archive.open("archive.db") as archive:
    for hit in archive.search('"rare earths"', limit=10):
        print(hit.headline)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.archive import Archive

__all__ = ["Archive"]


def __getattr__(name: str) -> object:
    """Import `Archive` on first use: the extraction workers need `storage.records` alone."""
    if name == "Archive":
        from storage.archive import Archive

        return Archive
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
