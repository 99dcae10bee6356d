"""WARC records in memory: an exchange in, gzip members out. warcio builds and reads them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from storage.captures.exchange import Exchange

WARC = "WARC/1.1"
KIND = "Archive-Capture-Kind"  # a field of our own: WARC's readers pass over what they don't know
# 6 costs half of what 9 does, for the same size within 1%; what came packed is only wrapped.
LEVEL, LEVEL_OF_PACKED = 6, 0


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """An HTTP head that is written byte for byte; warcio's own escapes what is not ASCII."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """It is there already."""

    def __bool__(self) -> bool:
        return True  # warcio would look for another head in the body


class _Writer(WARCWriter):  # type: ignore[misc]
    """warcio's writer with SHA-256 for its digests."""

    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """An exchange as two gzip members of a WARC file."""

    response: bytes
    request: bytes
    # b"" where it is not known.
    sha256: str
    # Of the body, in hex.


def warcinfo(name: str, info: Mapping[str, str]) -> tuple[str, bytes]:
    """The record that begins a file: its id, and its gzip member."""
    out = BytesIO()
    writer = _Writer(out, gzip=False, warc_version=WARC)
    record = writer.create_warcinfo_record(name, dict(info))
    writer.write_record(record)
    return record.rec_headers.get_header("WARC-Record-ID"), _member(out, LEVEL)


def members(exchange: Exchange, info_id: str) -> Members:
    """`exchange` as response and request records of the file that the record `info_id` begins."""
    response, request = BytesIO(), BytesIO()
    date = exchange.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    shared = {"WARC-Date": date, "WARC-Warcinfo-ID": info_id}
    own = {KIND: str(exchange.kind)}
    if exchange.ip_address:
        own["WARC-IP-Address"] = exchange.ip_address
    head = exchange.response_head()
    response_id = _write(response, "response", exchange.url, head, exchange.body, {**shared, **own})
    if exchange.method is not None:
        about = {**shared, "WARC-Concurrent-To": response_id}
        _write(request, "request", exchange.url, exchange.request_head(), b"", about)
    return Members(
        response=_member(response, LEVEL_OF_PACKED if exchange.is_encoded else LEVEL),
        request=_member(request, LEVEL) if exchange.method is not None else b"",
        sha256=hashlib.sha256(exchange.body).hexdigest(),
    )


def _write(out: BytesIO, kind: str, url: str, head: bytes, body: bytes, fields: Mapping[str, str]) -> str:
    """Write one record; returns its id."""
    writer = _Writer(out, gzip=False, warc_version=WARC)
    record = writer.create_warc_record(
        url,
        kind,
        payload=BytesIO(body),
        length=len(body),
        http_headers=_Head(head),
        warc_headers_dict=dict(fields),
    )
    writer.write_record(record)
    return str(record.rec_headers.get_header("WARC-Record-ID"))


def _member(record: BytesIO, level: int) -> bytes:
    return gzip.compress(record.getbuffer(), compresslevel=level, mtime=0)
