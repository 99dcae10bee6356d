"""Reading in real worker processes: whatever one page does, the next ones are read."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from py3langid import langid

from crawler.extraction import extract
from crawler.extraction.pool import ReaderError, ReaderPool
from tests.site import story

ROOT = Path(__file__).parents[3]
CRAWL = """
import asyncio, os, sys, time
from crawler.extraction.pool import ReaderPool
async def main():
    pool = ReaderPool(2)
    print(*await asyncio.gather(*(pool.run(os.getpid) for _ in range(20))), flush=True)
    await pool.run(time.sleep, 60)
if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    pool = ReaderPool(2, seconds=3)
    asyncio.run(pool.run(os.getpid))  # how long it takes to start is not what is tested
    yield pool
    pool.close()


def _gobble() -> int:
    return len(bytes(1 << 40))


def _no_luck() -> None:
    raise LookupError("no luck")


def _fails(pool: ReaderPool, function: object, *arguments: object) -> str:
    with pytest.raises(ReaderError) as caught:
        asyncio.run(pool.run(function, *arguments))  # type: ignore[arg-type]
    return str(caught.value)


def test_a_page_that_takes_too_long(pool: ReaderPool) -> None:
    started = time.monotonic()
    assert "longer than 3 s" in _fails(pool, time.sleep, 30)
    assert time.monotonic() - started < 20


def test_a_page_that_ends_its_worker(pool: ReaderPool) -> None:
    assert "exit code 3" in _fails(pool, os._exit, 3)


def test_all_workers_are_killed_at_once_again_and_again(pool: ReaderPool) -> None:
    """At work, idle, in the middle of a transfer, with what they are forked from: every page is read."""

    async def read(pages: list[bytes]) -> list[int]:
        return await asyncio.gather(*(pool.run(len, page) for page in pages))

    async def killed_meanwhile() -> None:
        pages = [bytes(1_000_000 + n) for n in range(40)]
        for moment in (0.0, 0.003, 0.006, 0.01, 0.02, 0.05):
            reading = asyncio.ensure_future(read(pages))
            await asyncio.sleep(moment)
            _kill(_children())
            assert await asyncio.wait_for(reading, 60) == [len(page) for page in pages]
            await asyncio.sleep(0.05)
            _kill(_children())

    asyncio.run(killed_meanwhile())


def _children(pid: int | str = "self") -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid() if pid == "self" else pid)],
        capture_output=True,
        text=True,
    )
    own = [int(line.split()[0]) for line in found.stdout.splitlines() if "forkserver" in line]
    return own + [further for child in own for further in _children(child)]


def _kill(processes: list[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def test_a_page_that_wants_all_memory(pool: ReaderPool) -> None:
    assert "memory" in _fails(pool, _gobble)


def _loaded_by_a_page(page: bytes) -> list[str]:
    assert langid.IDENTIFIER is not None  # the language model, which takes longest
    before = set(sys.modules)
    assert extract(page, "https://example.org/boats").in_language == "en"
    return sorted(set(sys.modules) - before)


def test_a_worker_has_loaded_all_that_its_first_page_needs(pool: ReaderPool) -> None:
    assert asyncio.run(pool.run(_loaded_by_a_page, story("Boats"))) == []


def test_what_reading_raises_is_raised_here(pool: ReaderPool) -> None:
    with pytest.raises(LookupError, match="no luck"):
        asyncio.run(pool.run(_no_luck))


def test_after_all_this_every_page_is_read(pool: ReaderPool) -> None:
    async def read() -> list[int]:
        doomed = [pool.run(os._exit, 1) for _ in range(2)]
        good = [pool.run(abs, -n) for n in range(200)]
        found = await asyncio.gather(*doomed, *good, return_exceptions=True)
        assert all(isinstance(error, ReaderError) for error in found[:2])
        return found[2:]  # type: ignore[return-value]

    assert asyncio.run(read()) == list(range(200))


def test_one_pool_for_all_crawls_until_the_last_lets_go() -> None:
    one, other = ReaderPool.shared(1, seconds=5), ReaderPool.shared(1, seconds=5)
    assert one is other
    one.release()
    worker = asyncio.run(other.run(os.getpid))
    assert worker != os.getpid()
    other.release()
    _await_end([worker])
    fresh = ReaderPool.shared(1, seconds=5)
    assert fresh is not one
    fresh.release()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks /proc")
def test_workers_die_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "crawl.py"
    script.write_text(CRAWL)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert parent.stdout is not None
    workers = {int(word) for word in parent.stdout.readline().split()}
    assert workers
    assert all(_runs(pid) for pid in workers)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _await_end(workers)


def _await_end(processes: set[int] | list[int]) -> None:
    deadline = time.monotonic() + 10
    while any(map(_runs, processes)):
        assert time.monotonic() < deadline, "workers live on"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
