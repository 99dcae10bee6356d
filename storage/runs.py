"""One crawl of one source, written down from start to end."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, bindparam, insert, update

from storage import ledger
from storage.health.tallies import count_runs
from storage.models import run

START = insert(run).returning(run.c.id)
FINISH = update(run).where(run.c.id == bindparam("own_id"))


def start(connection: Connection, source_id: int, *, at: dt.datetime, is_look: bool = True) -> int:
    """The id of a new run. `is_look`: it asks the source; else it reads what is stored."""
    row = {"source_id": source_id, "started_at": at, "tally": None if is_look else {}}
    return int(connection.execute(START, row).scalar_one())


def finish(
    connection: Connection, run_id: int, *, at: dt.datetime, reason: str, reached: bool = True
) -> ledger.Account:
    """Close a run with the account of what it did. `reached`: whether anything answered in it."""
    account = ledger.account(connection, run_id)
    connection.execute(
        FINISH,
        {
            "own_id": run_id,
            "finished_at": at,
            "reason": reason,
            "announced": account.announced,
            "outcomes": account.outcomes,
            "carried_over": account.carried_over,
        },
    )
    count_runs(connection, run_id, reached=reached)
    return account
