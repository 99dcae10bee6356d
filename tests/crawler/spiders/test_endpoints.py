"""What a crawl remembers of its endpoints: why they failed, what they ask for, where they have moved."""

from __future__ import annotations

import datetime as dt
import threading

from sqlalchemy import select

from storage.models import endpoint
from tests.command import Command
from tests.site import XML, Site, answer, rss, story


def test_what_is_remembered_of_endpoints(newsarchive: Command) -> None:
    gate = threading.Event()
    with Site() as site, Site() as closed, Site() as crowded, Site() as mute:
        page = site.serve("/news/1", story("Harbour"))
        lively = rss(page).replace(b"<title>Feed", b"<ttl>90</ttl><title>Feed")
        feeds = {
            "plain": site.serve("/plain.xml", rss(page), headers={**XML, "Cache-Control": "max-age=1800"}),
            "moved": site.serve("/moved.xml", b"", 301, {"Location": f"{site.url}/new.xml"}),
            "lent": site.serve("/lent.xml", b"", 302, {"Location": f"{site.url}/new.xml"}),
            "gone": site.serve("/gone.xml", b"", 410),
            "missing": f"{site.url}/missing.xml",
            "busy": crowded.serve("/busy.xml", b"", 429, {"Retry-After": "7200"}),
            "broken": site.serve("/broken.xml", b"<html><p>an error, with status 200", headers=XML),
            "unruly": closed.serve("/feed.xml", rss(page), headers=XML),
            "mute": mute.serve("/feed.xml", rss(page), headers=XML),
        }
        mute.behave("/robots.txt", lambda handler: (gate.wait(60), answer(b"")(handler))[1])
        site.serve("/new.xml", lively, headers=XML)
        closed.serve("/robots.txt", b"", 503, {"Retry-After": "0"})
        listed = ", ".join(f'"{url}"' for url in feeds.values())
        (newsarchive.folder / "sources.toml").write_text(
            f'[sources.a]\nhome_page = "{site.url}/"\nfeeds = [{listed}]\n', encoding="utf-8"
        )
        newsarchive.run("crawl", "a", "-s", "DOWNLOAD_TIMEOUT=5", "-s", "RETRY_TIMES=0")
        gate.set()
        rows = _endpoints(newsarchive)
        found = {name: rows[url] for name, url in feeds.items()}
        assert {name: row[0] for name, row in found.items()} == {
            "plain": None,
            "moved": None,
            "lent": None,
            "gone": "http_410",
            "missing": "http_404",
            "busy": "http_429",
            "broken": "broken",
            "unruly": "http_5xx",
            "mute": "timeout",
        }
        for unreachable in (closed, mute):  # its robots.txt is: so nothing may be asked (RFC 9309, 2.3.1.4)
            assert {"/robots.txt"} == set(unreachable.asked)
        assert [found[name][1] for name in ("plain", "moved", "lent")] == [1800, 5400, 5400]
        assert [found[name][2] for name in ("moved", "lent")] == [f"{site.url}/new.xml", None]
        assert 1.999 < float(str(found["busy"][3])) < 3  # hours: Retry-After is longer than the first rest
        assert float(str(found["gone"][3])) > 20

        # The next crawl asks where it has moved; when that fails, the old address again.
        site.asked.clear()
        site.behave("/new.xml", answer(b"", 404))
        newsarchive.run("crawl", "a")
        assert "/moved.xml" not in site.asked
        site.asked.clear()
        newsarchive.run("crawl", "a")
        assert "/moved.xml" in site.asked


def _endpoints(command: Command) -> dict[str, tuple[object, ...]]:
    at = endpoint.c
    columns = at.url, at.failure, at.asked_interval, at.moved_to, at.next_check_at, at.last_checked_at
    return {
        url: (*told, (due - checked) / dt.timedelta(hours=1) if due and checked else None)
        for url, *told, due, checked in command.query(select(*columns))
    }
