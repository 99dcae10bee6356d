"""Alarms told: what turned goes to the log, and by webhook and e-mail to whoever the settings name.

`check(engine, now, settings)` is all that a scheduler calls, in a thread, after each look.
"""

from crawler.alarms.checking import check
from crawler.alarms.plan import Plan

__all__ = ["Plan", "check"]
