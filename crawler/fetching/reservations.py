"""What a publisher reserves: noarchive (robots meta tag, X-Robots-Tag), text and data mining (TDMRep).

An answer speaks for itself; what its host says of all its pages is read by
`tdmrep`. Recorded with each capture. Obeyed where a setting says so: then such a
page is neither kept nor read, and the ledger says why.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

from storage.captures.inflating import ANY, DEFLATE, InflateError, inflater

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from zlib_ng import zlib_ng

RESERVED = "archive_reservations"  # in a request's meta: what the answer reserves
BY_FILE = "archive_tdm_file"  # … and what the host's tdmrep.json says of it, if anything
OUR_AGENT = "newsarchive"
HEAD = 128 * 1024  # bytes of a page in which its meta tags stand
END = b"</head"
PIECE = 4 * 1024  # bytes that are unpacked at once
PLAIN_GZIP = b"\x1f\x8b\x08\x00"  # deflated, and nothing else said (RFC 1952, 2.3)
PLAIN_GZIP_HEADER = 10  # bytes
HEARD = ("content-encoding", "x-robots-tag", "tdm-reservation")  # headers that have a say

META = re.compile(rb"<meta\b[^>]{1,2000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(rb"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)


class Reservation(StrEnum):
    """What is reserved."""

    NOARCHIVE = "noarchive"
    # No copy is to be kept.
    TDM = "tdm-reservation"
    # Text and data mining needs a licence (TDMRep, W3C Community Group).


class ReservedError(IgnoreRequest):
    """The page reserves what a setting obeys."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"its publisher reserves it: {reservation}")


def reservations(
    headers: dict[str, list[str]], head: bytes, *, by_file: bool | None = None
) -> tuple[Reservation, ...]:
    """What an answer reserves; header names in lower case, `head` is the page's beginning.

    `by_file`: what tdmrep.json says of it. A header prevails over it, and a meta tag over both (TDMRep,
    "Processing priority").
    """
    metas = [_attributes(tag) for tag in META.findall(head)] if _speaks_of_it(head.lower()) else []
    robots = [content for name, content in metas if name in ("robots", OUR_AGENT)]
    robots += [rule for rule in headers.get("x-robots-tag", []) if _is_for_us(rule)]
    by_tag = [content for name, content in metas if name == Reservation.TDM]
    mining = by_tag or headers.get(Reservation.TDM) or ["1" if by_file else "0"]
    found = {
        Reservation.NOARCHIVE: any("noarchive" in re.split(r"[\s,:]+", rule.lower()) for rule in robots),
        Reservation.TDM: any(value.strip() == "1" for value in mining),
    }
    return tuple(reservation for reservation, is_made in found.items() if is_made)


def _is_for_us(rule: str) -> bool:
    """Whether a value of X-Robots-Tag is for every agent, or for ours."""
    agent, colon, _ = rule.partition(":")
    named = (
        bool(colon) and " " not in agent.strip() and "," not in agent and agent.strip() != "unavailable_after"
    )
    return not named or agent.strip().lower() == OUR_AGENT


def _speaks_of_it(head: bytes) -> bool:
    """Whether the beginning of a page, in lower case, may reserve anything, or say that it does not."""
    return b"noarchive" in head or b"tdm-reservation" in head


def _attributes(tag: bytes) -> tuple[str, str]:
    found = {
        name.decode().lower(): (one or other or bare).decode("utf-8", "replace")
        for name, one, other, bare in ATTRIBUTE.findall(tag)
    }
    return found.get("name", "").lower(), found.get("content", "")


class Reservations:
    """Downloader middleware, nearer to the network than what keeps the raw bytes."""

    def __init__(self, obeyed: frozenset[Reservation]) -> None:
        self.obeyed = obeyed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = {
            Reservation.NOARCHIVE: "ARCHIVE_OBEY_NOARCHIVE",
            Reservation.TDM: "ARCHIVE_OBEY_TDM",
        }
        return cls(frozenset(r for r, name in settings.items() if crawler.settings.getbool(name)))

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status != 200 or b"html" not in (response.headers.get("Content-Type") or b"").lower():
            return response
        headers = {
            name: [value.decode("latin-1") for value in response.headers.getlist(name)] for name in HEARD
        }
        beginning = head(response.body, "".join(headers["content-encoding"]))
        found = reservations(headers, beginning, by_file=request.meta.get(BY_FILE))
        request.meta[RESERVED] = found
        for reservation in found:
            if reservation in self.obeyed:
                raise ReservedError(reservation)
        return response


def head(body: bytes, encoding: str) -> bytes:
    """The beginning of a packed body, to the end of its <head>, as far as it can be unpacked here."""
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return body[:HEAD].partition(END)[0]
    unpacker, place = _unpacker(body)
    out = bytearray()
    try:
        while place < len(body) and len(out) < HEAD:
            begin = max(0, len(out) - len(END))
            out += unpacker.decompress(body[place : place + PIECE], HEAD - len(out))
            place += PIECE
            if (end := out.find(END, begin)) >= 0:
                del out[end:]
                break
    except InflateError:
        pass
    return bytes(out)


def _unpacker(body: bytes) -> tuple[zlib_ng._Decompress, int]:
    """What unpacks a body, and from where on: without checksums, where the usual header of gzip is all."""
    if body.startswith(PLAIN_GZIP):
        return inflater(DEFLATE), PLAIN_GZIP_HEADER
    return inflater(ANY), 0
