"""A page that cannot be had, over and over, and then can: `newsarchive why` tells each attempt."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("keeps_raw_bytes", [True, False])
def test_a_page_that_is_tried_again_and_again(
    databases: Files | Server, tmp_path: Path, keeps_raw_bytes: bool
) -> None:
    flags = (*FAST, "-s", f"ARCHIVE_CAPTURES={int(keeps_raw_bytes)}")
    with archive_on(databases, tmp_path / "db") as where:
        command = Command(tmp_path, where)
        with Site() as site:  # only to have a port that nobody else has
            pass
        url = f"{site.url}/pier"
        assert command.crawl(url, *flags, code=1)["outcomes"] == {"network_error": 1}
        with Site(port=int(site.url.rpartition(":")[2])) as site:
            site.behave("/pier", one_after_another(BUSY, hang_up, BUSY, BUSY, READ, READ))
            assert command.crawl(url, *flags)["outcomes"] == {"http_error": 1}
            assert command.crawl(url, *flags)["outcomes"] == {"stored": 1}
            assert command.crawl(url, *flags)["outcomes"] == {"unchanged": 1}
        life = json.loads(command("why", url, "--json"))
        shown = command("why", url)
    attempts = life["attempts"]
    assert [(one["run_id"], one["outcome"], one["http_status"], one["version"]) for one in attempts] == [
        (1, "network_error", None, None),
        (2, "http_error", 503, None),
        (2, "network_error", None, None),
        (2, "http_error", 503, None),
        (3, "http_error", 503, None),
        (3, "stored", 200, 1 if keeps_raw_bytes else None),
        (4, "unchanged", 200, None),
    ]
    assert attempts[0]["detail"] == ROBOTS
    assert attempts[1]["detail"] == "HTTP 503"
    assert attempts[2]["detail"] == "the connection was closed without an answer"
    answered = [one["http_status"] is not None for one in attempts]
    assert [one["warc_file"] is not None for one in attempts] == [keeps_raw_bytes and it for it in answered]
    assert len({one["warc_file"] for one in attempts if one["warc_file"]}) == 3 * keeps_raw_bytes
    assert sorted(one["at"] for one in attempts) == [one["at"] for one in attempts]
    assert shown.count("HTTP 503") == 3
    assert "by a person" in shown
    assert "the connection was refused" in " ".join(shown.split())
