"""trafilatura's own command, which downloads in threads and reads in its one process."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from crawlers import PROCESSORS, Job

# A second's pause would measure the pause; loopback is an address that it refuses by itself.
CHANGED = {"SLEEP_TIME = 5.0": "SLEEP_TIME = 0", "SSRF_PROTECTION = on": "SSRF_PROTECTION = off"}


def command(job: Job) -> list[str]:
    settings = (files("trafilatura") / "settings.cfg").read_text(encoding="utf-8")
    for old, new in CHANGED.items():
        settings = settings.replace(old, new)
    (job.folder / "settings.cfg").write_text(settings, encoding="utf-8")
    return [
        str(Path(sys.executable).with_name("trafilatura")),
        *("--input-file", str(job.urls), "--output-dir", str(job.folder / "out")),
        *("--json", "--with-metadata", "--parallel", str(4 * PROCESSORS)),
        *("--config-file", str(job.folder / "settings.cfg")),
    ]


def stored(job: Job) -> Iterator[tuple[str, str]]:
    for file in (job.folder / "out").rglob("*.json"):
        found = json.loads(file.read_text(encoding="utf-8"))
        yield found["source"], found["text"]
