"""What a second crawl costs that finds nothing new: CPU seconds in all, and milliseconds a source.

    python benchmarks/quiet.py [--sources 1000] [--urls 1000] [--answers 304|same|anew] [--database URL]

The sources are hosts of their own on loopback, each with robots.txt and a sitemap whose addresses the archive
knows. The sitemap answers 304, or 200 with the bytes that were read last ("same"), or so that it has to be
read again ("anew"). What is counted is `newsarchive schedule --once` with all that it starts, start-up
included; of a PostgreSQL server nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import resource
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from growth_loading import columns, loading
from soak_processes import descendants
from sqlalchemy import ColumnElement, Connection, Engine, func, insert, literal, select

from crawler.items import EndpointKind
from crawler.scheduling.announcing import Rules, answer_digest
from crawler.scheduling.policy import Appetite
from storage import leases, runs, sources
from storage.database import open_engine, writing
from storage.leases import Holder, Kind
from storage.models import announcement, run, url
from storage.records import Outcome
from storage.sources import Reading
from storage.urls import key

TAG = '"same"'
FIRST_CRAWL = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
WRITTEN = FIRST_CRAWL - dt.timedelta(days=1)
ANSWERS = ("304", "same", "anew")


def addresses(home: str, number: int) -> list[str]:
    """What a source's sitemap names."""
    return [f"{home}/news/2026/11/story-{n:06d}-of-the-harbour-and-the-town.html" for n in range(number)]


def sitemap(home: str, number: int) -> bytes:
    """A source's sitemap."""
    date = WRITTEN.isoformat(timespec="seconds")
    entries = "".join(
        f"<url><loc>{address}</loc><lastmod>{date}</lastmod></url>\n" for address in addresses(home, number)
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>'.encode()


def host(n: int) -> str:
    """The address of the n-th source."""
    return f"127.1.{n // 250}.{1 + n % 250}"


def serve(hosts: int, urls: int, is_conditional: bool, ready: Pipe) -> None:
    """All hosts at once, each at a loopback address of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            same = is_conditional and self.headers.get("If-None-Match") == TAG
            body = (
                b"" if same or self.path == "/robots.txt" else sitemap(f"http://{self.headers['Host']}", urls)
            )
            self.send_response(304 if same else 200)
            if is_conditional:
                self.send_header("ETag", TAG)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port = 0
    with selectors.DefaultSelector() as selector:
        for n in range(hosts):
            server = ThreadingHTTPServer((host(n), port), Handler)
            port = server.server_port
            selector.register(server, selectors.EVENT_READ, server)
        ready.send(port)
        while True:
            for asked, _ in selector.select():
                asked.data.handle_request()


def fill(connection: Connection, home: str, name: str, options: argparse.Namespace) -> None:
    """What a first crawl of a source has left in the archive, but for the addresses."""
    source_id = sources.keep_source(connection, slug=name, name=name, home_page=f"{home}/")
    run_id = runs.start(connection, source_id, at=FIRST_CRAWL)
    place = f"{home}/sitemap.xml"
    [state] = sources.keep_endpoints(connection, source_id, [(place, EndpointKind.SITEMAP, None)])
    assert source_id == run_id == state.id, "the archive was not empty"  # `name_all` counts on it
    rules = Rules(home_page=f"{home}/", appetite=Appetite())
    digest = answer_digest(sitemap(home, options.urls), place, EndpointKind.SITEMAP, rules)
    sources.record_success(
        connection,
        state.id,
        at=FIRST_CRAWL,
        new=options.urls,
        etag=TAG if options.answers == "304" else None,
        last_modified=None,
        reading=Reading(digest=None if options.answers == "anew" else digest, rules=rules.own_digest),
    )
    runs.finish(connection, run_id, at=FIRST_CRAWL, reason="finished")
    for kind, what in ((Kind.SOURCE, name), (Kind.HOST, _authority(home))):
        holder = Holder(process="first", task=name, who="the first crawl")
        length = dt.timedelta(minutes=1)
        leases.claim(connection, kind, what, holder, now=FIRST_CRAWL, length=length)
        leases.release(connection, kind, what, holder)


def name_all(engine: Engine, homes: Sequence[str], number: int) -> None:
    """The addresses of all sources: the first one's as the ledger has them, and copies of its rows."""
    with writing(engine) as connection:
        connection.execute(insert(url), [_row(one) for one in addresses(homes[0], number)])
        first = select(url.c.id, literal(1), literal(1), url.c.first_seen_at, url.c.last_seen_at)
        names = ("url_id", "endpoint_id", "run_id", "first_seen_at", "last_seen_at")
        connection.execute(insert(announcement).from_select(names, first))
    own = {"url": ("source_id", "outcome_run_id"), "announcement": ("endpoint_id", "run_id")}
    with loading(engine) as loader:
        for n, home in enumerate(homes[1:], start=1):
            for table, counted in own.items():
                values = {one: one for one in columns(table)}
                values |= {one: str(n + 1) for one in counted}
                values |= {one: f"{one} + {n * number}" for one in ("id", "url_id") if one in values}
                for one in {"url", "key"} & values.keys():
                    values[one] = f"replace({one}, '{_authority(homes[0])}', '{_authority(home)}')"
                chosen = f"SELECT {', '.join(values.values())} FROM {table} WHERE {counted[0]} = 1"
                loader.run(f"INSERT INTO {table} ({', '.join(values)}) {chosen}")


def _authority(home: str) -> str:
    return home.partition("//")[2]


def _row(address: str) -> dict[str, object]:
    return {
        "source_id": 1,
        "url": address,
        "key": key(address),
        "first_seen_at": FIRST_CRAWL,
        "last_seen_at": FIRST_CRAWL,
        "announced_modified_at": WRITTEN,
        "order_at": WRITTEN,
        "outcome": Outcome.STORED,
        "outcome_at": FIRST_CRAWL,
        "outcome_run_id": 1,
    }


def cpu(process: int) -> dict[int, float]:
    """Seconds of a process and of each that it has started."""
    spent = {}
    for one in (process, *descendants(process)):
        try:
            fields = Path(f"/proc/{one}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        spent[one] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def measure(folder: Path, database: str, wrapper: list[str]) -> tuple[float, float]:
    """The CPU seconds of a second crawl, and how long it took."""
    environment = {**os.environ, "NEWSARCHIVE_ALLOW_PRIVATE": "1", "NEWSARCHIVE_DATABASE": database}
    line = [*(wrapper or [sys.executable]), "-m", "crawler", "schedule", "--once", "-s", "ARCHIVE_READERS=1"]
    spent: dict[int, float] = {}
    began = time.monotonic()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=log)
        while process.poll() is None:
            spent |= cpu(process.pid)
            time.sleep(0.1)
    if process.returncode:
        sys.exit((folder / "log").read_text("utf-8", "replace")[-2000:])
    return sum(spent.values()), time.monotonic() - began


def is_quiet() -> ColumnElement[bool]:
    """Whether a crawl has come to its end and found nothing new."""
    return (run.c.reason == "finished") & (run.c.announced == 0)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--urls", type=int, default=1_000, help="of each source")
    parser.add_argument("--answers", choices=ANSWERS, default="304")
    parser.add_argument("--database", help="an empty one on a server; default: a file")
    parser.add_argument("--with", dest="wrapper", default="", help="a profiler: its command line")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    conditional = options.answers == "304"
    server = context.Process(
        target=serve, args=(options.sources, options.urls, conditional, there), daemon=True
    )
    server.start()
    port = here.recv()
    homes = {f"s{n}": f"http://{host(n)}:{port}" for n in range(options.sources)}
    with tempfile.TemporaryDirectory(prefix="quiet-") as name:
        folder = Path(name)
        database = options.database or str(folder / "archive.db")
        engine = open_engine(database)
        with writing(engine) as connection:
            for slug, home in homes.items():
                fill(connection, home, slug, options)
        name_all(engine, list(homes.values()), options.urls)
        engine.dispose()
        (folder / "sources.toml").write_text(
            "".join(
                f'[sources.{slug}]\nhome_page = "{home}/"\nsitemaps = ["{home}/sitemap.xml"]\n'
                for slug, home in homes.items()
            ),
            encoding="utf-8",
        )
        seconds, took = measure(folder, database, options.wrapper.split())
        with open_engine(database).connect() as connection:
            looked = connection.scalar(select(func.count()).where(run.c.id > options.sources, is_quiet()))
    server.kill()
    if looked != options.sources:
        sys.exit(f"{looked} of {options.sources} sources were looked at, and brought nothing new")
    known = options.sources * options.urls
    print(f"{options.sources:,} sources, {known:,} known addresses, answers: {options.answers}")
    print(f"{seconds:.1f} s of CPU, {1000 * seconds / options.sources:.1f} ms a source; {took:.0f} s passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
