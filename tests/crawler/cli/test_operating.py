"""The commands of whoever runs an archive: status, alarms, coverage, why, doctor, metrics."""

from __future__ import annotations

import datetime as dt
import json
import logging
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.doctor import sites
from crawler.doctor.here import checks
from crawler.doctor.spider import Visit
from crawler.log import formatter
from crawler.metrics import parse_address
from crawler.sources import Source
from storage.errors import UsageError
from tests.command import Command
from tests.crawler.alarms.receivers import free_port, hook
from tests.site import XML, Site, answer, rss, story

MISSING = "No alarm is raised."


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as served:
        urls = [served.serve(f"/news/story-{n}", story(f"Harbour news {n}")) for n in range(4)]
        served.serve("/feed", rss(*urls, f"{served.url}/news/lost"), headers=XML)
        link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        page = f"<html lang=en><head><title>Gazette</title>{link}</head><body></body></html>"
        served.serve("/", page.encode())
        yield served


@pytest.fixture(scope="module")
def archived(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("operated"))
    table = f'[sources.gazette]\nhome_page = "{site.url}/"\nfeeds = ["{site.url}/feed"]\n'
    table += 'exclude = ["/podcasts/"]\nevery = "3h"\n'
    (command.folder / "sources.toml").write_text(table, encoding="utf-8")
    assert command.crawl("gazette", "-s", "ARCHIVE_READERS=1")["outcomes"] == {"stored": 4, "gone": 1}
    return command


def test_status_of_a_source_that_is_well(archived: Command) -> None:
    told = json.loads(archived("status", "--json"))
    assert (told["ok"], told["articles"], told["troubles"]) == (True, 4, [])
    [gazette] = told["sources"]
    assert (gazette["articles_a_day"], gazette["usual_articles"], gazette["troubles"]) == ([4], None, [])
    assert gazette["outcomes"] == {"stored": 4, "gone": 1}
    assert gazette["shares"]["no_byline"] == {"part": 4, "whole": 4, "share": 1.0, "usual": None}
    [planned] = json.loads(archived("next", "--json"))
    assert gazette["next_run"] == planned["next"]
    late = dt.datetime.fromisoformat(planned["next"]) - dt.datetime.fromisoformat(gazette["last_success"])
    assert dt.timedelta() <= late - dt.timedelta(hours=3) < dt.timedelta(minutes=5)
    shown = archived("status")
    assert "gazette" in shown
    assert "nothing is wrong" in shown


def test_alarms_are_raised_told_and_shown(archived: Command) -> None:
    full = ("-s", "ARCHIVE_ALARM_DISK_FREE=1e18")
    assert MISSING in archived("alarms", "--check")
    assert json.loads(archived("status", "--json", *full, code=1))["troubles"][0]["rule"] == "disk_full"
    with hook() as heard:
        told = json.loads(
            archived("alarms", "--check", "--json", *full, "-s", f"ARCHIVE_ALARM_WEBHOOK={heard.url}", code=1)
        )
        assert [alarm["rule"] for alarm in told] == ["disk_full"]
        assert told[0]["source"] is None
        archived("alarms", "--check", "-s", f"ARCHIVE_ALARM_WEBHOOK={heard.url}")
    assert [(t["turn"], t["rule"]) for t in heard.told] == [("raised", "disk_full"), ("cleared", "disk_full")]
    assert "disk_full" in archived("alarms", "--all")


def test_coverage(archived: Command, site: Site) -> None:
    [day] = json.loads(archived("coverage", "--json"))
    assert (day["source"], day["sight"], day["announced"], day["stored"]) == ("gazette", "seen", 5, 4)
    assert day["methods"] == {"feed": {"urls": 5, "articles": 4, "alone": 5}}
    for shown in (archived("coverage"), archived("coverage", "gazette")):
        assert "feed 5" in shown
    done = archived.run("coverage", "nobody")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert archived.run("coverage", "--since", "2999-01-01").returncode == 2


def test_why(archived: Command, site: Site) -> None:
    life = json.loads(archived("why", f"{site.url}/news/story-1?utm_source=x", "--json"))
    assert life["announcers"][0]["method"] == "feed"
    assert [(r["http_status"], r["version"]) for r in life["attempts"]] == [(200, 1)]
    assert (life["is_alias"], len(life["versions"])) == (False, 1)
    shown = archived("why", f"{site.url}/news/lost")
    assert "HTTP 404" in shown
    assert "announced" in shown
    unknown = json.loads(archived("why", f"{site.url}/news/story-9", "--json", code=1))
    assert unknown["rules"] == {"gazette": "would take it, were it announced"}
    assert f"{site.url}/news/story-1" in unknown["near"]
    refused = archived("why", f"{site.url}/podcasts/7", code=1)
    assert "would refuse it: matches exclude = '/podcasts/'" in refused
    archived("why", "no address", code=2)


def test_doctor(archived: Command, site: Site) -> None:
    def doctor(*flags: str, code: int) -> dict[str, Any]:
        told = json.loads(archived("doctor", "--json", *flags, code=code))
        return {check["name"]: check for check in told["checks"]}

    well = doctor(code=0)
    assert {"versions", "sqlite", "database", "sources", "settings", "disk", "captures", "torn files"} < set(
        well
    )
    assert well["gazette"]["detail"] == f"feed: {site.url}/feed"
    assert well["clock"]["ok"]
    torn = archived.folder / "archive-captures" / "gazette" / "20260101000000-9-00001.warc.gz.open"
    torn.write_bytes(b"")
    feed = site.routes["/feed"]
    site.routes["/feed"] = answer(b"gone", 404)
    try:
        ill = doctor("-s", "ARCHIVE_ALARM_WEBHOOK=example.org", code=1)
        assert {name for name, check in ill.items() if not check["ok"]} == {
            "settings",
            "torn files",
            "gazette",
        }
        assert all(check["remedy"] for check in ill.values() if not check["ok"])
        assert "gazette" not in doctor("--offline", code=1)
    finally:
        site.routes["/feed"] = feed
        torn.unlink()


def test_doctor_without_an_archive(tmp_path: Path) -> None:
    found = {
        c.name: c for c in checks(str(tmp_path / "no.db"), {}, tmp_path / "no.toml", tmp_path / "captures")
    }
    assert not found["database"].ok
    assert "no archive" in found["database"].detail
    assert found["sources"].ok


def visit(error: str = "", ahead: float | None = None) -> Visit:
    return Visit(source=Source(slug="s", name="s", home_page="https://s.example/"), error=error, ahead=ahead)


def test_a_clock_is_judged_by_most_servers() -> None:
    assert next(sites.checks([visit(ahead=a) for a in (1.0, 0.5, 9000.0)])).ok
    wrong = next(sites.checks([visit(ahead=a) for a in (-400.0, -401.0, 0.0)]))
    assert (wrong.name, wrong.ok) == ("clock", False)
    assert "400 s behind" in wrong.detail
    assert [check.name for check in sites.checks([visit(error="robots.txt forbids it")])] == ["s"]


def test_metrics(archived: Command) -> None:
    def samples(text: str) -> dict[tuple[str, str], float]:
        families = text_string_to_metric_families(text)
        return {(s.name, s.labels.get("outcome", "")): s.value for f in families for s in f.samples}

    printed = samples(archived("metrics"))
    assert printed["newsarchive_articles", ""] == 4
    assert printed["newsarchive_urls", "gone"] == 1
    assert abs(printed["newsarchive_last_success_timestamp_seconds", ""] - time.time()) < 3600
    assert printed["newsarchive_database_bytes", ""] == archived.database.stat().st_size
    port = free_port()
    line = archived.line("metrics", "--serve", f"127.0.0.1:{port}")
    with subprocess.Popen(
        line, cwd=archived.folder, env=archived.environment(), stderr=subprocess.PIPE
    ) as serving:
        try:
            assert serving.stderr is not None
            serving.stderr.readline()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as response:
                served = samples(response.read().decode())
        finally:
            serving.terminate()
    assert served["newsarchive_articles", ""] == 4
    assert "process_cpu_seconds_total" in {name for name, _ in served}


@pytest.mark.parametrize("address", ["9300", ":9300", "127.0.0.1:", "127.0.0.1:99999", "localhost:x"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9300"):
        parse_address(address)


def test_log_lines_as_json() -> None:
    record = logging.LogRecord("crawler", logging.WARNING, "f", 1, "%d pages\nlost", (3,), None)
    record.rule = "silent"
    try:
        raise ValueError("no")
    except ValueError:
        record.exc_info = sys.exc_info()
    line = formatter("json").format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["message"], told["rule"]) == ("warning", "3 pages\nlost", "silent")
    assert dt.datetime.fromisoformat(told["time"]).tzinfo
    assert "ValueError: no" in told["exception"]
    with pytest.raises(UsageError, match="text and json"):
        formatter("xml")


def test_a_crawl_logs_json_where_the_setting_says_so(archived: Command) -> None:
    done = archived.run("crawl", "gazette", "-v", "-s", "ARCHIVE_LOG_FORMAT=json", "-s", "ARCHIVE_READERS=1")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["level"] for line in lines} >= {"info"}
