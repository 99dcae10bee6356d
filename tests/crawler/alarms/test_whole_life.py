"""A source's whole life over real HTTP: each turn is told within one look, by the right alarm, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.alarms import check
from storage.database import open_engine
from tests.command import Command
from tests.crawler.alarms.outlet import Outlet, push_back, remember_weeks
from tests.crawler.alarms.receivers import Hook, hook
from tests.site import Site

SLUG = "paper"


class Archive:
    """An archive that crawls the outlet for real, and checks after each look as the scheduler does."""

    def __init__(self, folder: Path, hook: Hook) -> None:
        self.command = Command(folder)
        self.hook = hook
        self.engine: Engine = open_engine(str(self.command.database))
        self.settings = {
            "ARCHIVE_DATABASE": str(self.command.database),
            "ARCHIVE_SOURCES": str(folder / "sources.toml"),
            "ARCHIVE_ALARM_WEBHOOK": hook.url,
            "ARCHIVE_ALARM_DISK_FREE": 0,
        }

    def subscribe(self, home: str) -> None:
        table = f'[sources.{SLUG}]\nname = "Paper"\nhome_page = "{home}/"\nfeeds = ["{home}/feed.xml"]\n'
        (self.command.folder / "sources.toml").write_text(table, encoding="utf-8")

    def look(self, code: int = 0) -> list[str]:
        """Crawl, check, check once more; what the webhook was told meanwhile."""
        before = len(self.hook.told)
        self.command.crawl(SLUG, "-s", "ARCHIVE_READERS=1", code=code)
        for _ in range(2):  # what was told is not told again
            check(self.engine, dt.datetime.now(dt.UTC), self.settings)
        return [f"{told['turn']} {told['rule']}" for told in self.hook.told[before:]]

    def days_pass(self, days: int = 1) -> None:
        push_back(self.engine, days)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with hook() as heard:
        archive = Archive(tmp_path, heard)
        yield archive
        archive.engine.dispose()


def test_a_whole_life(archive: Archive) -> None:
    with Site() as site, Site() as new_site:
        outlet = Outlet(site)
        archive.subscribe(site.url)
        remember_weeks(archive.engine, SLUG, f"{site.url}/", dt.datetime.now(dt.UTC))

        outlet.publish()
        assert archive.look() == []  # healthy

        archive.days_pass()
        assert archive.look() == []  # a quiet day is no silence yet
        archive.days_pass()
        assert archive.look() == ["raised silent"]

        outlet.publish()
        assert archive.look() == ["cleared silent"]  # back

        outlet.publish(consent=True)
        assert archive.look() == ["raised blocked"]
        outlet.mend()
        archive.days_pass()
        assert archive.look() == ["cleared blocked"]

        outlet.publish(bylines=False)
        assert archive.look() == ["raised no_byline"]  # a new layout
        outlet.publish()
        assert archive.look() == ["cleared no_byline"]

        outlet.move(new_site)
        assert archive.look() == ["raised moved"]
        archive.subscribe(new_site.url)
        outlet.publish()
        assert archive.look() == ["cleared moved"]

        outlet.close_down()
        assert archive.look() == ["raised gone"]
        outlet.publish()
        assert archive.look() == ["cleared gone"]

    told = archive.hook.told
    assert all(t["source"] == SLUG for t in told)
    assert len({t["id"] for t in told}) == len(told) == 10
    details = {t["rule"]: t["detail"] for t in told if t["turn"] == "raised"}
    assert details["silent"].startswith("it answers, and has announced nothing new for 48 hours")
    assert new_site.url.removeprefix("http://") in details["moved"]

    for number in range(3):  # its server is down: a failed look or two is no alarm
        assert archive.look(code=1) == (["raised unreachable"] if number == 2 else [])
