"""Read one page: bytes in, an `Article` and what the page is out. Pure."""

from crawler.extraction.hints import Hints
from crawler.extraction.reading import Reading, extract, read

__all__ = ["Hints", "Reading", "extract", "read"]
