"""Gzip from strangers: bounded, and as far as it goes."""

from __future__ import annotations

import zlib

MAGIC = b"\x1f\x8b"
# A server that compresses sitemap.xml.gz once more sends gzip in gzip; more than that is a trap.
MAX_LAYERS = 2
# Files joined with `cat` have one member each; a million of empty ones are a trap.
MAX_MEMBERS = 1_000

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
    """All gzip members in `body`, one after another."""
    out = bytearray()
    rest = memoryview(body)
    pending = b""
    unzip, members = zlib.decompressobj(_GZIP), 1
    while len(out) < limit and members <= MAX_MEMBERS and (pending or rest):
        if not pending:
            pending, rest = bytes(rest[:_CHUNK]), rest[_CHUNK:]
        before = unzip.copy()
        try:
            out += unzip.decompress(pending, limit - len(out))
        except zlib.error:
            return bytes(out + _up_to_damage(before, pending, limit - len(out)))
        pending = unzip.unconsumed_tail
        if unzip.eof:
            pending, unzip, members = unzip.unused_data, zlib.decompressobj(_GZIP), members + 1
    return bytes(out)


def _up_to_damage(unzip: zlib._Decompress, data: bytes, limit: int) -> bytes:
    """What `data` gives up to its first bad byte, at most `limit` bytes."""
    out = bytearray()
    try:
        for byte in data:
            out += unzip.decompress(bytes((byte,)), limit - len(out))
            if len(out) >= limit:
                break
    except zlib.error:
        pass
    return bytes(out)
