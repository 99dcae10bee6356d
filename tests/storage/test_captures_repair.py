"""What a killed process leaves behind is mended, and what a living one writes is left alone."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from pathlib import Path

import pytest

from storage.captures.reading import read, responses
from storage.captures.records import members
from storage.captures.repair import Repaired, repair
from storage.records import Capture
from tests.storage.test_captures import GZIPPED, exchange, files, only_file, written


class Adopted:
    """Takes what a repair hands over."""

    def __init__(self) -> None:
        self.captures: list[Capture] = []
        self.runs: list[int | None] = []

    def __call__(self, captures: list[Capture], run_id: int | None) -> None:
        self.captures += captures
        self.runs.append(run_id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "captures"


def left_open(folder: Path, content: bytes, name: str = "20260302120000-7-00001") -> Path:
    path = folder / "courier" / f"{name}.warc.gz.open"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def three(folder: Path) -> tuple[list[Capture], bytes]:
    """Three captures, and the bytes of their file, which is taken away."""
    captures = written(folder, *(exchange(f"https://courier.example/{n}") for n in range(3)))
    content = only_file(folder).read_bytes()
    only_file(folder).unlink()
    return captures, content


def test_torn_at_every_byte(folder: Path) -> None:
    """Wherever it is torn: whole records are kept, the rest is cut off, the file can be read again."""
    captures, content = three(folder)
    ends = [capture.warc_offset + capture.warc_length for capture in captures]
    for size in (*range(0, len(content), 17), len(content) - 1, *ends, *(end - 1 for end in ends)):
        path = left_open(folder, content[:size])
        adopted = Adopted()
        [done] = repair(folder, "courier", adopted)
        whole = sum(end <= size for end in ends)
        assert (done.captures, len(adopted.captures)) == (whole, whole), size
        assert not path.exists()
        if not whole:
            assert not list(folder.rglob("*.warc.gz"))
            continue
        assert [found.capture.sha256 for found in responses(only_file(folder))] == [
            capture.sha256 for capture in captures[:whole]
        ]
        assert [read(folder, capture).capture for capture in adopted.captures] == adopted.captures
        assert [c.sha256 for c in adopted.captures] == [c.sha256 for c in captures[:whole]]
        assert only_file(folder).stat().st_size == size - done.cut
        only_file(folder).unlink()


def test_a_page_that_pretends_to_be_a_record(folder: Path) -> None:
    """It lies there as it came, sound in itself; in a torn record it must not be taken for one."""
    noise = random.Random(3)
    forged = members(exchange("https://courier.example/never-there"), "<urn:uuid:forged>").response
    around = gzip.compress(noise.randbytes(40_000))  # a server may well pack its page in several members
    run = files(folder)
    run.write(exchange())
    torn = run.write(exchange(body=around + forged + around, headers=GZIPPED))
    run.close()
    content = only_file(folder).read_bytes()
    assert forged in content
    only_file(folder).unlink()
    left_open(folder, content[: torn.warc_offset + torn.warc_length - 4])
    [done] = repair(folder, "courier", Adopted())
    assert (done.captures, done.cut) == (1, torn.warc_length - 4)


def test_zeros_at_the_end(folder: Path) -> None:
    """What a power cut leaves: the file has its length, and its last pages were never written."""
    captures, content = three(folder)
    left_open(folder, content[: captures[2].warc_offset] + b"\0" * 5_000)
    [done] = repair(folder, "courier", Adopted())
    assert (done.captures, done.cut) == (2, 5_000)


def test_damage_in_the_middle_costs_no_more_than_itself(folder: Path) -> None:
    captures, content = three(folder)
    hole = captures[1].warc_offset + 30
    left_open(folder, content[:hole] + b"\xff" * 60 + content[hole + 60 :])
    adopted = Adopted()
    [done] = repair(folder, "courier", adopted)
    assert [capture.url for capture in adopted.captures] == [captures[0].url, captures[2].url]
    assert done.cut == 0


def test_a_file_that_is_being_written_is_left_alone(folder: Path) -> None:
    """Also by another process: the lock is the operating system's."""
    run = files(folder)
    capture = run.write(exchange())
    mend = (
        "import sys, pathlib; from storage.captures.repair import repair\n"
        "print(repair(pathlib.Path(sys.argv[1]), 'courier', lambda *_: None))"
    )
    done = subprocess.run(
        [sys.executable, "-c", mend, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert repair(folder, "courier", Adopted()) == []
    run.write(exchange())
    run.close()
    assert len(list(responses(folder / capture.warc_file))) == 2


def test_a_killed_writer(folder: Path) -> None:
    """SIGKILL in the middle of writing: the repair finds each capture that was reported as written."""
    write = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[2])\n"
        "from tests.storage.test_captures import exchange, files\n"
        "run = files(pathlib.Path(sys.argv[1]), run_id=9)\n"
        "for n in range(100000):\n"
        "    print(run.write(exchange(f'https://courier.example/{n}')).warc_offset, flush=True)\n"
    )
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", write, str(folder), root], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    reported = [int(process.stdout.readline()) for _ in range(random.Random(5).randint(5, 40))]
    process.kill()
    reported += [int(line) for line in process.stdout if line.endswith("\n")]
    process.wait()
    adopted = Adopted()
    [done] = repair(folder, "courier", adopted)
    assert {capture.warc_offset for capture in adopted.captures} >= set(reported)
    assert adopted.runs == [9]
    assert done.captures == len(list(responses(only_file(folder))))
    assert repair(folder, "courier", adopted) == []


def test_only_the_files_of_one_source(folder: Path) -> None:
    _, content = three(folder)
    path = left_open(folder, content)
    assert repair(folder, "other", Adopted()) == []
    assert path.exists()
    [done] = repair(folder, "courier", Adopted())
    assert done == Repaired(name="courier/20260302120000-7-00001.warc.gz", captures=3, cut=0)


def test_a_repair_that_cannot_write_rows_is_done_again(folder: Path) -> None:
    _, content = three(folder)
    path = left_open(folder, content[:-20])

    def refuse(captures: list[Capture], run_id: int | None) -> None:
        raise RuntimeError("the database is full")

    with pytest.raises(RuntimeError):
        repair(folder, "courier", refuse)
    assert path.exists()
    adopted = Adopted()
    repair(folder, "courier", adopted)
    assert len(adopted.captures) == 3
