"""Sites served on loopback: one thread a connection, HTTP/1.1, and a log of what was asked."""

from __future__ import annotations

import datetime as dt
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawler.demo.answers import Answer, compressed, conditional

HOST = "127.0.0.1"
IDLE_SECONDS = 30  # after which a silent connection is closed
# RFC 9110: these say nothing of a body's length and type.
WITHOUT_BODY = {204, 304}


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request as the newspaper saw it."""

    outlet: str
    # The outlet's slug.
    path: str
    # With its query, as it was sent.
    time: dt.datetime
    # Aware UTC.
    headers: Mapping[str, str]
    # Names in lower case.
    status: int
    # What it was answered with.
    method: str = "GET"


class RequestLog:
    """All requests so far, for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def add(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def all(self) -> list[Request]:
        """A copy, in the order in which they were answered."""
        with self._lock:
            return list(self._requests)


class SiteServer(ThreadingHTTPServer):
    """One outlet on one port; `answer` gives what stands at a request target."""

    daemon_threads = False
    block_on_close = True  # close() waits until the last connection's thread has ended
    request_queue_size = 128

    def __init__(self, port: int, slug: str, log: RequestLog) -> None:
        super().__init__((HOST, port), _Handler)
        self.slug = slug
        self.log = log
        self.answer: Callable[[str], Answer] = lambda _target: Answer(status=503)
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.05,), name=f"demo-{slug}", daemon=True
        )

    @property
    def base(self) -> str:
        """``http://127.0.0.1:PORT``"""
        return f"http://{HOST}:{self.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop listening, hang up on everyone and wait for the threads."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        with self._lock:
            for connection in self._connections:
                _hang_up(connection)
        self.server_close()

    def remember(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def forget(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is a mistake of ours and shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was gone already


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1  # headers and body leave in one packet: no delayed acknowledgement in between

    def setup(self) -> None:
        super().setup()
        self.server.remember(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        super().finish()

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = compressed(conditional(self.server.answer(self.path), headers), headers)
        self.server.log.add(
            Request(
                outlet=self.server.slug,
                path=self.path,
                time=dt.datetime.now(dt.UTC),
                headers=headers,
                status=answer.status,
                method=self.command,
            )
        )
        self._send(answer)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        """Forms lead nowhere; the connection ends with its unread body."""
        self.close_connection = True
        self._send(Answer(status=405, headers={"Connection": "close"}))

    def version_string(self) -> str:
        return "DemoNewspaper"

    def log_message(self, format: str, *args: object) -> None:
        """The log is `RequestLog`; nothing goes to stderr."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.all_headers().items():
            self.send_header(name, value)
        if answer.status not in WITHOUT_BODY:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
