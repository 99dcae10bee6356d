"""The sites of benchmarks/soak.py: loopback servers of one process, which write down who asked for what."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import select
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from soak_press import AGE, FAIR, Plan, article, crawl_delay, edition, feed, page_status, weather

HANGING = 20  # seconds after which a request that hangs is dropped
REST = 3  # seconds that a 429 asks for
WHO = re.compile(r"contact: (\S+?)@")


@dataclass
class Log:
    """One line a request, written as it ends."""

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, entry: dict[str, object]) -> None:
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


class Site:
    """What outlives a server that refuses connections for a while."""

    def __init__(self, plan: Plan, number: int, log: Log, calm: Event) -> None:
        self.plan, self.number, self.log, self.calm = plan, number, log, calm
        self.begun, self.opened = time.monotonic(), dt.datetime.now(dt.UTC)
        self.ended: float | None = None
        self.server: Server | None = Server(self, 0)
        self.port = self.server.server_port
        self.url = f"http://{self.address}:{self.port}"

    @property
    def address(self) -> str:
        return f"127.0.{1 + self.number // 250}.{1 + self.number % 250}"

    def elapsed(self) -> float:
        """Seconds of news; none appears once the faults are over."""
        if self.calm.is_set() and self.ended is None:
            self.ended = time.monotonic()
        return (self.ended or time.monotonic()) - self.begun

    def weather(self) -> str:
        return FAIR if self.calm.is_set() else weather(self.plan.seed, self.number, self.elapsed())

    def published(self, number: int) -> dt.datetime:
        return self.opened + dt.timedelta(seconds=number * self.plan.interval) - AGE

    def keep_open_or_shut(self) -> None:
        """Refuse connections when that is the weather, and take them again after it."""
        if self.weather() == "refuses" and self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        elif self.weather() != "refuses" and not self.server:
            with suppress(OSError):  # the next time
                self.server = Server(self, self.port)


class Server(ThreadingHTTPServer):
    """One site, as long as it takes connections."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Site, port: int) -> None:
        super().__init__((site.address, port), Handler)
        self.site = site
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def handle_error(self, request: object, address: object) -> None:
        """A crawler that is killed hangs up: that is the point."""


class Handler(BaseHTTPRequestHandler):
    """An answer, as the weather is."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.site = self.server.site
        at, status, fault = time.monotonic(), 0, self.site.weather()
        self.told: dict[str, object] = {}
        self.ended = 0.0
        try:
            # robots.txt is always there, so that what a host allows is known.
            status = self._robots() if self.path == "/robots.txt" else self._answer(fault)
        finally:
            who = WHO.search(self.headers.get("User-Agent", ""))
            asked = {"site": self.site.number, "path": self.path, "who": who[1] if who else None}
            entry = {
                **asked,
                "status": status,
                "fault": fault,
                "at": at,
                "end": self.ended or time.monotonic(),
            }
            self.site.log.write(entry | self.told)

    def _robots(self) -> int:
        delay = crawl_delay(self.site.number)
        rule = f"Crawl-delay: {delay}\n" if delay else ""
        return self._send(200, f"User-agent: *\n{rule}Disallow: /private\n".encode(), "text/plain")

    def _answer(self, fault: str) -> int:
        if fault in ("away", "refuses"):
            return self._drop()
        if fault == "hangs":
            select.select([self.connection], [], [], HANGING)  # readable: the other side has hung up
            return self._drop()
        if fault == "torn":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n<html><p>Torn")
            return self._drop()
        if fault == "429":
            return self._too_many()
        return self._feed(fault) if self.path.startswith("/feed") else self._page()

    def _too_many(self) -> int:
        """In seconds, or as a date."""
        until = time.time() + REST
        as_date = self.site.number % 2
        rest = int(until) - time.time() if as_date else REST
        word = format_datetime(dt.datetime.fromtimestamp(int(until), dt.UTC), usegmt=True)
        self.told["rests_until"] = time.monotonic() + rest
        return self._send(429, b"slower", "text/plain", ("Retry-After", word if as_date else str(REST)))

    def _feed(self, fault: str) -> int:
        if fault == "moved" and self.path == "/feed.xml":
            return self._send(301, b"", "text/plain", ("Location", "/feed-moved.xml"))
        if fault == "garbage":
            return self._send(200, random.Random(self.site.number).randbytes(2000), "application/xml")
        count = 1 + int(self.site.elapsed() / self.site.plan.interval)
        urls = [f"{self.site.url}/news/{number}" for number in range(count)]
        body, tag = feed(urls), f'"{count}"'
        if fault == "broken XML":
            return self._send(200, body[:20], "application/xml")
        if self.headers.get("If-None-Match") == tag:
            return self._send(304, b"", "application/xml", ("ETag", tag))
        self.told["named"] = urls
        return self._send(200, body, "application/xml", ("ETag", tag))

    def _page(self) -> int:
        name, site = self.path.removeprefix("/news/"), self.site
        number = int(name) if name.isdigit() else None
        if number is None or (status := page_status(number)) != 200:
            return self._send(404 if number is None else status, b"not here", "text/html")
        served = edition(site.plan, number, site.elapsed())
        body = article(site.plan.seed, site.number, number, served, site.published(number))
        self.told["edition"] = served
        return self._send(200, body, "text/html; charset=utf-8")

    def _drop(self) -> int:
        self.close_connection = True
        with suppress(OSError):
            self.wfile.flush()
        self.connection.close()
        return 0

    def _send(self, status: int, body: bytes, media_type: str, *headers: tuple[str, str]) -> int:
        self.send_response(status)
        for name, value in (("Content-Type", media_type), *headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.ended = time.monotonic()  # before the other side has it, which may ask again at once
        self.end_headers()
        self.wfile.write(body)
        return status

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


def serve(plan: Plan, calm: Event, over: Event, ready: Connection) -> None:
    """Serve all sites until `over`; `ready` gets their addresses. From `calm` on nothing goes wrong."""
    log = Log(plan.log)
    sites = [Site(plan, number, log, calm) for number in range(plan.sites)]
    ready.send([site.url for site in sites])
    while not over.wait(0.25):
        for site in sites:
            site.keep_open_or_shut()
