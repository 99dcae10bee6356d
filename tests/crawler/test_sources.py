"""sources.toml: what it may hold, what a mistake says, and how a source is added."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SourcesError
from crawler.items import Endpoint, EndpointKind
from crawler.sources import Source, add, distinct_slug, load, slug_for
from crawler.sources.toml import parse, rendered
from storage.records import Pictures

FULL = """\
# Ours.
[sources.example-org]
name = "The Example"  # as it calls itself
home_page = "https://www.example.org/"
language = "en-GB"
country = "GB"
time_zone = "Europe/London"
feeds = [
    "https://www.example.org/feed",
    "https://www.example.org/sport/feed",  # sport
]
news_sitemaps = ["https://www.example.org/news.xml"]
sitemaps = ["https://www.example.org/sitemap.xml"]
sections = ["https://www.example.org/local/"]
include = ['/\\d{4}/']
exclude = ['/sponsored/', '[?&]print=']
pictures = "lead"

[sources.b]
home_page = "https://b.example/"
enabled = false
"""


def test_all_keys() -> None:
    sources = parse(FULL, "sources.toml")
    assert list(sources) == ["example-org", "b"]
    assert sources["example-org"] == Source(
        slug="example-org",
        name="The Example",
        home_page="https://www.example.org/",
        language="en-GB",
        country="GB",
        time_zone="Europe/London",
        endpoints=(
            Endpoint(url="https://www.example.org/feed", kind=EndpointKind.FEED),
            Endpoint(url="https://www.example.org/sport/feed", kind=EndpointKind.FEED),
            Endpoint(url="https://www.example.org/news.xml", kind=EndpointKind.NEWS_SITEMAP),
            Endpoint(url="https://www.example.org/sitemap.xml", kind=EndpointKind.SITEMAP),
            Endpoint(url="https://www.example.org/local/", kind=EndpointKind.LISTING),
        ),
        include=(r"/\d{4}/",),
        exclude=("/sponsored/", "[?&]print="),
        pictures=Pictures.LEAD,
    )
    assert sources["b"] == Source(slug="b", name="b", home_page="https://b.example/", enabled=False)


A = '[sources.a]\nhome_page = "https://a.example/"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (A + 'feed = ["x"]', ["line 3", "sources.a.feed", 'did you mean "feeds"?']),
        (A + "colour = 1", ["line 3", "sources.a.colour", "the keys are name, home_page"]),
        (A + 'feeds = "https://a.example/f"', ["line 3", "sources.a.feeds", "a text", "a list, in [ ]"]),
        (A + 'feeds = [\n  "https://a.example/f",\n  "a/g",\n]', ["line 5", "sources.a.feeds", '"a/g"', "https://"]),
        (A + "feeds = [1]", ["line 3", "1 is a number", "quotes"]),
        (A + "name = 12", ["line 3", "sources.a.name", "12 is a number", "quotes"]),
        (A + 'name = " "', ["line 3", "sources.a.name", "empty"]),
        (A + "name = 2026-01-01", ["line 3", "a date or time"]),
        (A + 'language = "English"', ["line 3", "sources.a.language", '"English"', '"pt-BR"']),
        (A + 'country = "Norway"', ["line 3", "sources.a.country", '"NO"']),
        (A + 'time_zone = "Europe/Olso"', ["line 3", "sources.a.time_zone", 'did you mean "Europe/Oslo"?']),
        (A + 'time_zone = "here"', ["line 3", '"here"', '"Europe/Oslo"']),
        (A + 'include = ["ok", "("]', ["line 3", "sources.a.include", '"("', "regular expression"]),
        (A + 'pictures = "leed"', ["line 3", "sources.a.pictures", '"leed"', 'did you mean "lead"?']),
        (A + 'pictures = "yes"', ["line 3", '"yes"', '"none", "lead", "all"']),
        (A + "pictures = true", ["line 3", "true or false", "quotes"]),
        (A + 'enabled = "no"', ["line 3", "sources.a.enabled", "true or false"]),
        (A + '\n# x\nsources.b = 1', ["line 5", "sources.a.sources", "no such key"]),
        ('[sources.a]\nhome_page = "a.example"', ["line 2", "sources.a.home_page", "https://"]),
        ('[sources.a]\nhome_page = "https://a b/"', ["line 2", "no web address"]),
        ('[sources.a]\nhome_page = "https://a:port/"', ["line 2", "no web address"]),
        ('\n\n[sources.a]\nname = "A"', ["line 3", "sources.a:", "home_page is missing"]),
        ('[sources.A_b]\nhome_page = "https://a.example/"', ["line 1", '"A_b" is no slug', "example-org"]),
        ('[sources."a b"]\nhome_page = "https://a.example/"', ["line 1", '"a b" is no slug']),
        (A + A, ["line 3", "sources", "there already"]),
        (A + 'home_page = "https://b.example/"', ["line 3", "there already"]),
        ("[sources.a]\nhome_page = https://a.example/", ["line 2", "texts stand in quotes"]),
        (A + 'feeds = ["https://a.example/f"', ["line 3", "lists in [ ]"]),
        (A + "x = " + "[" * 5000, ["line 3", "nested too deep"]),
        (A + "x = " + "9" * 5000, ["line"]),
        ("[source.a]", ["line 1", "source:", 'did you mean "sources"?']),
        ('title = "x"', ["line 1", "title:", "[sources.SLUG]"]),
        ("sources = 1", ["line 1", "sources:", "a number"]),
        ("sources.a = 1", ["line 1", "sources.a:", "a number"]),
        ("sources = { a = { home_page = 1 } }", ["line 1", "sources.a.home_page", "1 is a number"]),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_place_key_and_remedy(text: str, expected: list[str]) -> None:
    with pytest.raises(SourcesError) as caught:
        parse(text, "sources.toml")
    message = str(caught.value)
    assert message.startswith("sources.toml, line ")
    assert "\n" not in message
    assert len(message) < 400
    for part in expected:
        assert part in message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match=r"none\.toml: no such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(SourcesError, match="is a directory"):
        load(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'[sources.a]\nname = "\xe9"\n')
    with pytest.raises(SourcesError, match=r"latin\.toml, line 2: .*UTF-8"):
        load(latin)


def test_an_empty_file_has_no_sources(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("# nothing yet\n")
    assert load(path) == {}


NEW = Source(
    slug="new",
    name='Nouvelle "Gazette" \\ été',
    home_page="https://new.example/",
    language="fr",
    country="FR",
    time_zone="Europe/Paris",
    endpoints=(
        Endpoint(url="https://new.example/rss", kind=EndpointKind.FEED),
        Endpoint(url="https://new.example/atom", kind=EndpointKind.FEED),
        Endpoint(url="https://new.example/une/", kind=EndpointKind.LISTING),
    ),
    exclude=(r"/\w+'s\.html$", "/pub/"),
    enabled=False,
)


@pytest.mark.parametrize(
    "text", [FULL, FULL.rstrip("\n"), "", "# only this", FULL.replace("\n", "\r\n"), "\ufeff" + FULL]
)
def test_add_keeps_every_byte_that_is_there(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(text.encode())
    add(path, NEW)
    after = path.read_bytes().decode()
    assert after.startswith(text)
    assert "\r" in after.replace("\r\n", "") or ("\r\n" in after) == ("\r\n" in text)
    assert list(load(path).values()) == [*parse(text.lstrip("\ufeff"), "x").values(), NEW]


def test_add_begins_a_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    add(path, NEW)
    assert load(path) == {"new": NEW}
    assert path.read_text(encoding="utf-8").startswith("[sources.new]\n")


def test_patterns_are_written_as_a_person_would(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    add(path, Source(slug="a", name="A", home_page="https://a.example/", include=(r"/\d+/",)))
    assert r"include = ['/\d+/']" in path.read_text()


def test_add_refuses_and_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(FULL)
    with pytest.raises(SourcesError, match='"b" is there already'):
        add(path, Source(slug="b", name="B", home_page="https://b.example/"))
    with pytest.raises(SourcesError, match="no slug"):
        add(path, Source(slug="B C", name="B", home_page="https://b.example/"))
    with pytest.raises(SourcesError, match="no web address"):
        add(path, Source(slug="c", name="C", home_page="c.example"))
    assert path.read_text() == FULL
    path.write_text(FULL + "\n[broken")
    with pytest.raises(SourcesError, match="line 23"):
        add(path, NEW)
    assert list(tmp_path.iterdir()) == [path]


def test_add_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text(FULL)
    real.chmod(0o640)
    link = tmp_path / "sources.toml"
    link.symlink_to(real)
    add(link, NEW)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "new" in load(real)


def test_add_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="cannot be written"):
        add(tmp_path / "no" / "sources.toml", NEW)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.example.org/", "example-org"),
        ("https://example.co.uk/news/?x=1", "example-co-uk"),
        ("http://News.Example.com:8080/", "news-example-com-8080"),
        ("http://127.0.0.1:8081/", "127-0-0-1-8081"),
        ("https://münchen.example/", "xn-mnchen-3ya-example"),
        ("http://[::1]/", "1"),
        ("http://[", "source"),
        ("", "source"),
    ],
)
def test_slug_for(url: str, slug: str) -> None:
    assert slug_for(url) == slug


def test_distinct_slug() -> None:
    assert distinct_slug("a", []) == "a"
    assert distinct_slug("a", ["a", "a-2"]) == "a-3"


def test_the_example_file_is_right() -> None:
    assert load(Path(__file__).parents[2] / "sources.toml")


def test_reading_sources_needs_no_heavy_imports() -> None:
    code = "import sys, crawler.sources; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"lxml", "babel", "tomlkit", "scrapy", "sqlalchemy"} & set(done.stdout.split())


addresses = st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z?=&%0-9]{0,12}", fullmatch=True)
texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
patterns = texts.filter(lambda text: _compiles(text))
endpoints = st.builds(
    Endpoint, url=addresses, kind=st.sampled_from([k for k in EndpointKind if k is not EndpointKind.GIVEN])
)
sources = st.builds(
    Source,
    slug=st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True),
    name=texts,
    home_page=addresses,
    language=st.none() | st.sampled_from(["en", "pt-BR", "zh-Hant-TW"]),
    country=st.none() | st.sampled_from(["NO", "JP"]),
    time_zone=st.none() | st.sampled_from(["Europe/Oslo", "Asia/Tokyo"]),
    endpoints=st.lists(endpoints, max_size=4, unique=True).map(
        lambda found: tuple(sorted(found, key=_order))
    ),
    include=st.lists(patterns, max_size=3, unique=True).map(tuple),
    exclude=st.lists(patterns, max_size=3, unique=True).map(tuple),
    enabled=st.booleans(),
)


def _order(endpoint: Endpoint) -> int:
    kinds = [EndpointKind.FEED, EndpointKind.NEWS_SITEMAP, EndpointKind.SITEMAP, EndpointKind.LISTING]
    return kinds.index(endpoint.kind)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


@given(sources)
def test_what_is_written_is_read(source: Source) -> None:
    assert parse(rendered(source), "x") == {source.slug: source}


def complaint(text: str) -> str | None:
    try:
        parse(text, "sources.toml")
    except SourcesError as error:
        return str(error)
    return None


damages = st.builds(
    lambda start, length, patch: FULL[:start] + patch + FULL[start + length :],
    st.integers(0, len(FULL)),
    st.integers(0, 60),
    st.text(max_size=10),
)


@given(st.text(max_size=300) | damages)
def test_any_text_is_read_or_gets_one_line(text: str) -> None:
    message = complaint(text)
    assert message is None or re.fullmatch(r"sources\.toml, line \d+: .+", message)
