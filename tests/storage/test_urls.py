"""Addresses: what is fetched, what is compared, and what must never be taken away."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.urls import MAX_LENGTH, clean, is_home_page, key, same_site, site

PAGE = "https://example.org/news/2026/story-7"


@pytest.mark.parametrize(
    ("written", "fetched"),
    [
        (PAGE, PAGE),
        # Who sent the reader, not which page.
        (f"{PAGE}?utm_source=rss&utm_medium=feed", PAGE),
        (f"{PAGE}?id=7&fbclid=Iw&gclid=1&page=2", f"{PAGE}?id=7&page=2"),
        (f"{PAGE}?ocid=x&smid=tw&CMP=share&at_medium=RSS&wt_mc=1", PAGE),
        (f"{PAGE}?ref=rss&source=twitter&from=homepage", PAGE),
        (f"{PAGE}?ttclid=1&srsltid=2&gad_source=1&igsh=3&mibextid=4", PAGE),
        (f"{PAGE}#comments", PAGE),
        (f"{PAGE}?#", PAGE),
        (f"{PAGE}?a=1&&b=2&", f"{PAGE}?a=1&b=2"),
        # Scheme and host.
        ("HTTPS://Example.ORG/News", "https://example.org/News"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("https://reader:secret@example.org/a", "https://example.org/a"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://例え。jp/ニュース", "https://xn--r8jz45g.jp/%E3%83%8B%E3%83%A5%E3%83%BC%E3%82%B9"),
        ("http://[2001:DB8:0::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("http://[fe80::1%25eth0]/a", "http://[fe80::1]/a"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"),
        # Paths.
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/a/b/..", "https://example.org/a/"),
        ("https://example.org/a/.", "https://example.org/a/"),
        ("https://example.org/../../a", "https://example.org/a"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/%e4%b8%ad", "https://example.org/%E4%B8%AD"),
        ("https://example.org/100%", "https://example.org/100%"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://example.org/?q=a+b%20c", "https://example.org/?q=a+b%20c"),
        # As feeds break it.
        ("\n\t https://example.org/a\n", "https://example.org/a"),
        ("https://example.org/a\r\n/b", "https://example.org/a/b"),
        ("\ufeffhttps://example.org/a\u200b", "https://example.org/a"),
        ("https://example.org/\ud800", "https://example.org/%ED%A0%80"),
    ],
)
def test_clean(written: str, fetched: str) -> None:
    assert clean(written) == fetched


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGE}?{parameter}"
        for parameter in (
            "cid=81",
            "id=7",
            "aid=7",
            "oid=7",
            "eid=7",
            "uid=7",
            "p=412",
            "story=pier",
            "article_id=9",
            "ref=42",
            "source=reuters",
            "from=2026-01-01",
            "page=2",
            "lang=de",
            "news=home",
            "status=at",
            "format=amp",
        )
    ]
    + [
        "https://example.org//news//story",
        "https://example.org/News/Story-Of-A-Pier.HTML",
        "https://example.org/story;jsessionid=1",
        "https://example.org/story,1.2345",
        "https://example.org/a=b/c@d/(e)!",
        "https://example.org/index.php?id=7",
    ],
)
def test_what_tells_pages_apart_is_kept(address: str) -> None:
    assert clean(address) == address
    assert key(address) != key(PAGE)


@pytest.mark.parametrize(
    "no_address",
    [
        "",
        " ",
        "story.html",
        "/news/story",
        "//example.org/a",
        "mailto:desk@example.org",
        "javascript:void(0)",
        "data:text/html,x",
        "ftp://example.org/a",
        "file:///etc/passwd",
        "http://",
        "http:///a",
        "https:example.org/a",
        "http://.example.org/",
        "http://exa mple.org/",
        "http://example.org\\@evil.example/",
        "http://ex＜ample.org/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http://[::1/",
        "http://[example.org]/",
        "http://exa%6Dple.org/",
        "http://\x00/",
        f"https://example.org/{'a' * MAX_LENGTH}",
        f"https://example.org/{'ü' * (MAX_LENGTH // 4)}",
    ],
)
def test_what_is_no_web_address(no_address: str) -> None:
    assert clean(no_address) is None
    assert site(no_address) == ""
    assert not is_home_page(no_address)


def test_length_counts_what_would_be_fetched() -> None:
    assert clean(f"{PAGE}?utm_campaign={'x' * MAX_LENGTH}") == PAGE


@pytest.mark.parametrize(
    "variant",
    [
        f"{PAGE}/",
        "http://example.org/news/2026/story-7",
        "https://www.example.org/news/2026/story-7",
        f"{PAGE}?amp",
        f"{PAGE}?amp=1",
        f"{PAGE}?outputType=amp",
        f"{PAGE}?print=true",
        f"{PAGE}?view=print",
        f"{PAGE}?utm_source=x#top",
        f"{PAGE}/index.html",
        "https://example.org/news/2026/story%2D7",
        "https://example.org/news/2026/%73tory-7",
    ],
)
def test_spellings_of_one_page_share_a_key(variant: str) -> None:
    assert key(variant) == key(PAGE) == "example.org/news/2026/story-7"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PAGE, f"{PAGE}?page=2"),
        (PAGE, f"{PAGE}?amplitude=1"),
        (PAGE, f"{PAGE}?print=2"),
        (PAGE, PAGE.replace("story", "Story")),
        (PAGE, "https://example.org:8443/news/2026/story-7"),
        (PAGE, "https://m.example.org/news/2026/story-7"),
        ("https://example.org/a/b", "https://example.org/a%2Fb"),
        ("https://example.org/?a=1&b=2", "https://example.org/?a=1%26b=2"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_the_order_of_parameters_makes_no_other_page() -> None:
    assert key(f"{PAGE}?b=2&a=1") == key(f"{PAGE}?a=1&b=2") == "example.org/news/2026/story-7?a=1&b=2"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.example.co.uk/news", "example.co.uk"),
        ("https://news.example.com:8080/", "example.com"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://127.0.0.1:8001/", "127.0.0.1:8001"),
        ("http://localhost/", "localhost"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("https://harbour-news.blogspot.com/", "harbour-news.blogspot.com"),
        ("https://co.uk/", "co.uk"),
    ],
)
def test_site(address: str, expected: str) -> None:
    assert site(address) == expected


def test_same_site() -> None:
    assert same_site("https://amp.example.com/a", "http://www.example.com/b")
    assert not same_site("https://one.github.io/", "https://two.github.io/")
    assert not same_site("no address", "no address")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org", True),
        ("https://www.example.org/#top", True),
        ("https://example.org/index.php", True),
        ("https://example.org/?utm_source=x", True),
        ("https://example.org/?p=7", False),
        ("https://example.org/news/", False),
    ],
)
def test_home_page(address: str, expected: bool) -> None:
    assert is_home_page(address) is expected


PIECES = (
    st.sampled_from(["/", "//", ".", "..", "?", "&", "=", ";", "#", "@", "[", "]", ":80", ":443", "%"])
    | st.sampled_from(["%41", "%7e", "%2f", "index.html", "utm_source=x", "amp=1", "é", "中"])
    | st.sampled_from([" ", "\t", "\n", "\x00", "\ud800"])
)
HOSTS = st.sampled_from(
    [
        "example.org",
        "www.example.org",
        "EXAMPLE.org.",
        "bücher.example",
        "[::1]",
        "1.2.3.4",
        "u:p@example.org:8080",
    ]
)
SCHEMES = st.sampled_from(["http://", "https://", "HTTP://", "//", "", "ftp://", "https:", "http:///"])
ADDRESSES = st.text() | st.builds(
    lambda scheme, host, pieces: scheme + host + "".join(pieces),
    SCHEMES,
    HOSTS | st.text(max_size=6),
    st.lists(PIECES | st.text(max_size=4), max_size=8),
)


@settings(max_examples=1_000, deadline=None)
@given(ADDRESSES)
@example("http://example.org/%%34%31")
@example("http://ex＜ample.org/")
@example("https://example.org。/")
def test_never_raises_and_twice_is_once(address: str) -> None:
    key(address), site(address), is_home_page(address)
    cleaned = clean(address)
    if cleaned is not None:
        assert clean(cleaned) == cleaned
        assert key(cleaned) == key(address)
        assert cleaned.isascii()


PARAMETERS = st.dictionaries(st.sampled_from(["id", "cid", "p", "page"]), st.text("abc123", min_size=1))


@given(path=st.text("abcXYZ019-_", min_size=1), parameters=PARAMETERS, order=st.randoms())
def test_variants_of_any_address_share_its_key(path: str, parameters: dict[str, str], order: Random) -> None:
    query = [f"{name}={value}" for name, value in parameters.items()]
    noisy = [*query, "utm_medium=rss", "fbclid=x", "amp=1"]
    order.shuffle(noisy)
    plain = f"https://example.org/{path}?{'&'.join(query)}"
    assert key(f"HTTP://www.EXAMPLE.org:80/./{path}/?{'&'.join(noisy)}#x") == key(plain)
