"""What undoes DEFLATE: zlib-ng, which gives zlib's answers at nearly twice its pace."""

from __future__ import annotations

from zlib_ng import zlib_ng

# What the packed bytes are wrapped in, in zlib's numbers: RFC 1952, RFC 1950, nothing (RFC 1951); the first
# two are told apart by ANY.
GZIP, ZLIB, DEFLATE, ANY = 31, 15, -15, 47

# Its stub takes the class for one of its instances.
InflateError: type[Exception] = zlib_ng.error  # type: ignore[assignment]


def inflater(wrapping: int) -> zlib_ng._Decompress:
    """An object with the methods of `zlib.decompressobj`, which raises InflateError."""
    return zlib_ng.decompressobj(wrapping)
