"""The clocks of two schedulers of one archive: neither stops the other's."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from crawler.scheduling.clock import ticking
from storage.database import open_engine
from tests.databases import Files, archive_on
from tests.postgresql import Server


def test_two_clocks_of_one_archive_go_on(
    tmp_path: Path, databases: Files | Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda hook: failed.append(str(hook.exc_value)))
    ticks: list[int] = []
    with archive_on(databases, tmp_path) as where:
        one, other = open_engine(where), open_engine(where)
        with (
            ticking(one, lambda: ticks.append(1), seconds=0.02),
            ticking(other, lambda: ticks.append(2), seconds=0.02),
        ):
            time.sleep(3)
        one.dispose()
        other.dispose()
    assert not failed
    assert ticks
