"""Imported by what is to read pages."""

import crawler.discovery.probe  # what a site leads to is found by readers, too
import crawler.extraction.reading
import crawler.judging
import crawler.scheduling.announcing  # noqa: F401 (and so are feeds)
from crawler.garbage import look_seldom

look_seldom()
