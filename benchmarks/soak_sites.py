"""The sites of benchmarks/soak.py: loopback servers of one process, with news, changes and faults."""

from __future__ import annotations

import json
import random
import select
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

# A site has the same weather for so many seconds; most of it is fair.
SPELL = 10.0
FAIR = "fair"
WEATHER = (FAIR,) * 6 + ("away", "hangs", "garbage", "broken XML", "429", "moved")
# Seconds after which a request that hangs is dropped.
HANGING = 20
WORDS = [
    "harbour",
    "boat",
    "council",
    "bridge",
    "winter",
    "market",
    "river",
    "school",
    "budget",
    "station",
    "museum",
    "storm",
    "farmer",
    "mayor",
    "court",
    "library",
    "train",
    "coast",
    "forest",
    "hospital",
    "election",
    "baker",
    "theatre",
    "tunnel",
    "island",
    "factory",
    "garden",
    "lighthouse",
]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the sites do; the same seed does the same."""

    sites: int
    seed: int
    interval: float
    # Seconds between two articles of a site.
    log: Path
    # JSON lines: a request each.


def weather(seed: int, site: int, elapsed: float) -> str:
    """What a site is like at a moment."""
    return random.Random(f"{seed}/{site}/{int(elapsed / SPELL)}").choice(WEATHER)


def crawl_delay(site: int) -> float:
    """What its robots.txt asks for; 0: nothing."""
    return (0, 0.5, 1)[site % 3]


def page_status(number: int) -> int:
    """Some pages are announced and are not there."""
    return {5: 404, 9: 410}.get(number % 13, 200)


def article(seed: int, site: int, number: int, edition: int) -> bytes:
    """An article with a text of its own; later editions have an update more."""
    chance = random.Random(f"{seed}/{site}/{number}")
    headline = f"{chance.choice(WORDS).title()} {chance.choice(WORDS)} report {site}-{number}"
    paragraphs = [f"{headline}: {' '.join(chance.choices(WORDS, k=45))}." for _ in range(5)]
    paragraphs += [f"Update {edition}: {' '.join(chance.choices(WORDS, k=20))}."] if edition else []
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>"
        f'<meta property="og:type" content="article"></head><body><article><h1>{headline}</h1>{body}'
        "</article></body></html>"
    ).encode()


@dataclass
class Log:
    """One line a request, written as it ends."""

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, **entry: object) -> None:
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


class Server(ThreadingHTTPServer):
    """One site."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, plan: Plan, site: int, log: Log, calm: Event) -> None:
        super().__init__((f"127.0.{1 + site // 250}.{1 + site % 250}", 0), Handler)
        self.plan, self.site, self.log, self.calm = plan, site, log, calm
        self.url = f"http://{self.server_address[0]!s}:{self.server_port}"
        self.begun = time.monotonic()
        self.ended: float | None = None

    def handle_error(self, request: object, address: object) -> None:
        """A crawler that is killed hangs up: that is the point."""

    def elapsed(self) -> float:
        """Seconds of news; none appears once the faults are over."""
        if self.calm.is_set() and self.ended is None:
            self.ended = time.monotonic()
        return (self.ended or time.monotonic()) - self.begun

    def weather(self) -> str:
        return FAIR if self.calm.is_set() else weather(self.plan.seed, self.site, self.elapsed())


class Handler(BaseHTTPRequestHandler):
    """An answer, as the weather is."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        at, status, fault = time.monotonic(), 0, self.server.weather()
        self.named: list[str] = []
        try:
            # robots.txt is always there, so that what a host allows is known.
            status = self._robots() if self.path == "/robots.txt" else self._answer(fault)
        finally:
            entry = {"site": self.server.site, "path": self.path, "status": status, "fault": fault}
            self.server.log.write(at=at, end=time.monotonic(), named=self.named, **entry)

    def _robots(self) -> int:
        delay = crawl_delay(self.server.site)
        rule = f"Crawl-delay: {delay}\n" if delay else ""
        return self._send(200, f"User-agent: *\n{rule}Disallow: /private\n".encode(), "text/plain")

    def _answer(self, fault: str) -> int:
        if fault == "away":
            return self._drop()
        if fault == "hangs":
            select.select([self.connection], [], [], HANGING)  # readable: the other side has hung up
            return self._drop()
        if fault == "429":
            return self._send(429, b"slower", "text/plain", ("Retry-After", "3"))
        if self.path.startswith("/feed"):
            return self._feed(fault)
        return self._page()

    def _feed(self, fault: str) -> int:
        if fault == "moved" and self.path == "/feed.xml":
            return self._send(301, b"", "text/plain", ("Location", "/feed-moved.xml"))
        if fault == "garbage":
            return self._send(200, random.Random(self.server.site).randbytes(2000), "application/xml")
        count = 1 + int(self.server.elapsed() / self.server.plan.interval)
        urls = [f"{self.server.url}/news/{number}" for number in range(count)]
        items = "".join(f"<item><title>Report</title><link>{url}</link></item>" for url in urls)
        body = f'<rss version="2.0"><channel><title>Site</title>{items}</channel></rss>'.encode()
        if fault == "broken XML":
            return self._send(200, body[:20], "application/xml")
        self.named = urls
        return self._send(200, body, "application/xml")

    def _page(self) -> int:
        name = self.path.removeprefix("/news/")
        number = int(name) if name.isdigit() else None
        if number is None or (status := page_status(number)) != 200:
            return self._send(404 if number is None else status, b"not here", "text/html")
        plan, site = self.server.plan, self.server.site
        edition = int(self.server.elapsed() / 60) if number % 4 == 0 else 0
        return self._send(200, article(plan.seed, site, number, edition), "text/html; charset=utf-8")

    def _drop(self) -> int:
        self.close_connection = True
        self.connection.close()
        return 0

    def _send(self, status: int, body: bytes, media_type: str, *headers: tuple[str, str]) -> int:
        self.send_response(status)
        for name, value in (("Content-Type", media_type), *headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        return status

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


def serve(plan: Plan, calm: Event, over: Event, ready: Connection) -> None:
    """Serve all sites until `over`; `ready` gets their addresses. From `calm` on nothing goes wrong."""
    log = Log(plan.log)
    servers = [Server(plan, site, log, calm) for site in range(plan.sites)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ready.send([server.url for server in servers])
    over.wait()
