"""Only the public web is fetched: no loopback, private or link-local address, unless a setting allows it.

A name is judged by the address it resolves to, at the moment of connecting, so
a name that changes its mind between the check and the fetch gains nothing. An
address in the URL itself needs no resolver and is judged before the request;
both hold for each redirect, which is a request of its own.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest, UnsupportedURLSchemeError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

# The numbers that a C library takes for parts of an IPv4 address.
NUMBER = re.compile(r"0x[0-9a-f]+|[0-9]+", re.IGNORECASE)
OCTAL = re.compile(r"0[0-7]+")
# IPv6 addresses whose last 32 bits are an IPv4 address: what counts is where that leads.
EMBEDDING = (
    IPv6Network("::/96"),  # IPv4-compatible (RFC 4291), long out of use
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped
    IPv6Network("64:ff9b::/96"),  # NAT64 (RFC 6052)
)
# Names that last resolved to a private address, and to which. Twisted knows one failure of a resolver, "not
# found", and passes no reason on; the middleware finds it here.
refused: dict[str, str] = {}


class PrivateAddress(IgnoreRequest):
    """The URL leads to an address that is not on the public internet."""


def is_public(address: str) -> bool:
    """Whether an IP address is reachable for everybody. ValueError where it is no address."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.is_site_local:
            return False
        ip = _embedded(ip) or ip
    return ip.is_global and not ip.is_multicast


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, or None."""
    if any(ip in network for network in EMBEDDING):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.sixtofour


class Guard:
    """Downloader middleware: refuses private addresses and schemes that are not the web's.

    It stands nearer to the network than the middleware that tries again, so
    that a name which the resolver refused is not asked for three times.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(allow_private=crawler.settings.getbool("ARCHIVE_ALLOW_PRIVATE"))

    def process_request(self, request: Request) -> None:
        host = _host(request.url)
        if not self.allow_private and is_private(host):
            raise _private(host)

    def process_exception(self, request: Request, exception: Exception) -> None:
        host = _host(request.url)
        if isinstance(exception, CannotResolveHostError) and host in refused:
            raise _private(refused[host]) from exception


def is_private(host: str) -> bool:
    """Whether the host of a URL is an address, in any spelling, and not a public one."""
    try:
        return not is_public(_written_out(host))
    except ValueError:  # a name: the resolver judges it
        return False


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        web = parts.scheme in ("http", "https")
    except ValueError:  # "http://[" in a redirect
        web = False
    if not web:
        raise UnsupportedURLSchemeError(f"not a web address: {url}")
    return parts.hostname or ""


def _private(address: str) -> PrivateAddress:
    return PrivateAddress(f"{address} is a private address (--allow-private fetches it)")


def _written_out(host: str) -> str:
    """`host`, with what a C library takes for IPv4 ("127.1", "0x7f000001", "2130706433") in four numbers."""
    labels = host.removesuffix(".").split(".")
    if ":" in host or len(labels) > 4 or not all(NUMBER.fullmatch(label) for label in labels):
        return host
    *first, last = [int(label, 8 if OCTAL.fullmatch(label) else 0) for label in labels]
    number = last + sum(byte << (24 - 8 * place) for place, byte in enumerate(first))
    return str(IPv4Address(number))


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
        refused.pop(name, None)
        return address
