"""Is each source as it usually is? What was caught, what was missed, what needs a hand.

    a crawl ends -> tally.py, tallies.py      what this look met, added to its source's day
    facts.py     -> rules.py (usual.py)       what is known now -> which rules hold (pure)
    turns.py     -> alarms.py                 what turned since the last check, kept and told once

`checking.check` runs all of it.
"""
