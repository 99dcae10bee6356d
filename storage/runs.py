"""One crawl of one source, written down from start to end."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, update

from storage import ledger
from storage.models import run


def start(connection: Connection, source_id: int, *, at: dt.datetime) -> int:
    """The id of a new run."""
    row = {"source_id": source_id, "started_at": at}
    return int(connection.execute(insert(run).returning(run.c.id), row).scalar_one())


def finish(connection: Connection, run_id: int, *, at: dt.datetime, reason: str) -> ledger.Account:
    """Close a run with the account of what it did."""
    account = ledger.account(connection, run_id)
    connection.execute(
        update(run)
        .where(run.c.id == run_id)
        .values(
            finished_at=at,
            reason=reason,
            announced=account.announced,
            outcomes=account.outcomes,
            carried_over=account.carried_over,
        )
    )
    return account
