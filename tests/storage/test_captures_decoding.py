"""A body as it came -> the document, the same as Scrapy would have had of it."""

from __future__ import annotations

import contextlib
import gzip
import random
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from storage.captures.decoding import CHUNK, DECODERS, TooLargeError, decode
from storage.errors import CaptureError

PAGE = b"<p>The pier stays closed until the repairs are paid for.</p>" * 3_000
BARE = zlib.compressobj(wbits=-15)
PACKED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE[:5000]) + gzip.compress(PAGE[5000:]),
    "deflate": zlib.compress(PAGE),
    "br": brotli.compress(PAGE),
    "zstd": zstd.compress(PAGE),
    "identity": PAGE,
    "": PAGE,
    "gzip, br": brotli.compress(gzip.compress(PAGE)),
    " GZIP ": gzip.compress(PAGE),
}


@pytest.mark.parametrize("encoding", PACKED)
def test_every_encoding_is_undone(encoding: str) -> None:
    assert decode(PACKED[encoding], content_encoding=encoding) == PAGE


def test_deflate_without_its_wrapper() -> None:
    bare = BARE.compress(PAGE) + BARE.flush()
    assert decode(bare, content_encoding="deflate") == PAGE


def test_what_nobody_knows_is_left_alone() -> None:
    assert decode(b"abc", content_encoding="snappy") == b"abc"
    assert decode(gzip.compress(b"abc"), content_encoding="snappy, gzip") == b"abc"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_not_unfolded(encoding: str) -> None:
    with pytest.raises(TooLargeError):
        decode(PACKED[encoding], content_encoding=encoding, limit=len(PAGE) - 1)
    assert decode(PACKED[encoding], content_encoding=encoding, limit=len(PAGE)) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_body_that_breaks_off_is_taken_as_far_as_it_goes(encoding: str) -> None:
    text = random.Random(1).randbytes(200_000).hex().encode()
    whole = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}[encoding](text)
    found = decode(whole[: len(whole) * 2 // 3], content_encoding=encoding)
    assert text.startswith(found)
    assert len(found) > len(text) / 3


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_the_limit_is_for_all_chunks_together(encoding: str) -> None:
    noise = random.Random(1).randbytes(5 * CHUNK // 2)
    packed = {"gzip": gzip.compress, "deflate": zlib.compress}[encoding](noise)
    assert decode(packed, content_encoding=encoding, limit=len(noise)) == noise
    with pytest.raises(TooLargeError):
        decode(packed, content_encoding=encoding, limit=len(noise) - 1)


def test_a_body_that_breaks_before_its_first_byte_is_none() -> None:
    named = b"\x1f\x8b\x08\x08" + bytes(6) + b"name" * CHUNK + b"\0"
    with pytest.raises(CaptureError, match="cannot be unpacked"):
        decode(named + b"\xff" * 100, content_encoding="gzip")


@pytest.mark.parametrize("encoding", sorted(set(DECODERS) - {"identity"}))
def test_what_is_no_such_thing_is_said_to_be_none(encoding: str) -> None:
    with pytest.raises(CaptureError, match="cannot be unpacked"):
        decode(b"<html>not packed at all</html>" * 20, content_encoding=encoding)


@given(body=st.binary(max_size=300), encoding=st.sampled_from(sorted(DECODERS)))
def test_whatever_a_server_sends_is_bytes_or_our_error(body: bytes, encoding: str) -> None:
    with contextlib.suppress(CaptureError):
        assert len(decode(body, content_encoding=encoding, limit=10_000)) <= 10_000


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, br", "snappy, gzip"])
def test_scrapy_has_the_same(encoding: str) -> None:
    body = PACKED.get(encoding) or gzip.compress(PAGE)
    response = HtmlResponse("https://x.example/", headers={"Content-Encoding": encoding}, body=body)
    middleware = HttpCompressionMiddleware.from_crawler(get_crawler())
    unpacked = middleware.process_response(Request("https://x.example/"), response)
    assert decode(body, content_encoding=encoding) == unpacked.body
