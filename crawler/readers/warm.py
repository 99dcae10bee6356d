"""Imported by what is to read pages at once, and by what several readers are forked from: they share it."""

import crawler.readers.loaded  # noqa: F401
from crawler.extraction.warm_up import warm_up
from crawler.garbage import look_seldom

warm_up()
look_seldom()
