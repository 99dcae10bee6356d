"""The clock of a scheduling process: APScheduler, whose one job is kept in the archive's database.

It only says when to look. What is due stands in our own tables, so that a job
that is lost, late or run twice does no harm: a machine that slept, or was off
for a week, looks once and finds all that it has missed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from storage.models import scheduler_job

JOB = "newsarchive:look"  # one for an archive, whoever runs it
FUNCTION = "crawler.scheduling.clock:look"  # kept in the job store: renaming it orphans the job

_wakes: set[Callable[[], None]] = set()


def look() -> None:
    """Wake who waits in this process."""
    for wake in list(_wakes):
        wake()


@contextmanager
def ticking(engine: Engine, wake: Callable[[], None], *, seconds: float) -> Iterator[None]:
    """Call `wake`, from another thread, every so many seconds until the block ends."""
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=_patient(engine), tablename=scheduler_job.name)},
        executors={"default": DebugExecutor()},  # in the clock's own thread: to wake somebody takes no time
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=dt.UTC,
    )
    _wakes.add(wake)
    scheduler.start()
    try:
        scheduler.add_job(FUNCTION, "interval", seconds=seconds, id=JOB, replace_existing=True)
        yield
    finally:
        _wakes.discard(wake)
        scheduler.shutdown(wait=False)


def _patient(engine: Engine) -> Engine:
    """On a server, of two schedulers that note the next look at once one waits: neither's clock fails."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="READ COMMITTED")
