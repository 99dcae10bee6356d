"""What a scheduler costs whose sources bring nothing new: CPU seconds for each look.

    python benchmarks/quiet.py [--sources 200] [--every 20s] [--seconds 60]

The sources are hosts of their own on loopback, each with robots.txt and one feed that answers 304. What is
counted is the scheduler with all that it has started, once each source was looked at for the first time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from soak_processes import descendants

TAG = '"same"'
FEED = b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>'


def serve(looks: Synchronized[int], ready: Connection) -> None:
    """All hosts at once: a server of every loopback address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            same = self.headers.get("If-None-Match") == TAG
            body = b"" if same or self.path == "/robots.txt" else FEED
            self.send_response(304 if same else 200)
            for name, value in (("ETag", TAG), ("Content-Type", "application/xml")):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            if self.path != "/robots.txt":
                with looks.get_lock():
                    looks.value += 1

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    ready.send(server.server_port)
    server.serve_forever()


def cpu(pid: int) -> float:
    """Seconds of a process and of what it has started."""
    ticks = 0
    for one in (pid, *descendants(pid)):
        fields = Path(f"/proc/{one}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(
    options: argparse.Namespace, folder: Path, looks: Synchronized[int], port: int
) -> tuple[int, float]:
    """How many looks there were, and what they cost."""
    hosts = [f"http://127.1.{n // 250}.{1 + n % 250}:{port}" for n in range(options.sources)]
    tables = (
        f'[sources.s{n}]\nhome_page = "{host}/"\nfeeds = ["{host}/feed"]\nevery = "{options.every}"\n'
        for n, host in enumerate(hosts)
    )
    (folder / "sources.toml").write_text("".join(tables), encoding="utf-8")
    environment = {**os.environ, "NEWSARCHIVE_ALLOW_PRIVATE": "1", "NEWSARCHIVE_DATABASE": "archive.db"}
    line = [sys.executable, "-m", "crawler", "schedule", "-s", "ARCHIVE_READERS=1"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        while looks.value < options.sources:
            time.sleep(0.2)
        time.sleep(3)
        seen, spent = looks.value, cpu(process.pid)
        time.sleep(options.seconds)
        return looks.value - seen, cpu(process.pid) - spent
    finally:
        process.terminate()
        process.wait(60)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--every", default="20s")
    parser.add_argument("--seconds", type=float, default=60, help="so long it is measured")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    looks, (here, there) = context.Value("i", 0), context.Pipe()
    server = context.Process(target=serve, args=(looks, there), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory(prefix="quiet-") as folder:
        number, seconds = measure(options, Path(folder), looks, here.recv())
    server.kill()
    print(f"{options.sources} sources, {number} looks in {options.seconds:.0f} s: {seconds:.1f} s of CPU")
    print(f"{1000 * seconds / max(number, 1):.0f} ms a look")
    return 0


if __name__ == "__main__":
    sys.exit(main())
