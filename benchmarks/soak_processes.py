"""The processes of benchmarks/soak.py: schedulers that are killed and started again, a person's crawls."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from soak_checks import Life

SETTINGS = (
    *("-s", "ARCHIVE_LEASE_SECONDS=4", "-s", "ARCHIVE_LOOK_SECONDS=0.5", "-s", "ARCHIVE_READERS=1"),
    *("-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_TIMEOUT=4", "-s", "ARCHIVE_RUN_SECONDS=60"),
    *("-s", "ARCHIVE_CHECK_MIN_MINUTES=0.2", "-s", "ARCHIVE_CHECK_MAX_MINUTES=2"),
)
LOADING_SECONDS = 60.0  # in which SIGTERM finds a process that does not listen yet, and ends it
FREEZE_SECONDS = 6.0  # longer than a lease


@dataclass(kw_only=True)
class Workplace:
    """Where all of them run."""

    folder: Path
    environment: dict[str, str]
    lives: list[Life] = field(default_factory=list)

    def begin(self, name: str, *arguments: str) -> tuple[subprocess.Popen[bytes], Life]:
        """Start a command; it tells the sites who it is."""
        life = Life(who=f"{name}-{len(self.lives)}", began=time.monotonic())
        self.lives.append(life)
        environment = {**self.environment, "NEWSARCHIVE_CONTACT": f"{life.who}@soak.example"}
        line = [sys.executable, "-m", "crawler", *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            log.write(f"--- {life.who}: {' '.join(arguments)}\n".encode())
            log.flush()
            process = subprocess.Popen(line, env=environment, cwd=self.folder, stdout=log, stderr=log)
        return process, life

    def run(self, *arguments: str) -> tuple[int, str]:
        """A command to its end, for what it says."""
        line = [sys.executable, "-m", "crawler", *arguments]
        done = subprocess.run(line, env=self.environment, cwd=self.folder, stdout=subprocess.PIPE, text=True)
        return done.returncode, done.stdout


class Scheduler:
    """`newsarchive schedule`, started again whenever it was killed."""

    def __init__(self, place: Workplace, name: str) -> None:
        self.place, self.name = place, name
        self.died = 0  # how often it ended by itself
        self.thaw_at: float | None = None
        self.start()

    def start(self) -> None:
        self.process, self.life = self.place.begin(self.name, "schedule", *SETTINGS)

    def kill(self) -> None:
        self.life.killed = time.monotonic()
        self.process.kill()
        self.process.wait()

    def kill_and_start(self) -> None:
        self.thaw_at = None
        self.kill()
        self.start()

    def kill_a_reader(self, chance: random.Random) -> None:
        """Kill one of the processes that read its pages, or what starts them."""
        if found := descendants(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)

    def freeze(self) -> None:
        """As a virtual machine that is moved: it comes back, and others have gone on meanwhile."""
        if self.thaw_at is None:
            self.process.send_signal(signal.SIGSTOP)
            self.thaw_at = time.monotonic() + FREEZE_SECONDS
            self.life.frozen.append((time.monotonic(), self.thaw_at + 1))

    def look_after(self) -> None:
        """Thaw it when it is time, start it again if it ended by itself, note its memory."""
        if self.thaw_at is not None and time.monotonic() >= self.thaw_at:
            self.thaw_at = None
            self.process.send_signal(signal.SIGCONT)
        if self.process.poll() is not None:
            self.died += 1
            self.start()
        own, readers = _resident(self.process.pid), sum(map(_resident, descendants(self.process.pid)))
        self.life.sizes.append((time.monotonic(), own, readers))

    def stop(self) -> None:
        """SIGTERM: it has to end in order."""
        if self.thaw_at is not None:
            self.process.send_signal(signal.SIGCONT)
        age = time.monotonic() - self.life.began
        self.process.terminate()
        code = self.process.wait(timeout=180)
        self.died += not (code == 0 or (code == -signal.SIGTERM and age < LOADING_SECONDS))


class Person:
    """Somebody who crawls a source by hand now and then, and looks for its edits."""

    def __init__(self, place: Workplace, slugs: list[str], every: float) -> None:
        self.place, self.slugs, self.every = place, slugs, every
        self.process: subprocess.Popen[bytes] | None = None
        self.next = time.monotonic() + every
        self.crawls = self.failed = 0

    def look_after(self, chance: random.Random) -> None:
        if self.process is not None and self.process.poll() is not None:
            self.failed += self.process.returncode not in (
                0,
                1,
            )  # 1: the site is away, or it is being crawled
            self.process = None
        if self.process is None and time.monotonic() >= self.next:
            self.next = time.monotonic() + self.every
            self.crawls += 1
            slug = chance.choice(self.slugs)
            self.process, _ = self.place.begin("hand", "crawl", slug, "--again", "1", *SETTINGS)

    def wait(self) -> None:
        if self.process is not None:
            self.failed += self.process.wait(timeout=180) not in (0, 1)
            self.process = None


def descendants(pid: int) -> list[int]:
    """The processes that a process, in whatever thread, or one of its children has started."""
    own: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            own += map(int, children.read_text("ascii").split())
    return own + [further for child in own for further in descendants(child)]


def _resident(pid: int) -> int:
    """KiB of memory."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
