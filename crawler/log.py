"""How log lines are written: for people, or as JSON for a log collector."""

from __future__ import annotations

import datetime as dt
import json
import logging

from crawler import settings
from crawler.errors import UsageError

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# What every record has; what is beyond these was given with `extra`.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def formatter(kind: str = "") -> logging.Formatter:
    """The formatter that ARCHIVE_LOG_FORMAT (or `kind`) names; UsageError for another word."""
    kind = kind or settings.ARCHIVE_LOG_FORMAT
    if kind == "json":
        return JsonLines()
    if kind == "text":
        return logging.Formatter(TEXT)
    raise UsageError(f"ARCHIVE_LOG_FORMAT = {kind!r}: there is text and json")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and what was given beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        told = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        extra = {name: value for name, value in vars(record).items() if name not in USUAL}
        extra.pop("spider", None)  # Scrapy's own: an object, told as its name
        return json.dumps({**extra, **told}, ensure_ascii=False, default=str)
