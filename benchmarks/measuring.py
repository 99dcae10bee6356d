"""What a command costs with all its processes, orphans included (Linux).

    python benchmarks/measuring.py COMMAND [ARG ...]

prints one JSON object: seconds, CPU seconds and peak memory in bytes: the highest sum of what its processes
hold, shared pages counted once (PSS), looked at twice a second.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
EVERY = 0.5  # seconds
LOOP = """
import time
start = time.process_time()
for _ in range(10_000_000): pass
print(time.process_time() - start)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command has cost."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int
    memory: list[int] = field(default_factory=list)
    # At each look.

    @property
    def busy(self) -> float:
        """The share of all processors' time."""
        return self.cpu_seconds / self.seconds / (os.cpu_count() or 1)


def measured(command: list[str], log: Path) -> Cost:
    """Run `command`, its output to `log`, under an observer of its own, and count nothing else."""
    observer = [sys.executable, __file__, *command]
    with log.open("wb") as errors:
        done = subprocess.run(observer, stdout=subprocess.PIPE, stderr=errors, check=True)
    return Cost(**json.loads(done.stdout))


def yardstick(processes: int) -> float:
    """Processor seconds of ten million rounds of an empty loop, in so many processes at once; their median.

    Hosts differ by several times from day to day. Where processors of a virtual machine share a core, the
    loop takes longer in two processes than in one.
    """
    running = [
        subprocess.Popen([sys.executable, "-c", LOOP], stdout=subprocess.PIPE) for _ in range(processes)
    ]
    return statistics.median(float(process.communicate()[0]) for process in running)


def observe(command: list[str]) -> Cost:
    """Run `command` in this process, which must run nothing else."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    looks: list[int] = []
    over = threading.Event()
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=sys.stderr)
    thread = threading.Thread(target=_look, args=(looks, over))
    thread.start()
    exit_code = process.wait()
    seconds = time.monotonic() - start
    with suppress(ChildProcessError):
        while True:
            os.wait()
    over.set()
    thread.join()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(
        seconds=seconds,
        cpu_seconds=spent.ru_utime + spent.ru_stime,
        peak_bytes=max(looks, default=0),
        exit_code=exit_code,
        memory=looks,
    )


def _look(looks: list[int], over: threading.Event) -> None:
    while not over.wait(EVERY):
        looks.append(sum(map(_held, _descendants(os.getpid()))))


def _descendants(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _held(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    print(json.dumps(asdict(observe(sys.argv[1:]))))
