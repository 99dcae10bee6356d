"""The leases that this process has in an archive: taken, renewed while its event loop lives, let go.

A process that hangs or dies renews nothing, so that others go on with its work
when its leases run out. Of one that died on this machine they need not wait.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, TypeVar

from sqlalchemy import Connection

from storage import leases
from storage.errors import ArchiveError
from storage.leases import Holder, Kind, Lease
from storage.writer import Writer

T = TypeVar("T")

logger = logging.getLogger(__name__)

Key = tuple[Kind, str]
Wish = Callable[[str], None]

LONGEST_BEAT = 2.0  # seconds between two heartbeats, which also tell what others wait for


class Holding:
    """This process's leases in one archive, shared by its crawls."""

    _shared: ClassVar[dict[str, Holding]] = {}

    def __init__(self, writer: Writer, where: str, *, seconds: float, command: str) -> None:
        self.writer = writer
        self.where = where
        self.length = dt.timedelta(seconds=seconds)
        self.process = this_process()
        self.who = f"{command} (process {os.getpid()} on {socket.gethostname()})"
        self.lost: dict[Key, Wish] = {}  # what to do when a lease has gone to somebody else
        self.wanted: dict[Key, Wish] = {}  # … and when somebody waits for it
        self._known: dict[Key, Lease] = {}  # ours, as the database last had them
        self._users = 0
        self._beat: asyncio.Task[None] | None = None

    @classmethod
    def shared(cls, where: str, *, seconds: float, command: str = "a crawl") -> Holding:
        """The process's leases in the archive at `where`; each caller releases them once."""
        holding = cls._shared.get(where)
        if holding is None:
            holding = cls._shared[where] = cls(Writer.shared(where), where, seconds=seconds, command=command)
        holding._users += 1
        return holding

    def close(self) -> None:
        """Let go; with the last user the heart stops. Its leases are released by those who took them."""
        self._users -= 1
        if self._users:
            return
        self._shared.pop(self.where, None)
        if self._beat is not None:
            self._beat.cancel()
        self.writer.release()

    async def claim(self, kind: Kind, name: str, task: str, *, pause: float = 0.0) -> tuple[Lease, bool]:
        """Ask for a lease; returns it as it stands, and whether it is ours.

        `pause`: the seconds that a host rests whose last holder has not let go of it.
        """
        holder = self._holder(task)
        if kind is Kind.SOURCE and self.is_sure(kind, name, task):  # the scheduler has taken it for its crawl
            return self._known[kind, name], True
        found = await self._claim(kind, name, holder, pause)
        if not found.is_of(holder) and found.holder and is_dead(found.holder):
            logger.info("%s was left by %s, which has died", name, found.who)
            found = await self._claim(kind, name, holder, pause, instead_of=found.holder)
        if ours := found.is_of(holder):
            self._known[kind, name] = found
            self._keep_beating()
        elif found.holder == self.process and (wish := self.wanted.get((kind, name))):
            wish(name)  # another crawl of this process: no need to wait for the heartbeat
        return found, ours

    def is_sure(self, kind: Kind, name: str, task: str) -> bool:
        """Whether a lease is ours beyond doubt: it is not when this process, or its machine, stood still."""
        known, now = self._known.get((kind, name)), dt.datetime.now(dt.UTC)
        return known is not None and known.is_of(self._holder(task)) and known.is_held(now)

    async def release(self, kind: Kind, name: str, task: str, *, next_at: dt.datetime | None = None) -> None:
        """Let go of a lease; a host is not to be asked before `next_at`."""
        self.lost.pop((kind, name), None)
        self.wanted.pop((kind, name), None)
        self._known.pop((kind, name), None)
        holder = self._holder(task)
        await self._commit(lambda c: leases.release(c, kind, name, holder, next_at=next_at))

    async def rest(self, host: str, task: str, until: dt.datetime) -> None:
        """Write down at once that a host of ours is not to be asked before `until`."""
        holder = self._holder(task)
        await self._commit(lambda c: leases.rest(c, Kind.HOST, host, holder, until=until))

    def _holder(self, task: str) -> Holder:
        return Holder(process=self.process, task=task, who=self.who)

    async def _claim(
        self, kind: Kind, name: str, holder: Holder, pause: float, *, instead_of: str | None = None
    ) -> Lease:
        now, rest = dt.datetime.now(dt.UTC), dt.timedelta(seconds=pause)
        return await self._commit(
            lambda c: leases.claim(
                c, kind, name, holder, now=now, length=self.length, pause=rest, instead_of=instead_of
            )
        )

    async def _commit(self, operation: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self.writer.submit(operation))

    def _keep_beating(self) -> None:
        if self._beat is None or self._beat.done():
            self._beat = asyncio.get_running_loop().create_task(self._beat_on())

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(min(self.length.total_seconds() / 4, LONGEST_BEAT))
            try:
                await self._beat_once()
            except ArchiveError as error:  # the archive is busy; what runs out meanwhile is told next
                logger.warning("leases were not renewed: %s", error)

    async def _beat_once(self) -> None:
        watched = set(self.lost) | set(self.wanted)
        now = dt.datetime.now(dt.UTC)
        found = await self._commit(lambda c: leases.renew(c, self.process, now=now, length=self.length))
        self._known = found
        for key in watched - set(found):
            if wish := self.lost.pop(key, None):
                wish(key[1])
        for key, lease in found.items():
            if lease.wanted_at and (wish := self.wanted.get(key)):
                wish(key[1])


def this_process() -> str:
    """A name that no other process has, nor will have: machine, process, and when that began."""
    return f"{_machine()}|{os.getpid()}|{_began(os.getpid()) or os.urandom(4).hex()}"


def is_dead(process: str) -> bool:
    """Whether a process is known to have ended: it ran on this machine, and is no more."""
    machine, _, rest = process.partition("|")
    pid, _, began = rest.partition("|")
    if machine != _machine() or not pid.isdecimal() or not Path("/proc/self").exists():
        return False
    return _began(int(pid)) != began


def _machine() -> str:
    """Which machine, since when it runs, and which container of it: each counts its processes anew."""
    parts = [socket.gethostname()]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    with suppress(OSError):
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return " ".join(parts)


def _began(pid: int) -> str | None:
    """When a process began, in ticks of its machine; None where there is none, or only its ghost."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return fields[18] if state != "Z" and len(fields) > 18 else None
