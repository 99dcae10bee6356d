"""A news site on eight loopback addresses, made of real pages and served by nginx, gzipped.

`build` writes the site into a folder once; `serving` runs nginx on it. The pages of an address are named
by its feed (50), its news sitemap (up to 1,000) and its general sitemap (the rest).
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import copies_of_pages
from extraction import page_bytes
from rich.console import Console
from rich.progress import track
from serve import announcements

ADDRESSES = [f"127.0.0.{last}" for last in range(2, 10)]
PORT = 8470
IN_FEED, IN_NEWS = 50, 1_000  # of each address
LONGEST_NAME = 150  # of a file, in bytes
Record = dict[str, Any]

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 2048; }}
http {{
  access_log off; keepalive_requests 1000000; sendfile on; tcp_nopush on; server_tokens off;
  types {{ text/xml xml; text/plain txt; }}
  default_type "text/html; charset=utf-8";
  client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
  server {{
    {listen}
    root {folder}/$server_addr; gzip_static always; gzip_vary on;
    rewrite ^/$ /index.html break;
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Copied:
    """One page of the site."""

    id: str
    # The page that it is a copy of.
    number: int
    # Which copy.
    url: str


@dataclass(frozen=True)
class NewsSite:
    """The site as it lies in a folder."""

    folder: Path
    origin: Path
    # The folder of the real pages.
    pages: list[Copied]

    @property
    def home_pages(self) -> list[str]:
        return [f"http://{address}:{PORT}/" for address in ADDRESSES]

    @cached_property
    def by_url(self) -> dict[str, Copied]:
        return {page.url: page for page in self.pages}

    @cached_property
    def truths(self) -> dict[str, Record]:
        return {record["id"]: record for record in answers(self.origin)}

    def answer(self, page: Copied) -> Record | None:
        """The right answer for a page, if its original has one."""
        truth = self.truths.get(page.id)
        if truth is None or "sections" not in truth:
            return None
        return copies_of_pages.copy_of(original(self.origin, page.id), page.number).answer(truth)


def answers(origin: Path) -> Iterator[Record]:
    """What is known of each page in `origin`: by truth.jsonl, else by the article.json beside it."""
    if (origin / "truth.jsonl").is_file():
        yield from map(json.loads, (origin / "truth.jsonl").read_text(encoding="utf-8").splitlines())
        return
    for file in sorted(origin.rglob("*.html*")):
        record = {"id": str(file.relative_to(origin)).removesuffix(".gz").removesuffix(".html")}
        beside = file.with_name("article.json")
        known = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
        if known.get("outcome", "stored") == "stored":
            yield record | _told(known)


def _told(known: Record) -> Record:
    if "blocks" not in known:
        return {}
    paragraphs = [block[1] for block in known["blocks"]]
    sections = [{"headline": [], "paragraphs": paragraphs}]
    return {"url": known["url"], "summary": [known["description"] or ""], "sections": sections}


def original(origin: Path, name: str) -> str:
    """The text of a real page."""
    folder = origin / "pages" if (origin / "truth.jsonl").is_file() else origin
    return page_bytes(folder / name).decode("utf-8", "surrogateescape")


def build(origin: Path, folder: Path, number: int) -> NewsSite:
    """Make a site of `number` pages in `folder`, or take the one that is there."""
    index = folder / "site.json"
    wanted = {"origin": str(origin.resolve()), "number": number}
    if index.is_file() and (known := json.loads(index.read_text())).items() >= wanted.items():
        return NewsSite(folder, origin, [Copied(**page) for page in known["pages"]])
    shutil.rmtree(folder, ignore_errors=True)
    pages = _dealt_out(list(answers(origin)), number)
    groups = [pages[start : start + 50] for start in range(0, number, 50)]
    with ProcessPoolExecutor() as processes:
        made = processes.map(_write_pages, [(origin, folder, group) for group in groups])
        for _ in track(made, "making the site", total=len(groups), console=Console(stderr=True)):
            pass
    _announce([page for page, _ in pages], folder)
    index.write_text(json.dumps({**wanted, "pages": [asdict(page) for page, _ in pages]}))
    return NewsSite(folder, origin, [page for page, _ in pages])


def _dealt_out(records: list[Record], number: int) -> list[tuple[Copied, str | None]]:
    """The pages of the site, each with the address of its original."""
    pages = []
    for place in range(number):
        record = records[place % len(records)]
        copy = place // len(records)
        base = f"http://{ADDRESSES[place % len(ADDRESSES)]}:{PORT}"
        url = base + _path(record.get("url") or f"http://x/{record['id']}.html", copy)
        pages.append((Copied(record["id"], copy, url), record.get("url")))
    return pages


def _path(url: str, copy: int) -> str:
    """The path of a copy: its number before an ending such as .html."""
    path = unquote(urlsplit(url).path).rstrip("/") or "/page"
    folder, _, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if not dot or not ending.isalpha():
        stem, dot, ending = name, "", ""
    while len(stem.encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return quote(f"{folder}/{stem}-{copy}{dot}{ending}")


def _write_pages(work: tuple[Path, Path, list[tuple[Copied, str | None]]]) -> None:
    origin, folder, pages = work
    for page, url in pages:
        text = original(origin, page.id)
        own = {copies_of_pages.own_address(text), url, (url or "").partition("?")[0]} - {None, ""}
        addresses = dict.fromkeys(sorted(own, key=len, reverse=True), page.url)  # type: ignore[arg-type]
        made = copies_of_pages.copy_of(text, page.number).page(text, addresses)
        _write(folder, page.url, made.encode("utf-8", "surrogateescape"))


def _write(folder: Path, url: str, body: bytes) -> None:
    parts = urlsplit(url)
    path = folder / str(parts.hostname) / (unquote(parts.path).lstrip("/") + ".gz")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(body, 6))


def _announce(pages: list[Copied], folder: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    for address in ADDRESSES:
        base = f"http://{address}:{PORT}"
        urls = [page.url for page in pages if page.url.startswith(f"{base}/")]
        cuts = (0, IN_FEED, IN_FEED + IN_NEWS, len(urls))
        named = {
            way: urls[start:end]
            for way, start, end in zip(("feed", "news", "general"), cuts, cuts[1:], strict=False)
        }
        for path, (_, text) in announcements(base, named, now).items():
            _write(folder, base + (path if path != "/" else "/index.html"), text.encode())


@contextmanager
def serving(site: NewsSite) -> Iterator[None]:
    """nginx on the site's addresses, for as long as it is asked."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        sys.exit("error: no nginx here; Debian's package is nginx-light")
    folder = site.folder.resolve()
    (folder / "tmp").mkdir(exist_ok=True)
    folder.chmod(0o755)
    listen = " ".join(f"listen {address}:{PORT};" for address in ADDRESSES)
    settings = folder / "nginx.conf"
    own_user = "user root;\n" if os.geteuid() == 0 else ""  # else it could not read our folder
    settings.write_text(own_user + NGINX.format(folder=folder, listen=listen))
    with subprocess.Popen([nginx, "-c", str(settings), "-e", f"{folder}/nginx.log"]) as server:
        try:
            _wait_for(server)
            yield
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            sys.exit("error: nginx did not start; see the last lines of nginx.log in the site's folder")
        with suppress(OSError), socket.create_connection((ADDRESSES[-1], PORT)):
            return
        time.sleep(0.05)
    sys.exit(f"error: nothing answers at {ADDRESSES[-1]}")
