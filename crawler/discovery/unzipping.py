"""Gzip from strangers: bounded, and as far as it goes."""

from __future__ import annotations

import zlib

MAGIC = b"\x1f\x8b"
# A server that compresses sitemap.xml.gz once more sends gzip in gzip; more than that is a trap.
MAX_LAYERS = 2

_CHUNK = 64 * 1024
_GZIP = 31  # zlib's window bits for data with a gzip header


def unzipped(body: bytes, limit: int) -> bytes:
    """`body` without its gzip layers, at most `limit` bytes; a damaged file as far as it goes."""
    for _ in range(MAX_LAYERS):
        if not body.startswith(MAGIC):
            break
        body = _one_layer(body, limit)
    return body[:limit]


def _one_layer(body: bytes, limit: int) -> bytes:
    """All gzip members in `body`. Fed in chunks, so that damage costs what comes after it alone."""
    out = bytearray()
    unzip = zlib.decompressobj(_GZIP)
    rest = memoryview(body)
    pending = b""
    try:
        while len(out) < limit and (pending or rest):
            if not pending:
                pending, rest = bytes(rest[:_CHUNK]), rest[_CHUNK:]
            out += unzip.decompress(pending, limit - len(out))
            pending = unzip.unconsumed_tail
            if unzip.eof:
                pending, unzip = unzip.unused_data, zlib.decompressobj(_GZIP)
    except zlib.error:
        pass
    return bytes(out)
