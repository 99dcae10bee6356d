"""A page that cannot be had, over and over, and then can: `newsarchive why` tells each attempt."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.command import Command
from tests.databases import Files, archive_on
from tests.postgresql import Server
from tests.site import Behaviour, Site, answer, story

ROBOTS = "robots.txt cannot be had, so nothing may be asked: the connection was refused"
FAST = ("-s", "RETRY_TIMES=2", "-s", "DOWNLOAD_TIMEOUT=5")
BUSY, READ = answer(b"busy", 503), answer(story("The pier stays closed"))


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """No answer at all."""
    handler.close_connection = True
    handler.connection.close()


def one_after_another(*behaviours: Behaviour) -> Behaviour:
    """Another answer each time."""
    left = iter(behaviours)
    return lambda handler: next(left)(handler)


def test_a_page_that_is_tried_again_and_again(databases: Files | Server, tmp_path: Path) -> None:
    with archive_on(databases, tmp_path / "db") as where:
        command = Command(tmp_path, where)
        with Site() as site:  # only to have a port that nobody else has
            pass
        url = f"{site.url}/pier"
        assert command.crawl(url, *FAST, code=1)["outcomes"] == {"network_error": 1}
        with Site(port=int(site.url.rpartition(":")[2])) as site:
            site.behave("/pier", one_after_another(BUSY, hang_up, READ, BUSY, BUSY, BUSY, BUSY, READ))
            assert command.crawl(url, *FAST)["outcomes"] == {"stored": 1}
            assert command.crawl(url, *FAST)["outcomes"] == {"http_error": 1}
            no_raw_bytes = ("-s", "ARCHIVE_CAPTURES=0")
            assert command.crawl(url, *FAST, *no_raw_bytes)["outcomes"] == {"unchanged": 1}
        life = json.loads(command("why", url, "--json"))
        shown = command("why", url)
    attempts = life["attempts"]
    told = [(one["run_id"], one["outcome"], one["http_status"], one["version"]) for one in attempts]
    assert told == [
        (1, "network_error", None, None),
        (2, "http_error", 503, None),
        (2, "network_error", None, None),
        (2, "stored", 200, 1),
        *([(3, "http_error", 503, None)] * 3),
        (4, "http_error", 503, None),
        (4, "unchanged", 200, None),
    ]
    reasons = [ROBOTS, "HTTP 503", "the connection was closed without an answer", None]
    assert [one["detail"] for one in attempts[:4]] == reasons
    kept = [one["run_id"] for one in attempts if one["warc_file"]]
    assert kept == [2, 2, 3, 3, 3]
    assert sorted(one["at"] for one in attempts) == [one["at"] for one in attempts]
    assert shown.count("HTTP 503") == 5
    assert "by a person" in shown
    assert "the connection was refused" in " ".join(shown.split())
