"""Imported by what is to read pages at once, and by what several readers are forked from: they share it."""

import crawler.readers.loaded  # noqa: F401
from crawler.garbage import look_seldom
from crawler.readers import first_page

first_page.judge_one()
look_seldom()
