"""The server: keep-alive, compression, the log, and an end that frees the ports."""

from __future__ import annotations

import datetime as dt
import gzip
import http.client
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest

from crawler.demo import Newspaper
from tests.crawler.demo.newspaper_client import NOW, Fetch


def test_gzip_where_it_is_accepted(paper: Newspaper, fetch: Fetch) -> None:
    story = paper.stories[0]
    plain, packed = fetch(story.url), fetch(story.url, Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)


def test_stories_answer_conditional_requests(paper: Newspaper, fetch: Fetch) -> None:
    story = paper.stories[0]
    first = fetch(story.url, Accept_Encoding="gzip")
    assert fetch(story.url, If_None_Match=first.headers["etag"], Accept_Encoding="gzip").status == 304


def test_head_says_the_same_without_a_body(paper: Newspaper, fetch: Fetch) -> None:
    get, head = fetch(paper.stories[0].url), fetch(paper.stories[0].url, method="HEAD")
    assert head.body == b""
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))


def test_forms_lead_nowhere(paper: Newspaper, fetch: Fetch) -> None:
    assert fetch(f"{paper.outlets[0].base}/login", method="POST").status == 405


def test_one_connection_carries_many_requests(paper: Newspaper) -> None:
    outlet = paper.outlets[0]
    connection = http.client.HTTPConnection("127.0.0.1", port_of(outlet.base), timeout=10)
    connection.connect()
    ours = connection.sock.getsockname()
    for story in outlet.stories[:5]:
        connection.request("GET", story.path)
        connection.getresponse().read()
        assert connection.sock.getsockname() == ours
    connection.close()


def test_an_answer_leaves_in_one_piece(paper: Newspaper) -> None:
    """Headers and body in two packets would cost 40 ms a request, the time of a delayed acknowledgement."""
    story = paper.stories[0]
    connection = http.client.HTTPConnection("127.0.0.1", port_of(story.url), timeout=10)
    seconds = []
    for _ in range(30):
        start = time.perf_counter()
        connection.request("GET", story.path)
        connection.getresponse().read()
        seconds.append(time.perf_counter() - start)
    connection.close()
    assert statistics.median(seconds) < 0.03


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def test_the_log(own_paper: Newspaper, fetch: Fetch) -> None:
    one, two = own_paper.outlets
    before = dt.datetime.now(dt.UTC)
    fetch(f"{one.base}/feed?a=1", User_Agent="tester")
    fetch(f"{two.base}/nothing")
    first, second = own_paper.requests
    assert (first.outlet, first.path, first.status, first.method) == (one.slug, "/feed?a=1", 200, "GET")
    assert first.headers["user-agent"] == "tester"
    assert (second.outlet, second.status) == (two.slug, 404)
    assert before <= first.time <= second.time <= dt.datetime.now(dt.UTC)


def test_the_log_loses_nothing_when_many_ask(own_paper: Newspaper, fetch: Fetch) -> None:
    base = own_paper.outlets[0].base
    threads = [
        threading.Thread(target=lambda n=n: [fetch(f"{base}/t{n}/{i}") for i in range(20)]) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(own_paper.requests) == 160
    assert len({request.path for request in own_paper.requests}) == 160


def test_the_log_is_a_copy(own_paper: Newspaper, fetch: Fetch) -> None:
    fetch(own_paper.outlets[0].home_page)
    own_paper.requests.clear()
    assert len(own_paper.requests) == 1


def test_closing_frees_the_ports_even_with_clients_connected() -> None:
    threads = set(threading.enumerate())
    newspaper = Newspaper(now=NOW)
    ports = [port_of(outlet.base) for outlet in newspaper.outlets]
    client = socket.create_connection(("127.0.0.1", ports[0]))
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.recv(15) == b"HTTP/1.1 200 OK"
    start = time.perf_counter()
    newspaper.close()
    assert time.perf_counter() - start < 5
    client.close()
    assert set(threading.enumerate()) <= threads
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)
    with Newspaper(now=NOW, ports=(ports[0], ports[1])) as again:
        assert [outlet.home_page for outlet in again.outlets] == [f"http://127.0.0.1:{p}/" for p in ports]


def test_closing_twice_is_fine() -> None:
    newspaper = Newspaper(now=NOW)
    newspaper.close()
    newspaper.close()


def test_a_taken_port_is_an_error_and_frees_the_other() -> None:
    with socket.socket() as holder, socket.socket() as probe:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
        probe.close()
        with pytest.raises(OSError, match="in use"):
            Newspaper(now=NOW, ports=(free, holder.getsockname()[1]))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", free), timeout=1)


def test_nonsense_costs_its_own_connection(own_paper: Newspaper, fetch: Fetch) -> None:
    port = port_of(own_paper.outlets[0].base)
    for nonsense in (b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n"):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(nonsense)
    assert fetch(own_paper.outlets[0].home_page).status == 200


def test_dates_follow_the_given_time(paper: Newspaper) -> None:
    assert all(story.touched < NOW for story in paper.stories)
    assert max(story.touched for story in paper.stories) > NOW - dt.timedelta(hours=4)


def test_without_a_time_it_is_now() -> None:
    with Newspaper() as newspaper:
        newest = max(story.touched for story in newspaper.stories)
        assert dt.timedelta() < dt.datetime.now(dt.UTC) - newest < dt.timedelta(hours=4)


def test_the_command_serves_until_it_is_interrupted(fetch: Fetch) -> None:
    command = subprocess.Popen([sys.executable, "-m", "crawler.demo"], stdout=subprocess.PIPE, text=True)
    assert command.stdout is not None
    try:
        addresses = [command.stdout.readline().rpartition(" ")[2].strip() for _ in range(2)]
        assert [fetch(address).status for address in addresses] == [200, 200]
        command.send_signal(signal.SIGINT)
        assert command.wait(10) == 0
    finally:
        command.kill()
        command.stdout.close()
        command.wait()


def test_the_command_says_when_a_port_is_taken() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        command = [sys.executable, "-m", "crawler.demo", "--ports", port, "0"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot serve")
    assert done.stderr.count("\n") == 1
