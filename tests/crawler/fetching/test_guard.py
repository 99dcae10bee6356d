"""Which hosts are private, in every spelling that a resolver or a C library understands."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, UnsupportedURLSchemeError

from crawler.fetching import guard
from crawler.fetching.guard import Guard, PrivateAddress, is_private, is_public

PRIVATE = [
    *("127.0.0.1", "127.255.0.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.1.1.1", "255.255.255.255"),
    *("192.0.2.1", "198.51.100.7", "203.0.113.9", "240.0.0.1", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::5", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::"),
]
SHORTHAND = [
    *("127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.1", "0177.0.0.1", "0", "0x0", "127.0.0.1."),
    *("10.1", "3232235777", "0xa9fea9fe", "0251.0376.0251.0376"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111"]
PUBLIC_TOO = ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"]
NAMES = ["example.org", "127.0.0.1.example.org", "08.8.8.8.8", "1.2.3.4.5", "4294967296", "256.1.1.1.com", ""]


@pytest.mark.parametrize("host", [*PRIVATE, *SHORTHAND])
def test_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", [*PUBLIC, *PUBLIC_TOO, "134744072", "8.526344", "0x08080808"])
def test_public(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize("host", NAMES)
def test_names_are_left_to_the_resolver(host: str) -> None:
    assert not is_private(host)


@given(st.text(max_size=40))
def test_any_host_is_judged_without_an_error(host: str) -> None:
    assert is_private(host) in (True, False)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_all_its_clothes(address: IPv4Address) -> None:
    number, public = int(address), is_public(str(address))
    high, low = number >> 24, number & 0xFFFFFF
    spellings = [str(number), hex(number), f"{high}.{low}", f"0{high:o}.{low:#x}", f"{address}."]
    assert {not is_private(s) for s in spellings} == {public}
    for prefix in ("::ffff:0:0", "::", "64:ff9b::"):
        assert is_public(str(IPv6Address(int(IPv6Address(prefix)) + number))) is public or number < 2


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]:80/", "https://user@10.0.0.1:8/x"])
def test_addresses_are_refused_unless_allowed(url: str) -> None:
    with pytest.raises(PrivateAddress, match="--allow-private"):
        Guard(allow_private=False).process_request(Request(url))
    Guard(allow_private=True).process_request(Request(url))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "data:,x"])
def test_only_the_web_is_fetched(url: str) -> None:
    with pytest.raises(UnsupportedURLSchemeError, match="not a web address"):
        Guard(allow_private=True).process_request(Request(url))


def test_a_name_that_the_resolver_refused_is_called_private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "refused", {"intranet.example": "10.0.0.7"})
    failure = CannotResolveHostError("not found")
    with pytest.raises(PrivateAddress, match=r"10\.0\.0\.7"):
        Guard(allow_private=False).process_exception(Request("http://intranet.example/"), failure)
    Guard(allow_private=False).process_exception(Request("http://unknown.example/"), failure)
