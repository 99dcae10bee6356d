"""A small site on loopback whose every answer a test decides, down to the bytes on the wire."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

HTML = {"Content-Type": "text/html; charset=utf-8"}
XML = {"Content-Type": "application/xml"}
# Takes the handler and writes to `handler.wfile` as it likes.
Behaviour = Callable[[BaseHTTPRequestHandler], None]


def story(headline: str, words: int = 150, *, head: str = "") -> bytes:
    """A page that is plainly an article."""
    sentence = "The harbour master of the small town counted the boats again before the evening. "
    paragraphs = "".join(f"<p>{headline}, part {n}. {sentence * 3}</p>" for n in range(max(1, words // 45)))
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>{head}"
        f'<meta property="og:type" content="article"></head><body><article><h1>{headline}</h1>'
        f"{paragraphs}</article></body></html>"
    ).encode()


def rss(*urls: str) -> bytes:
    """A feed that names `urls`."""
    items = "".join(f"<item><title>Story</title><link>{url}</link></item>" for url in urls)
    return f'<rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>'.encode()


@dataclass
class Site:
    """Routes by path; what is not there is a 404. `asked` has each path in order."""

    routes: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0  # 0: any that is free

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                behave = site.routes.get(self.path)
                if behave is None:
                    answer(b"nothing here", 404)(self)
                else:
                    behave(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: object, address: object) -> None:
                pass  # the crawler hangs up on what is too long: that is the point

        self.server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def serve(self, path: str, body: bytes, status: int = 200, headers: Mapping[str, str] = HTML) -> str:
        """Answer `path` with `body`; returns its URL."""
        return self.behave(path, answer(body, status, headers))

    def behave(self, path: str, behaviour: Behaviour) -> str:
        """Let `behaviour` answer `path`; returns its URL."""
        self.routes[path] = behaviour
        return f"{self.url}{path}"


def answer(body: bytes, status: int = 200, headers: Mapping[str, str] = HTML) -> Behaviour:
    """An ordinary answer."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave
