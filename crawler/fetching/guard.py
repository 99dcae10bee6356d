"""Only the public web is fetched: no loopback, private or link-local address, unless a setting allows it.

A name is judged by the address it resolves to, at the moment of connecting, so
a name that changes its mind between the check and the fetch gains nothing. An
address in the URL itself needs no resolver and is judged before the request;
both hold for each redirect, which is a request of its own.
"""

from __future__ import annotations

import logging
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

logger = logging.getLogger(__name__)


# Names that resolved to a private address. Twisted knows one failure of a resolver, "not found", and tells no
# reason; so the request that comes again, since that may pass, is told it here.
refused: dict[str, str] = {}


class PrivateAddress(IgnoreRequest):
    """The URL leads to an address that is not on the public internet."""


def is_public(address: str) -> bool:
    """Whether an IP address is reachable for everybody. ValueError where it is no address."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and (inner := ip.ipv4_mapped or ip.sixtofour):
        ip = inner
    return ip.is_global and not ip.is_multicast


class Guard:
    """Downloader middleware: refuses private addresses and schemes that are not the web's."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(allow_private=crawler.settings.getbool("ARCHIVE_ALLOW_PRIVATE"))

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            raise IgnoreRequest(f"not a web address: {request.url}")
        try:
            public = self.allow_private or is_public(_numeric(host))
        except ValueError:  # a name: the resolver judges it
            public = host not in refused
        if not public:
            address = refused.get(host, host)
            raise PrivateAddress(f"{address} is a private address (--allow-private fetches it)")


def _numeric(host: str) -> str:
    """`host`, with what a C library takes for IPv4 ("127.1", "0x7f000001", "2130706433") written out."""
    labels = host.split(".")
    if ":" in host or len(labels) > 4 or not all(label and label[0].isdigit() for label in labels):
        return host
    *first, last = [int(label, 0) if not _octal(label) else int(label, 8) for label in labels]
    number = last + sum(byte << (24 - 8 * place) for place, byte in enumerate(first))
    return str(ip_address(number))


def _octal(label: str) -> bool:
    return len(label) > 1 and label[0] == "0" and label.isdigit()


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, but a name with a private address does not resolve."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, *, allow_private: bool) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        allow_private = settings.getbool("ARCHIVE_ALLOW_PRIVATE")
        return cls(reactor, cache_size, settings.getfloat("DNS_TIMEOUT"), allow_private=allow_private)

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        return super().getHostByName(name, timeout).addCallback(self._judge, name)

    def _judge(self, address: str, name: str) -> str:
        if not self.allow_private and not is_public(address):
            refused[name] = address
            raise DNSLookupError(f"{name} has the private address {address}")
        return address
