"""sources.toml as a running scheduler sees it: edits are taken up; while it is wrong, the old list stays."""

from __future__ import annotations

import logging
from pathlib import Path

from crawler.errors import SourcesError
from crawler.sources import Source, load

logger = logging.getLogger("newsarchive.schedule")

Stamp = tuple[int, int, int]


class SourceList:
    """The sources of a file that may be edited meanwhile. SourcesError where it is wrong from the start."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp = self._look()
        self.sources: dict[str, Source] = load(path)

    def refresh(self) -> None:
        """Take up what was changed; a mistake is said once."""
        stamp = self._look()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            found = load(self.path)
        except SourcesError as error:
            logger.error("%s; the list that was there before stays", error)
            return
        added, removed = found.keys() - self.sources.keys(), self.sources.keys() - found.keys()
        self.sources = found
        logger.info("%s has changed: %s", self.path, _in_words(added, removed))

    def _look(self) -> Stamp | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _in_words(added: set[str], removed: set[str]) -> str:
    parts = [
        f"{word} {', '.join(sorted(slugs))}" for word, slugs in (("new", added), ("gone", removed)) if slugs
    ]
    return "; ".join(parts) or "the same sources"
