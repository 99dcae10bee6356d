"""Serve a folder of saved pages as news sites on loopback, with feeds and sitemaps, to crawl them.

    python benchmarks/serve.py FOLDER --sites 4
    newsarchive crawl URL URL URL URL --allow-private

FOLDER holds pages/<id>.html or .html.gz, and (if there is one) truth.jsonl with {"id", "url"}
lines: a page is served at the path of its own URL, so that what reads the path is put to the
test, too. A third of each site's pages is named by its RSS feed, a third by a news sitemap, a
third by a general sitemap with dates; the home page links to those of the feed.
`--run` crawls the sites at once, and says what came of it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import datetime as dt
import email.utils
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from storage import Archive
from storage.urls import clean

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
PR_SET_CHILD_SUBREAPER = 36
WAYS = ("feed", "news", "general")  # who names a page: in turn


@dataclass
class Site:
    """The documents of one site by path, and the pages by the way in which they are named."""

    documents: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def add(self, path: str, page: bytes) -> None:
        """Serve `page` (gzipped HTML) at `path`, named by the next of `WAYS`."""
        while path in self.documents:
            path += "-2"
        way = WAYS[sum(map(len, self.named.values())) % len(WAYS)]
        self.documents[path] = ("text/html; charset=utf-8", page)
        self.named[way].append(path)

    def publish(self, base: str, now: dt.datetime) -> None:
        """Add home page, robots.txt, feed and sitemaps, with addresses on `base`."""
        urls = {way: [f"{base}{path}" for path in paths] for way, paths in self.named.items()}
        for path, (kind, text) in announcements(base, urls, now).items():
            self.documents[path] = (kind, gzip.compress(text.encode()))


def announcements(base: str, urls: Mapping[str, list[str]], now: dt.datetime) -> dict[str, tuple[str, str]]:
    """Type and text by path of what names a site; `urls` are its pages by the way in which they are named."""
    day = now.date().isoformat()
    links = "".join(
        f'<article><h2><a href="{escape(url)}">{escape(url)}</a></h2></article>' for url in urls["feed"]
    )
    news = "".join(
        f"<url><loc>{escape(url)}</loc><news:news><news:publication_date>{day}</news:publication_date>"
        f"<news:title>{escape(url)}</news:title></news:news></url>"
        for url in urls["news"]
    )
    general = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>{day}</lastmod></url>" for url in urls["general"]
    )
    items = "".join(
        f"<item><title>{escape(url)}</title><link>{escape(url)}</link>"
        f"<pubDate>{email.utils.format_datetime(now)}</pubDate></item>"
        for url in urls["feed"]
    )
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    return {
        "/": ("text/html", f"<html><head><title>Site</title>{feed}</head><body>{links}</body></html>"),
        "/robots.txt": ("text/plain", f"Sitemap: {base}/news.xml\nSitemap: {base}/general.xml\n"),
        "/feed.xml": ("application/rss+xml", f'<rss version="2.0"><channel>{items}</channel></rss>'),
        "/news.xml": ("text/xml", f'<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">{news}</urlset>'),
        "/general.xml": ("text/xml", f'<urlset xmlns="{SITEMAP}">{general}</urlset>'),
    }


def pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(path, gzipped page) of each page in `folder`."""
    truth = folder / "truth.jsonl"
    lines = truth.read_text(encoding="utf-8").splitlines() if truth.exists() else []
    urls = {item["id"]: item["url"] for item in map(json.loads, lines)}
    for file in sorted((folder / "pages").glob("*.html*")):
        name = file.name.removesuffix(".gz").removesuffix(".html")
        body = file.read_bytes()
        # Without tracking parameters, which a real server would not look at.
        parts = urlsplit(clean(urls.get(name, "")) or f"http://x/{name}.html")
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
        yield path, body if file.suffix == ".gz" else gzip.compress(body)


def build(found: Iterable[tuple[str, bytes]], number: int) -> list[Site]:
    """`number` sites with the pages dealt out in turn."""
    sites = [Site() for _ in range(number)]
    for place, (path, page) in enumerate(found):
        sites[place % number].add(path, page)
    return sites


def serve(site: Site, port: int) -> str:
    """Serve `site` from a thread; returns its base address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = site.documents.get(self.path, ("", gzip.compress(b"not found")))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    site.publish(base, dt.datetime.now(dt.UTC))
    return base


def crawl(bases: list[str], served: int) -> None:
    """Crawl the sites with the installed command, and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"{folder}/archive.db"
        command = [sys.executable, "-m", "crawler", "crawl", *(f"{base}/" for base in bases), "--json"]
        done, cpu = measured(
            [*command, "--allow-private", "--database", database, "--sources", folder + "/none"]
        )
        result = json.loads(done)
        with Archive.open(database) as archive:
            articles = [item.article for item in archive.articles()]
    images = [image for article in articles for image in article.images]
    rows = {
        "pages served": served,
        **result,
        "articles with names": sum(bool(article.bylines) for article in articles),
        "names": sum(len(article.bylines) for article in articles),
        "articles with a date": sum(bool(article.date_published) for article in articles),
        "pictures": len(images),
        "captions": sum(bool(image.caption) for image in images),
        "credits": sum(bool(image.credit_line) for image in images),
        "CPU seconds, all processes": round(cpu, 1),
        "CPU ms an article": round(1000 * cpu / max(1, len(articles))),
    }
    for name, value in rows.items():
        print(f"{name:28} {value}")


def measured(command: list[str]) -> tuple[str, float]:
    """What `command` prints, and the CPU seconds of all its processes, orphans included (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sites", type=int, default=4, help="how many sites share the pages (default: 4)")
    parser.add_argument("--port", type=int, default=0, help="the first site's port; the next ones follow")
    parser.add_argument("--run", action="store_true", help="crawl the sites, report and end")
    arguments = parser.parse_args()
    sites = build(pages(arguments.folder), arguments.sites)
    bases = [serve(site, arguments.port and arguments.port + n) for n, site in enumerate(sites)]
    for base, site in zip(bases, sites, strict=True):
        print(f"{base}/  {sum(map(len, site.named.values()))} pages")
    if arguments.run:
        crawl(bases, sum(len(paths) for site in sites for paths in site.named.values()))
    else:
        threading.Event().wait()


if __name__ == "__main__":
    main()
