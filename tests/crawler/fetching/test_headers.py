"""Headers line by line."""

from __future__ import annotations

from scrapy.http import Response

from crawler.fetching.headers import pairs


def test_headers_line_by_line_are_those_that_scrapy_gives() -> None:
    sent = {"content-type": "text/html", "SET-COOKIE": ["a=1", "b=2"], "etag": '"x"'}
    headers = Response("https://courier.example/pier", headers=sent).headers
    assert list(pairs(headers)) == [(name, value) for name, values in headers.items() for value in values]
    assert (b"Set-Cookie", b"b=2") in pairs(headers)
