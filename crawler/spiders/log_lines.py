"""Scrapy's log lines of each page and article: made only where somebody reads them.

Its loggers let all through to the handlers, which then drop what is below their level.
"""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult


class LogLines(LogFormatter):
    """Scrapy's lines; those for debugging only where a handler takes such."""

    def crawled(self, *args: Any, **kwargs: Any) -> LogFormatterResult | None:  # type: ignore[override]
        return super().crawled(*args, **kwargs) if _is_debugging() else None

    def scraped(self, *args: Any, **kwargs: Any) -> LogFormatterResult | None:  # type: ignore[override]
        return super().scraped(*args, **kwargs) if _is_debugging() else None

    def dropped(self, *args: Any, **kwargs: Any) -> LogFormatterResult | None:  # type: ignore[override]
        line = super().dropped(*args, **kwargs)
        return line if line["level"] > logging.DEBUG or _is_debugging() else None


def _is_debugging() -> bool:
    return any(handler.level <= logging.DEBUG for handler in logging.getLogger().handlers)
