"""Read one page: bytes in, an `Article` and what the page is out. Pure."""

from crawler.extraction.hints import NOTHING, Hints
from crawler.extraction.reading import Reading, extract, read

__all__ = ["NOTHING", "Hints", "Reading", "extract", "read"]
