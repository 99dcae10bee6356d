"""How often Python looks for cycles of objects, in processes that make many objects and hardly a cycle."""

from __future__ import annotations

import gc

# A page makes some 50,000 objects: looking at Python's default pace takes a tenth of a reader's time.
MANY_OBJECTS = 50_000


def set_pace() -> None:
    """Have the collector look seldom: what a command imports is no garbage either."""
    gc.set_threshold(MANY_OBJECTS, 20, 50)


def look_seldom() -> None:
    """Keep all that is loaded out of the collector's sight, and have it look seldom at the rest."""
    gc.collect()
    gc.freeze()
    set_pace()
