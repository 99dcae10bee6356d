"""What names the code that read a page changes with that code, and with nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.extraction.identity import extractor_id

ROOT = Path(__file__).parents[3]
ASK = (
    "import time; from crawler.extraction import identity; begun = time.perf_counter(); "
    "print(identity.extractor_id()); print(time.perf_counter() - begun)"
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code, to be changed."""
    folder = tmp_path_factory.mktemp("code")
    for room in ("crawler", "storage"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "demo"))
    return folder


def ask(folder: Path) -> tuple[str, float]:
    """The name that the code in `folder` has, and the seconds that it took a fresh process."""
    done = subprocess.run([sys.executable, "-c", ASK], cwd=folder, capture_output=True, text=True, check=True)
    name, seconds = done.stdout.split()
    return name, float(seconds)


def test_it_is_the_same_wherever_the_code_lies(copy: Path) -> None:
    assert ask(copy)[0] == extractor_id()
    (copy / "crawler/extraction/__pycache__").mkdir(exist_ok=True)
    (copy / "crawler/extraction/__pycache__/x.pyc").write_bytes(b"compiled")
    (copy / "crawler/cli/app.py").write_text("# what extraction does not use")
    assert ask(copy)[0] == extractor_id()


@pytest.mark.parametrize(
    "path", ["crawler/extraction/byline.py", "storage/urls.py", "crawler/extraction/new.json"]
)
def test_it_changes_with_the_code(copy: Path, path: str) -> None:
    before = ask(copy)[0]
    with (copy / path).open("a") as file:
        file.write("\n")
    assert ask(copy)[0] != before


def test_it_changes_with_a_sources_own_settings() -> None:
    plain, own, other = (extractor_id(digest) for digest in ("", "12ab" * 16, "34cd" * 16))
    assert len({plain, own, other}) == 3
    assert own.startswith(plain)
    assert max(map(len, (plain, own, other))) <= 40  # version.extractor


def test_it_takes_no_time(copy: Path) -> None:
    assert min(ask(copy)[1] for _ in range(3)) < 0.1
    begun = time.perf_counter()
    for _ in range(1_000):
        extractor_id()
    assert time.perf_counter() - begun < 0.1
