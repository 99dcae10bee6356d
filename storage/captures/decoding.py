"""A body as it came -> the document: transfer and content encodings undone, within a limit. Pure.

Bodies are as tolerant a matter as in a browser: what can be unpacked of a body
that breaks off is taken, and an encoding that nobody knows is left alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader

from storage.captures.inflating import DEFLATE, GZIP, ZLIB, InflateError, inflater
from storage.errors import CaptureError

LIMIT = 256 * 1024**2  # bytes that a body may unfold to
CHUNK = 64 * 1024


class TooLargeError(CaptureError):
    """The body unfolds to more than the limit."""


def decode(body: bytes, *, content_encoding: str, transfer_encoding: str = "", limit: int = LIMIT) -> bytes:
    """`body` without its encodings; CaptureError where it cannot be unpacked."""
    if "chunked" in transfer_encoding.lower():  # in files that others have written
        body = ChunkedDataReader(BytesIO(body), decomp_type=None).read(limit)
    names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    while names and names[-1] in DECODERS:
        try:
            body = DECODERS[names.pop()](body, limit)
        except (InflateError, ValueError, OSError, EOFError) as error:
            raise CaptureError(f"the body cannot be unpacked: {error}") from error
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    return _inflate(body, limit, GZIP)


def _undeflate(body: bytes, limit: int) -> bytes:
    try:
        return _inflate(body, limit, ZLIB)
    except InflateError:  # some servers send the bare stream
        return _inflate(body, limit, DEFLATE)


def _inflate(body: bytes, limit: int, kind: int) -> bytes:
    """What can be got out of `body`, as far as it is sound; several gzip members follow one another."""
    out = bytearray()
    view, place = memoryview(body), 0
    unpacker = inflater(kind)
    while place < len(body):
        try:
            out += unpacker.decompress(view[place : place + CHUNK], limit + 1 - len(out))
        except InflateError:
            if out:
                break
            raise
        if len(out) > limit:
            raise TooLargeError(f"the body unfolds to more than {limit} bytes")
        place = min(place + CHUNK, len(body)) - len(unpacker.unused_data) - len(unpacker.unconsumed_tail)
        if unpacker.eof:
            if kind != GZIP:
                break
            unpacker = inflater(kind)
    return bytes(out)


def _unbrotli(body: bytes, limit: int) -> bytes:
    import brotli

    unpacker = brotli.Decompressor()
    out = bytearray()
    try:
        part = unpacker.process(body, output_buffer_limit=CHUNK)
        while part:
            out += part
            if len(out) > limit:
                raise TooLargeError(f"the body unfolds to more than {limit} bytes")
            part = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=CHUNK)
    except brotli.error as error:
        raise ValueError(str(error)) from error
    return bytes(out)


def _unzstd(body: bytes, limit: int) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    out = bytearray()
    try:
        with zstd.ZstdFile(BytesIO(body)) as file:
            while part := file.read(CHUNK):
                out += part
                if len(out) > limit:
                    raise TooLargeError(f"the body unfolds to more than {limit} bytes")
    except EOFError:  # it breaks off
        pass
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from error
    return bytes(out)


Decoder = Callable[[bytes, int], bytes]
DECODERS: dict[str, Decoder] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
    "identity": lambda body, _: body,
}
