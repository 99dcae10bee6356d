"""Loaded by each Python process whose PYTHONPATH names this folder: its clock is off by what a file says.

As on a machine: the time of day jumps under a process that lives, its monotonic clock goes on.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from pathlib import Path

import time_machine

LOOK_SECONDS = 0.05


def follow(file: Path) -> None:
    """Set the clock anew whenever the file (seconds ahead) has changed."""
    shift, travel = 0.0, None
    while True:
        found = float(file.read_text() or shift)
        if found != shift:
            if travel is not None:
                travel.stop()
            now = dt.datetime.now(dt.UTC)
            travel = time_machine.travel(now + dt.timedelta(seconds=found), tick=True)
            travel.start()
            shift = found
        time.sleep(LOOK_SECONDS)


if "TEST_CLOCK" in os.environ:
    threading.Thread(target=follow, args=(Path(os.environ["TEST_CLOCK"]),), daemon=True).start()
