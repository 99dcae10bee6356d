"""Conditional and compressed answers, as values."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.demo.answers import Answer, compressed, conditional, html, http_date

CHANGED = dt.datetime(2026, 3, 14, 9, 0, tzinfo=dt.UTC)
PAGE = html("<p>text</p>" * 100, last_modified=CHANGED)
BEFORE, AFTER = (http_date(CHANGED + dt.timedelta(hours=hours)) for hours in (-1, 1))


@pytest.mark.parametrize(
    ("request_headers", "status"),
    [
        ({}, 200),
        ({"if-none-match": PAGE.etag}, 304),
        ({"if-none-match": f'"other", {PAGE.etag}'}, 304),
        ({"if-none-match": f"W/{PAGE.etag}"}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"other"'}, 200),
        ({"if-modified-since": http_date(CHANGED)}, 304),
        ({"if-modified-since": AFTER}, 304),
        ({"if-modified-since": BEFORE}, 200),
        ({"if-modified-since": "last Tuesday"}, 200),
        ({"if-none-match": '"other"', "if-modified-since": AFTER}, 200),
    ],
)
def test_conditional(request_headers: dict[str, str], status: int) -> None:
    answer = conditional(PAGE, request_headers)
    assert answer.status == status
    assert bool(answer.body) == (status == 200)
    assert answer.all_headers()["ETag"] == PAGE.etag


def test_what_has_no_date_is_never_304() -> None:
    assert conditional(html("x"), {"if-none-match": "*"}).status == 200


def test_errors_are_never_304() -> None:
    assert conditional(html("x", status=410, last_modified=CHANGED), {"if-none-match": "*"}).status == 410


@pytest.mark.parametrize(
    ("answer", "accepted", "is_compressed"),
    [
        (PAGE, "gzip, deflate", True),
        (PAGE, "br", False),
        (PAGE, "", False),
        (html("short"), "gzip", False),
        (Answer(body=b"x" * 9000, content_type="image/jpeg"), "gzip", False),
        (Answer(body=b"x" * 9000, content_type="application/gzip"), "gzip", False),
        (Answer(body=b"x" * 9000, content_type="application/feed+json"), "gzip", True),
    ],
)
def test_compressed(answer: Answer, accepted: str, is_compressed: bool) -> None:
    sent = compressed(answer, {"accept-encoding": accepted})
    assert (sent.headers.get("Content-Encoding") == "gzip") == is_compressed
    assert (gzip.decompress(sent.body) if is_compressed else sent.body) == answer.body
    assert sent.all_headers().get("ETag") == answer.all_headers().get("ETag")


@given(st.dictionaries(st.sampled_from(["if-none-match", "if-modified-since", "accept-encoding"]), st.text()))
def test_no_request_breaks_an_answer(headers: dict[str, str]) -> None:
    assert compressed(conditional(PAGE, headers), headers).status in (200, 304)
