"""Imported by what is to read pages."""

import crawler.extraction.reading
import crawler.judging
import crawler.scheduling.announcing  # noqa: F401 (feeds are read by readers, too)
from crawler.garbage import look_seldom

look_seldom()
