"""Raw bytes go into WARC files that any tool reads, and come out as they came."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import hashlib
import io
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.warcwriter import WARCWriter

from storage.captures.exchange import Exchange
from storage.captures.folder import default_folder
from storage.captures.reading import read, responses
from storage.captures.writing import CaptureFiles
from storage.errors import AlteredCaptureError, CaptureError, MissingCaptureError, TornCaptureError
from storage.records import Capture, CaptureKind

NOON = dt.datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=dt.UTC)
PAGE = b"<html><body><p>The pier stays closed.</p></body></html>"
HTML = ((b"Content-Type", b"text/html"),)
GZIPPED = (*HTML, (b"Content-Encoding", b"gzip"))


def exchange(address: str = "https://courier.example/pier?id=1", **fields: Any) -> Exchange:
    usual: dict[str, Any] = {
        "url": address,
        "kind": CaptureKind.PAGE,
        "fetched_at": NOON,
        "status": 200,
        "headers": HTML,
        "body": PAGE,
        "request_headers": ((b"Accept", b"text/html"),),
    }
    return Exchange(**{**usual, **fields})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "captures"


def files(folder: Path, run_id: int = 7, **options: Any) -> CaptureFiles:
    return CaptureFiles(
        folder, source="courier", run_id=run_id, info={"software": "newsarchive/1"}, **options
    )


def written(folder: Path, *exchanges: Exchange) -> list[Capture]:
    """The captures of a run that is over."""
    run = files(folder)
    captures = [run.write(item) for item in exchanges]
    run.close()
    return captures


def only_file(folder: Path) -> Path:
    [path] = folder.rglob("*.warc.gz")
    return path


def test_a_response_comes_back_as_it_came(folder: Path) -> None:
    packed = gzip.compress(PAGE)
    [capture] = written(folder, exchange(headers=GZIPPED, body=packed, ip_address="192.0.2.7"))
    found = read(folder, capture)
    assert (found.body, found.content(), found.status) == (packed, PAGE, 200)
    assert found.header("content-type") == "text/html"
    assert found.capture == capture
    assert capture.sha256 == hashlib.sha256(packed).hexdigest()
    assert capture.fetched_at == NOON


def test_the_file_gets_its_name_when_it_is_whole(folder: Path) -> None:
    run = files(folder)
    capture = run.write(exchange())
    assert [path.name[-5:] for path in folder.rglob("*.warc.gz*")] == [".open"]
    assert read(folder, capture).body == PAGE  # also while it is open
    run.close()
    assert only_file(folder) == folder / capture.warc_file
    assert read(folder, capture).body == PAGE


def test_a_run_without_pages_leaves_no_file(folder: Path) -> None:
    files(folder).close()
    assert not folder.exists()


def test_files_are_rolled(folder: Path) -> None:
    run = files(folder, roll_at=2_000)
    captures = [run.write(exchange(body=random.Random(n).randbytes(700))) for n in range(9)]
    run.close()
    names = sorted({capture.warc_file for capture in captures})
    assert [name[-14:] for name in names] == [f"-{n:05}.warc.gz" for n in (1, 2, 3, 4, 5)][: len(names)]
    assert len(names) > 2
    assert all(read(folder, capture).capture == capture for capture in captures)
    assert all(2_000 <= (folder / name).stat().st_size < 4_500 for name in names[:-1])


def test_two_runs_of_one_moment_have_files_of_their_own(folder: Path) -> None:
    one, two = files(folder), files(folder)
    first, second = one.write(exchange()), two.write(exchange())
    assert first.warc_file != second.warc_file
    one.close()
    two.close()
    assert read(folder, first).capture == first
    assert read(folder, second).capture == second


@pytest.mark.parametrize("packed", [True, False])
def test_warcio_finds_every_digest_right(folder: Path, packed: bool) -> None:
    body, headers = (gzip.compress(PAGE), GZIPPED) if packed else (PAGE, HTML)
    written(folder, *(exchange(f"https://courier.example/{n}", body=body, headers=headers) for n in range(5)))
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(only_file(folder))]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("digest pass") == 1 + 2 * 5
    path = only_file(folder)
    broken = bytearray(gzip.decompress(path.read_bytes()))
    broken[broken.index(body) + 20] ^= 1
    path.with_name("broken.warc").write_bytes(broken)
    assert (
        subprocess.run([*check[:-1], str(path.with_name("broken.warc"))], capture_output=True).returncode == 1
    )


def test_another_library_reads_the_same(folder: Path) -> None:
    """Records, their order, what they say of one another, HTTP heads and bodies: as fastwarc sees them."""
    odd = (*HTML, (b"X-Town", "Ålesund".encode("latin-1")), (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"))
    secret = (
        (b"Accept", b"*/*"),
        (b"Cookie", b"s=1"),
        (b"Authorization", b"x"),
        (b"Proxy-Authorization", b"y"),
    )
    chunked = (*odd, (b"Transfer-Encoding", b"chunked"))
    [capture] = written(folder, exchange(headers=chunked, request_headers=secret, ip_address="192.0.2.7"))
    with only_file(folder).open("rb") as file:
        found = [
            (
                r.record_type,
                dict(r.headers),
                r.http_headers and list(r.http_headers),
                r.reader.read(),
                r.stream_pos,
            )
            for r in ArchiveIterator(file, verify_digests=True)
        ]
    info, response, request = found
    assert info[0] == WarcRecordType.warcinfo
    assert b"software: newsarchive/1" in info[3]
    assert info[1]["WARC-Filename"] == only_file(folder).name
    assert (response[0], response[3], response[4]) == (WarcRecordType.response, PAGE, capture.warc_offset)
    assert response[1]["WARC-Target-URI"] == "https://courier.example/pier?id=1"
    assert response[1]["WARC-Date"] == "2026-03-02T12:00:00.250000Z"
    assert response[1]["WARC-IP-Address"] == "192.0.2.7"
    assert response[1]["WARC-Warcinfo-ID"] == info[1]["WARC-Record-ID"]
    assert [value for name, value in response[2] if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert "Transfer-Encoding" not in dict(response[2])
    assert request[0] == WarcRecordType.request
    assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    assert dict(request[2]) == {"Host": "courier.example", "Accept": "*/*"}
    with gzip.open(only_file(folder)) as file:
        raw = file.read()
    assert b"HTTP/1.1 200 OK\r\n" in raw
    assert b"GET /pier?id=1 HTTP/1.1\r\n" in raw
    assert "X-Town: Ålesund\r\n".encode("latin-1") in raw  # byte for byte, not escaped


def test_a_status_that_nobody_has_named(folder: Path) -> None:
    [capture] = written(folder, exchange(status=599))
    assert read(folder, capture).status == 599


def test_a_missing_a_torn_and_an_altered_capture_are_told_apart(folder: Path) -> None:
    first, last = written(
        folder, exchange("https://courier.example/1"), exchange("https://courier.example/2")
    )
    path = only_file(folder)
    whole = path.read_bytes()

    path.write_bytes(whole[: last.warc_offset + 20])
    assert read(folder, first).body == PAGE
    with pytest.raises(TornCaptureError, match=r"courier\.example/2"):
        read(folder, last)
    path.write_bytes(whole[: last.warc_offset])
    with pytest.raises(TornCaptureError):
        read(folder, last)

    path.write_bytes(whole[: last.warc_offset] + b"\0" * 40 + whole[last.warc_offset + 40 :])
    with pytest.raises(AlteredCaptureError):
        read(folder, last)
    path.write_bytes(whole)
    with pytest.raises(AlteredCaptureError):
        read(folder, replace(last, sha256="0" * 64))
    with pytest.raises(AlteredCaptureError):  # the place of another record
        read(folder, replace(last, warc_offset=0))
    with pytest.raises(AlteredCaptureError, match="out of the folder"):
        read(folder, replace(last, warc_file="../../etc/passwd"))

    path.unlink()
    with pytest.raises(MissingCaptureError):
        read(folder, last)


def test_a_full_disk_loses_nothing_that_was_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a record fits: it is taken back, and the next one stands where it would have."""
    run = files(folder)
    first = run.write(exchange("https://courier.example/1"))
    write, room = os.pwrite, iter(range(10))

    def fill(descriptor: int, data: bytes, offset: int) -> int:
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, bytes(data)[:100], offset)

    monkeypatch.setattr(os, "pwrite", fill)
    with pytest.raises(CaptureError, match="No space left on device"):
        run.write(exchange("https://courier.example/2", body=random.Random(2).randbytes(3_000)))
    assert next(room, None) is None
    monkeypatch.undo()
    third = run.write(exchange("https://courier.example/3"))
    run.close()
    assert [read(folder, capture).capture for capture in (first, third)] == [first, third]
    assert [found.capture for found in responses(only_file(folder), first.warc_file)] == [first, third]


def test_whole_files_are_read_in_order(folder: Path) -> None:
    captures = written(folder, *(exchange(f"https://courier.example/{n}") for n in range(4)))
    found = list(responses(folder / captures[0].warc_file, captures[0].warc_file))
    assert [item.capture for item in found] == captures


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_files_of_others_are_read(tmp_path: Path, packed: bool, version: str) -> None:
    """As warcio writes them: unpacked too, bodies in chunks, requests first, revisits between."""
    path = tmp_path / ("others.warc.gz" if packed else "others.warc")
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (PAGE[:20], PAGE[20:])) + b"0\r\n\r\n"
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=packed, warc_version=version)
        for n in range(3):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
            payload = io.BytesIO(head + chunks)
            writer.write_record(writer.create_warc_record(f"http://others.example/{n}", "response", payload))
            writer.write_record(
                writer.create_revisit_record(
                    "http://others.example/r", "sha1:A", "http://others.example/0", "2026-01-01T00:00:00Z"
                )
            )
    found = list(responses(path))
    assert [item.capture.url for item in found] == [f"http://others.example/{n}" for n in range(3)]
    assert {item.content() for item in found} == {PAGE}
    assert {item.capture.warc_file for item in found} == {path.name}
    if packed:
        assert [read(tmp_path, item.capture).capture for item in found] == [item.capture for item in found]


def test_a_file_of_others_that_breaks_off_or_is_none(folder: Path, tmp_path: Path) -> None:
    captures = written(folder, *(exchange(f"https://courier.example/{n}") for n in range(3)))
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes((folder / captures[0].warc_file).read_bytes()[: captures[2].warc_offset + 300])
    reading = responses(torn)
    assert [next(reading).capture.url for _ in range(2)] == [item.url for item in captures[:2]]
    with pytest.raises(CaptureError):
        next(reading)
    (tmp_path / "page.html").write_bytes(PAGE)
    with pytest.raises(CaptureError, match=r"page\.html"):
        list(responses(tmp_path / "page.html"))
    with pytest.raises(CaptureError):
        list(responses(tmp_path / "nothing.warc.gz"))


@pytest.mark.parametrize(
    ("archive", "wanted"),
    [
        ("archive.db", "archive-captures"),
        ("/data/news.sqlite", "/data/news-captures"),
        ("sqlite:////data/x.db", "/data/x-captures"),
    ],
)
def test_where_they_lie(archive: str, wanted: str) -> None:
    assert default_folder(archive) == Path(wanted)
