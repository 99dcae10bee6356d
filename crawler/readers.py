"""Imported by the process that readers are forked from: what is loaded here, all of them share."""

import crawler.judging
import crawler.scheduling.announcing  # noqa: F401 (feeds are read by readers, too)
from crawler.extraction.warm_up import warm_up

warm_up()
