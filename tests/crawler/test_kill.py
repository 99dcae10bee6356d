"""A crawl that is killed at any moment loses no announced URL and stores no article twice."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections import Counter

import pytest

from crawler.demo import Newspaper
from storage.captures.folder import run_of
from tests.command import Command

KILLS = 20
ON_A_SERVER = 8  # kills, where the archive is in PostgreSQL: what differs there is the writer alone
SEED = 20260101
FASTER = ("-s", "ROBOTSTXT_OBEY=0")  # no Crawl-delay: 20 crawls in a minute


def test_many_kills(paper: Newspaper, on_each_engine: Command) -> None:
    """SIGKILL, again and again, over the whole crawl; then one to its end is as if nothing had been."""
    newsarchive = on_each_engine
    homes = [outlet.home_page for outlet in paper.outlets]
    undisturbed = Command(newsarchive.folder / "undisturbed")
    undisturbed.folder.mkdir()
    undisturbed.crawl(*homes, *FASTER)
    wanted = _ledger(undisturbed)
    chance = random.Random(SEED)
    kills = ON_A_SERVER if newsarchive.where else KILLS
    progress = [_killed(newsarchive, homes, chance) for _ in range(kills)]
    assert sum(0 < done < len(wanted) for done in progress) >= kills / 4, (
        f"all too early or too late: {progress}"
    )
    assert progress == sorted(progress), f"a kill took something back: {progress}"

    newsarchive.crawl(*homes, *FASTER)

    found = _ledger(newsarchive)
    assert set(found) == set(wanted)
    differing = {k: (wanted[k], found[k]) for k in wanted if wanted[k] != found[k]}
    assert not {k: v for k, v in differing.items() if not _same_story_other_address(*v)}, differing
    _assert_sound(newsarchive)
    assert _texts(newsarchive) == _texts(undisturbed)
    _assert_raw_bytes_are_whole(newsarchive)


def _killed(command: Command, homes: list[str], chance: random.Random) -> int:
    """Start a crawl, kill it at a random moment of its work; returns how many URLs have an outcome then."""
    before = len(_decided(command))
    with command.started("crawl", *homes, *FASTER) as process:
        # Half of the kills after a few URLs more, half at any time from the start of the process on.
        target = before + chance.randint(1, 9)
        latest = time.monotonic() + (20 if chance.random() < 0.5 else chance.uniform(0, 3))
        while time.monotonic() < latest and not process.has_ended and len(_decided(command)) < target:
            time.sleep(chance.uniform(0.005, 0.05))
        process.kill()
        process.wait(60)
    return len(_decided(command))


def _decided(command: Command) -> list[tuple[str, ...]]:
    return command.query("SELECT key FROM url WHERE outcome <> 'pending'")


def _ledger(command: Command) -> dict[str, str]:
    return {str(k): str(outcome) for k, outcome in command.query("SELECT key, outcome FROM url")}


def _same_story_other_address(one: str, other: str) -> bool:
    """Which address of a story is read first decides which of them stores it."""
    return {one, other} <= {"stored", "duplicate", "redirected", "unchanged", "updated"}


def _texts(command: Command) -> Counter[str]:
    """The articles by their text: of a story at two addresses the one that is read first is kept."""
    return Counter(
        str(body)
        for (body,) in command.query(
            "SELECT body FROM version JOIN article ON current_version_id = version.id"
        )
    )


def _assert_sound(command: Command) -> None:
    """Each article has a current version, and the search index has each article once."""
    assert command.query("SELECT id FROM article WHERE current_version_id IS NULL") == []
    assert command.query("SELECT id FROM version EXCEPT SELECT rowid FROM article_search") == command.query(
        "SELECT rowid FROM article_search EXCEPT SELECT id FROM version"
    )
    assert command.query("SELECT key FROM url WHERE outcome = 'stored' AND article_id IS NULL") == []


def _assert_raw_bytes_are_whole(command: Command) -> None:
    """Torn files are mended, each stored response has its row and its hash, each version its response."""
    report = json.loads(command("verify", "--json"))
    assert report["ok"]
    assert report["versions_without_raw_bytes"] == 0
    files = [path.name for path in command.folder.glob("*-captures/*/*")]
    killed = {run_id for (run_id,) in command.query("SELECT id FROM run WHERE reason IS NULL")}
    assert killed & {run_of(name) for name in files}
    assert not [name for name in files if not name.endswith(".warc.gz")]
    assert command.query("SELECT count(*) FROM capture WHERE run_id IS NULL") == [(0,)]


@pytest.mark.parametrize("wait", [0.0, 0.4])
def test_ctrl_c_ends_in_order(paper: Newspaper, newsarchive: Command, wait: float) -> None:
    """SIGINT finishes what is in flight, writes the run down, and says so with exit code 130."""
    process = subprocess.Popen(
        newsarchive.line("crawl", paper.outlets[0].home_page),
        env=newsarchive.environment(),
        cwd=newsarchive.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while len(_decided(newsarchive)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "announced" in out
    assert "Traceback" not in err
    assert newsarchive.query("SELECT reason FROM run") == [("shutdown",)]
