"""The overrides of a source in sources.toml: what may stand there, and what a mistake gets."""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SourcesError
from crawler.sources import Override, Source, opml_export, opml_import
from crawler.sources.override import FIELDS
from crawler.sources.selectors import SelectorError, compiled
from crawler.sources.toml import parse, rendered

A = '[sources.a]\nhome_page = "https://a.example/"\n'
TABLE = "[[sources.a.overrides]]\n"
MARCH = f"{TABLE}from = 2026-03-01\n"
FULL = f"""{A}
{TABLE}headline = "h1.title"

{TABLE}from = 2026-03-01          # the new design
remove = ["div.live-ticker", "//aside[@class='poll']"]
headline = "h1.headline"
description = "p.lede::text"
byline = "span.author a"
date_published = "time.published"
date_modified = "//time[2]/@datetime"
body = "div.article-text, div.more-text"
images = "figure"
caption = "figcaption > p"
credit_line = "(//figcaption/span)"
keywords = "ul.tags a"
article_section = "nav a:last-child"

{TABLE}from = 2026-06-01
"""


def test_all_keys() -> None:
    assert parse(FULL, "x")["a"].overrides == (
        Override(headline="h1.title"),
        Override(
            valid_from=dt.date(2026, 3, 1),
            remove=("div.live-ticker", "//aside[@class='poll']"),
            headline="h1.headline",
            description="p.lede::text",
            byline="span.author a",
            date_published="time.published",
            date_modified="//time[2]/@datetime",
            body="div.article-text, div.more-text",
            images="figure",
            caption="figcaption > p",
            credit_line="(//figcaption/span)",
            keywords="ul.tags a",
            article_section="nav a:last-child",
        ),
        Override(valid_from=dt.date(2026, 6, 1)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TABLE + 'headlin = "h1"', ["line 4", "sources.a.overrides.headlin", 'did you mean "headline"?']),
        (TABLE + 'feeds = ["https://a.example/f"]', ["the keys are from, remove", "stand above its"]),
        (TABLE + 'headline = "h1["', ["sources.a.overrides.headline", '"h1["', "no selector", "CSS"]),
        (TABLE + "headline = ''", ["line 4", "it is empty"]),
        (TABLE + "headline = 3", ["line 4", "3 is a number"]),
        (TABLE + 'headline = "//h1["', ["line 4", "invalid expression"]),
        (TABLE + 'headline = "//h1[news:old()]"', ["line 4", "unknown prefix news:"]),
        (TABLE + 'headline = "p::first-line"', ["line 4", "pseudo-element"]),
        (TABLE + 'headline = "/html/title()"', ["line 4", "unknown function title()"]),
        (TABLE + 'headline = "svg|a"', ["line 4", "unknown prefix svg:"]),
        (TABLE + 'headline = "(count(//h1))"', ["line 4", "a number or a truth"]),
        (TABLE + 'headline = "//div[//h1]"', ["line 4", "begin it with .//"]),
        (TABLE + f'headline = "{"h1 " * 500}"', ["line 4", "longer than 1,000"]),
        (TABLE + 'remove = "aside"', ["line 4", "a list, in [ ]"]),
        (TABLE + 'remove = [\n"aside",\n"div:no("]', ["line 6", "sources.a.overrides.remove", '"div:no("']),
        (TABLE + 'remove = ["p::text"]', ["line 4", "text where elements are needed"]),
        (TABLE + 'body = "//div/@class"', ["line 4", "text where elements are needed"]),
        (TABLE + 'body = "(string(//div))"', ["line 4", "text where elements are needed"]),
        (TABLE + 'caption = "figcaption"', ["line 4", "sources.a.overrides.caption", "write images, too"]),
        (TABLE + 'from = "2026-03-01"', ["line 4", "overrides.from", "without quotes, as 2026-03-01"]),
        (TABLE + "from = 2026-03-01T10:00:00", ["line 4", "is no day"]),
        (TABLE + "from = 2026-02-30", ["line 4", "from = 2026-02-30"]),
        (TABLE * 2, ["line 4", "from is missing; only the first"]),
        (MARCH + TABLE + "from = 2026-01-01", ["line 6", "overrides.from", "does not come after 2026-03-01"]),
        (MARCH * 2, ["line 6", "in the order of their days"]),
        (TABLE + 'body = "p"\n' + TABLE + 'from = 2026-03-01\nbody = "p["', ["line 7", '"p["']),
        ("overrides = 1", ["line 3", "sources.a.overrides", "[[sources.SLUG.overrides]]"]),
        ("overrides = [1]", ["line 3", "[[sources.SLUG.overrides]]"]),
        ("[sources.a.overrides]\nbody = 'p'", ["line 3", "[[sources.SLUG.overrides]]"]),
        ("overrides = [{body = 'p'},\n{from = 2026-01-01, body = 'p['}]", ["line 4", '"p["']),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_place_key_and_remedy(text: str, expected: list[str]) -> None:
    with pytest.raises(SourcesError) as caught:
        parse(A + text, "sources.toml")
    message = str(caught.value)
    assert message.startswith("sources.toml, line ")
    assert "\n" not in message
    assert len(message) < 400
    for part in expected:
        assert part in message


@given(st.text(max_size=60) | st.text(alphabet="ah1[]().:/@*>~+,'\"= n", max_size=30))
def test_any_selector_is_taken_or_refused(selector: str) -> None:
    with contextlib.suppress(SelectorError):
        compiled(selector)


@pytest.mark.parametrize("selector", ["//p[.//a]", "//p[a/b]", "//a[contains(@href, '/[/x')]", "(//p)[1]/a"])
def test_paths_within_an_element_are_no_paths_from_the_root(selector: str) -> None:
    assert compiled(selector).path == selector


selectors = st.sampled_from(["h1.title", "//h1[@id='a']", 'a[href^="/x"]', ".é", "(//p)[1]"])
days = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))
overrides = st.builds(
    Override,
    valid_from=days,
    remove=st.lists(selectors, max_size=2, unique=True).map(tuple),
    images=selectors,
    **{name: st.none() | selectors for name in FIELDS if name != "images"},
)
in_order = st.lists(overrides, max_size=3, unique_by=lambda one: one.valid_from).map(
    lambda found: tuple(sorted(found, key=lambda one: str(one.valid_from)))
)


@given(in_order)
def test_what_is_written_is_read(found: tuple[Override, ...]) -> None:
    source = Source(slug="a", name="A", home_page="https://a.example/", overrides=found)
    assert parse(rendered(source), "x") == {"a": source}
    assert opml_import(opml_export([source])) == (source,)


@pytest.mark.parametrize(
    "broken", ["", "[", "1", "[1]", '[{"body": "p["}]', '[{"from": 1}]', '[{"from": "x"}]']
)
def test_broken_overrides_in_opml_are_left_out(broken: str) -> None:
    source = Source(slug="a", name="A", home_page="https://a.example/", overrides=(Override(body="p"),))
    document = opml_export([source]).replace(
        b"[{&quot;body&quot;: &quot;p&quot;}]", broken.replace('"', "&quot;").encode()
    )
    assert opml_import(document)[0].overrides == ()


def test_sources_without_overrides_need_no_lxml() -> None:
    code = "import sys; from crawler.sources.toml import parse; parse(sys.argv[1], 'x'); print(*sys.modules)"
    for text, needed in ((A, False), (FULL, True)):
        done = subprocess.run([sys.executable, "-c", code, text], capture_output=True, text=True, check=True)
        assert ("lxml" in done.stdout.split()) == needed
