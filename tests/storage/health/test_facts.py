"""What the rules are told, read from the database: the same on both, and not by reading all that there is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, text

from storage.database import writing
from storage.health import facts
from storage.models import run
from tests.storage.newsroom import NOON, Newsroom

MINUTE = dt.timedelta(minutes=1)
RUNS = 400  # of each source


def test_the_newest_looks_come_from_an_index_in_their_order(engine: Engine) -> None:
    with writing(engine) as connection:
        for slug in ("courier", "tagblatt", "heraldo"):
            source = Newsroom(connection, slug).source_id
            connection.execute(insert(run), [_run(source, number) for number in range(RUNS)])
        connection.execute(text("ANALYZE"))
    with engine.connect() as connection:
        asked = _asked_of_runs(connection)
        known = facts.source_facts(connection, now=NOON)
        plan = _plan(connection, *asked[0])
    for one in known:
        assert [look.at for look in one.looks] == [NOON + (RUNS - 1 - n) * MINUTE for n in range(facts.LOOKS)]
        assert list(one.looks.column("answered")) == [RUNS - n for n in range(facts.LOOKS)]
        assert set(one.looks.column("pages")) == {0}
    assert "ix_run_source_id_id" in plan
    assert "Sort" not in plan, plan
    assert "ORDER BY" not in plan, plan  # as SQLite tells of a sort


def _run(source: int, number: int) -> dict[str, Any]:
    return {
        "source_id": source,
        "started_at": NOON + number * MINUTE,
        "tally": {"answered": number + 1},
    }


def _asked_of_runs(connection: Connection) -> list[tuple[str, Any]]:
    """The statements to come that ask for looks, with what they are asked."""
    found: list[tuple[str, Any]] = []

    @event.listens_for(connection, "before_cursor_execute")
    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if "run.tally" in statement:
            found.append((statement, parameters))

    return found


def _plan(connection: Connection, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
    return "\n".join(str(row[-1]) for row in rows)
