"""One check: what is known now, what the rules say of it, what has turned since the last check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from sqlalchemy import Engine

from storage.database import writing
from storage.health import alarms, facts, rules, turns
from storage.health.rules import ARCHIVE, Limits

NO_RULES: Mapping[str, Iterable[str]] = {}


def check(
    engine: Engine,
    now: dt.datetime,
    *,
    limits: Limits | None = None,
    folders: Collection[Path] = (),
    channels: Collection[str] = (),
    muted: Mapping[str, Iterable[str]] = NO_RULES,
) -> list[alarms.Turn]:
    """Raise and clear alarms; returns each that turned, the worst first. Every turn is returned once.

    `folders`: where the archive lies, whose disks must not be full. `channels`: who is told of each turn
    (`alarms.claim`). `muted`: rules, by source, that are not for it.
    """
    with engine.connect() as connection:  # most checks find nothing, and keep no crawl from writing
        held = alarms.open_alarms(connection)
        known = facts.source_facts(connection, now=now, muted=muted)
    for_archive = [rule for rule, subject in held if subject == ARCHIVE]
    found = list(rules.findings(known, facts.disks(folders), limits or Limits(), now, for_archive))
    if not any(turns.changes(found, held)):
        return []
    with writing(engine) as connection:
        held = alarms.open_alarms(connection)  # another process may have checked meanwhile
        changes = sorted(turns.changes(found, held), key=lambda change: rules.SEVERITY[change.rule])
        return [alarms.turn(connection, change, at=now, channels=channels) for change in changes]
