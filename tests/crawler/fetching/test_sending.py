"""A connection that breaks is no reason to ask a host again before its time."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

from tests.command import Command

ROBOTS = b"User-agent: *\nCrawl-delay: 1\n"


def test_a_broken_connection_is_not_asked_again_past_the_crawl_delay(tmp_path: Path) -> None:
    """robots.txt over a connection that is kept alive, which then breaks at each request for the feed."""
    asked: list[tuple[str, float]] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server, asked), daemon=True).start()
        feed = f"http://127.0.0.1:{server.getsockname()[1]}/feed.xml"
        Command(tmp_path).run("crawl", feed, "-s", "RETRY_TIMES=1")
    times = [at for path, at in asked if path == "/feed.xml"]
    assert len(times) == 2, asked
    assert times[1] - times[0] >= 0.9


def _accept(server: socket.socket, asked: list[tuple[str, float]]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, asked), daemon=True).start()


def _serve(connection: socket.socket, asked: list[tuple[str, float]]) -> None:
    with connection:
        while head := connection.recv(65536):
            path = head.split(b" ", 2)[1].decode()
            asked.append((path, time.monotonic()))
            if path != "/robots.txt":
                return
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ROBOTS), ROBOTS))
