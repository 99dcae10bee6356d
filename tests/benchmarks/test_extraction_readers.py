"""benchmarks/extraction.py: which extractors are measured, what they may ask for, and README's table."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
extraction = import_module("extraction")
peers = import_module("peers")

URL = "https://news.example.org/2026/pier"
TEXTS = [
    "The harbour board said on Monday that the old pier would stay closed until the summer of next year.",
    "Its chair told the town council that the repairs had not been paid for so far, and that they must be.",
    "Fishermen who land their catch there were told by letter in the second week of February, she said.",
]
HTML = (
    f'<html lang="en"><head><title>Pier stays closed</title></head><body><article><h1>Pier stays closed</h1>'
    f"{''.join(f'<p>{text}</p>' for text in TEXTS)}</article></body></html>"
).encode()
TRUTH = {
    "id": "pier",
    "url": URL,
    "title": "Pier stays closed",
    "authors": None,
    "published": None,
    "summary": [],
    "sections": [{"headline": [], "paragraphs": TEXTS}],
    "images": None,
    "tags": None,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "pier.html").write_bytes(HTML)
    (tmp_path / "truth.jsonl").write_text(json.dumps(TRUTH) + "\n", encoding="utf-8")
    return tmp_path


def run(*arguments: object, script: str = "extraction.py") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=BENCHMARKS.parent)


@pytest.mark.parametrize("name", peers.PEERS)
def test_every_reader_finds_title_and_text(name: str) -> None:
    readers = peers.installed([name])
    if not readers:
        pytest.skip(f"{name} is not installed")
    found = readers[name](HTML, URL)
    assert found["title"] == "Pier stays closed"
    assert all(text in found["body"].split("\n") for text in TEXTS)


def test_a_reader_that_is_not_there_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "goose3", None)
    assert list(peers.installed(["trafilatura", "goose3"])) == ["trafilatura"]
    said = capsys.readouterr().err
    assert "goose3 is left out" in said
    assert "pip install -e '.[bench]'" in said


def test_no_reader_reaches_the_network() -> None:
    code = (
        "import socket, sys; sys.path.insert(0, 'benchmarks'); import peers; peers.keep_to_the_page();"
        "socket.create_connection(('127.0.0.1', 9))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=BENCHMARKS.parent, timeout=60
    )
    assert "a reader asked for the network" in done.stderr


def test_what_raises_has_found_nothing() -> None:
    def broken(*_: object) -> dict[str, object]:
        raise LookupError("no luck")

    assert extraction.attempt(broken, HTML, URL) == {"raised": "LookupError: no luck"}


def test_readme_has_the_tables_that_the_command_prints(folder: Path) -> None:
    done = run(folder, "--markdown", "--readers", "trafilatura")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "| share right, 1 pages | newsarchive | trafilatura |"
    assert lines[2].startswith("| body, F1 of 4-word shingles | 1.000 | 0.")
    readme = (BENCHMARKS.parent / "README.md").read_text(encoding="utf-8")
    first_cells = [line.split(" | ")[0] for line in lines[2:]]
    assert all(readme.count(f"\n{cell} | ") == 2 for cell in first_cells), first_cells


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "no truth.jsonl in nowhere"), ([".", "--readers", "goose4"], "no reader 'goose4'")],
)
def test_bad_input_is_one_line(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.returncode, said in done.stderr.splitlines()[-1]) == (2, True), done.stderr


def test_a_hostile_page_is_read_apart() -> None:
    done = run("nothing", "a <plaintext>", script="hostile.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 hostile pages, 0 failed" in done.stdout


def test_a_fuzz_run_ends_with_its_figures(folder: Path) -> None:
    done = run(folder, "--count", 200, script="fuzz_extraction.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 pages and 2 of them again, none failed" in done.stdout
