"""A source's own selectors: what each gives, when it holds, and what becomes of one that finds nothing."""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys
import time
from typing import Any

import pytest

from crawler.extraction import Hints, extract
from crawler.extraction.document import LARGE, parse
from crawler.extraction.overrides import applying, asked, digest
from crawler.sources import Override, Source
from storage.evidence import conflicts
from storage.records import Article, Byline, Candidate, Role
from tests.news_page import SENTENCES, STORY, TITLE, URL, json_ld, story_page

FETCHED = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
# Everything on it is there twice: once where the general passes look, and once where only a selector does.
PAGE = story_page(
    above="""
      <section class="x1">
        <b class="x-head">What the newsroom calls it</b>
        <i class="x-sum">The sum of it, in the words of the desk.</i>
        <u class="x-by">Text: <a>Ada Holt</a> and <a>Jon Reyes</a> | Foto: Mia Berg</u>
        <s class="x-date" datetime="2026-03-05 21:30">yesterday</s>
        <s class="x-edit">Stand: 12. März 2026, 7.15 Uhr</s>
        <q class="x-kind">Harbour</q>
      </section>
      <p class="lede">A standfirst that everybody takes for one, since it stands below the headline here.</p>
      <div class="byline">By Otto Kern</div>
      <time datetime="2026-03-01T08:00:00+00:00">1 March</time>
    """,
    below="""
      <div class="x-tags"><span>Piers</span><span>Ferries</span></div>
      <div class="x-pic"><img src="/p/a.jpg" alt="The pier">
        <em>The old pier at noon.</em> <i>Ann Lee/AP</i></div>
      <div class="x-pic"><img src="/p/b.jpg"><em>Its café. Photo: Ben Cole</em></div>
      <div class="x-more"><p>This paragraph stands far from the others, and yet ends the story.</p></div>
    """,
    head=json_ld(
        """{"@type":"NewsArticle","headline":"A headline for engines","author":{"name":"Otto Kern"},
        "datePublished":"2026-03-01T08:00:00Z","dateModified":"2026-03-10T08:00:00Z",
        "keywords":["Wrong"],"articleSection":"Wrong"}"""
    ),
)


def read(html: bytes = PAGE, fetched_at: dt.datetime = FETCHED, **selectors: Any) -> Article:
    hints = Hints(time_zone="Europe/Berlin", overrides=(Override(**selectors),))
    return extract(html, URL, fetched_at=fetched_at, hints=hints)


def evidence(article: Article, field: str) -> list[Candidate]:
    return [c for c in article.evidence if c.field == field and c.origin.startswith("override:")]


VALUES: dict[str, tuple[str, Any]] = {
    "headline": (".x-head", "What the newsroom calls it"),
    "description": (".x-sum", "The sum of it, in the words of the desk."),
    "byline": (".x-by", "Text: Ada Holt and Jon Reyes | Foto: Mia Berg"),
    "date_published": (".x-date", "2026-03-05T21:30:00+01:00"),
    "date_modified": (".x-edit", "2026-03-12T07:15:00+01:00"),
    "keywords": (".x-tags", ("Piers", "Ferries")),
    "article_section": (".x-kind", "Harbour"),
    "body": (".x-more", "This paragraph stands far from the others, and yet ends the story."),
}


def value(article: Article, field: str) -> Any:
    found = getattr(article, field)
    return found.isoformat() if field.startswith("date_") else found


@pytest.mark.parametrize("field", VALUES)
def test_a_selector_goes_before_everything_else(field: str) -> None:
    selector, wanted = VALUES[field]
    without = extract(PAGE, URL, fetched_at=FETCHED)
    assert value(without, field) not in (wanted, None)
    article = read(**{field: selector})
    assert value(article, field) == wanted
    chosen = [c for c in article.evidence if c.field == field and c.chosen]
    assert [c.origin for c in chosen] == [f"override:{selector}"]
    others = [name for name in VALUES if name not in (field, "body")]
    assert [value(article, name) for name in others] == [value(without, name) for name in others]


@pytest.mark.parametrize("field", VALUES)
@pytest.mark.parametrize("selector", [".nowhere", "//nowhere/@at", "(string(//nowhere))"])
def test_one_that_finds_nothing_leaves_the_field_alone_and_is_seen_to(field: str, selector: str) -> None:
    without, article = extract(PAGE, URL, fetched_at=FETCHED), read(**{field: selector})
    assert value(article, field) == value(without, field)
    assert evidence(article, field) == [Candidate(field=field, value="", origin=f"override:{selector}")]
    assert conflicts(article.evidence) == conflicts(without.evidence)


@pytest.mark.parametrize(
    ("field", "selector"),
    [
        ("byline", ".x-date"),
        ("date_published", ".x-head"),
        ("article_section", "main"),
    ],
)
def test_what_is_no_such_value_is_not_taken(field: str, selector: str) -> None:
    without, article = extract(PAGE, URL, fetched_at=FETCHED), read(**{field: selector})
    assert value(article, field) == value(without, field)
    assert not [c for c in evidence(article, field) if c.chosen]
    assert evidence(article, field)


@pytest.mark.parametrize(
    ("field", "selector", "wanted"),
    [
        ("headline", "//b[@class='x-head']/text()", "What the newsroom calls it"),
        ("headline", "substring-after", None),
        ("headline", "(substring-after(//b, 'the '))", "newsroom calls it"),
        ("headline", "title", TITLE),
        ("headline", "img::attr(alt)", "The pier"),
        ("keywords", ".x-tags span", ("Piers", "Ferries")),
        ("keywords", "img::attr(alt)", ("The pier",)),
        ("date_published", "s::attr(datetime)", "2026-03-05T21:30:00+01:00"),
        ("byline", ".x-by a", "Ada Holt, Jon Reyes"),
        ("byline", "//u/text()[1]", None),
    ],
)
def test_css_and_xpath(field: str, selector: str, wanted: Any) -> None:
    article = read(**{field: selector})
    assert value(article, field) == (wanted or value(extract(PAGE, URL, fetched_at=FETCHED), field))


def test_names_get_their_roles() -> None:
    assert read(byline=".x-by").bylines == (
        Byline(name="Ada Holt"),
        Byline(name="Jon Reyes"),
        Byline(name="Mia Berg", role=Role.PHOTOGRAPHER),
    )
    assert read(byline=".x-by a").authors == ("Ada Holt", "Jon Reyes")


def test_a_meta_element_is_its_content_without_the_sites_name() -> None:
    meta = '<meta name="t" content="Storm at sea | Post"><meta property="og:site_name" content="Post">'
    assert read(story_page(head=meta), headline="meta[name=t]").headline == "Storm at sea"


def test_a_date_that_cannot_be_is_not_believed() -> None:
    article = read(fetched_at=dt.datetime(2026, 3, 3, tzinfo=dt.UTC), date_published=".x-date")
    assert value(article, "date_published") == "2026-03-01T08:00:00+00:00"


def test_pictures_with_their_words() -> None:
    found = read(images=".x-pic").images
    assert [(i.url, i.caption, i.credit_line, i.alt_text) for i in found] == [
        ("https://www.harbourpost.example/p/a.jpg", "The old pier at noon.", "Ann Lee/AP", "The pier"),
        ("https://www.harbourpost.example/p/b.jpg", "Its café.", "Ben Cole", None),
    ]


def test_captions_and_credits_of_pictures() -> None:
    words = {"t": "Ready for the storm", "c": "The pier, closed.", "w": "Ann Lee"}
    spans = "".join(f"<span class={name}>{text}</span>" for name, text in words.items())
    html = story_page(below=f"<div class=p><img src=a.jpg>{spans}</div><span class=c>Elsewhere</span>")
    without = read(html, images=".p").images[0]
    assert (without.caption, without.credit_line) != ("The pier, closed.", "Ann Lee")
    article = read(html, images=".p", caption=".c", credit_line=".w")
    assert [(i.caption, i.credit_line) for i in article.images] == [("The pier, closed.", "Ann Lee")]
    found = {c.field: c.value for c in article.evidence if c.origin.startswith("override:")}
    assert found == {
        "images": article.images[0].url,
        "caption": "The pier, closed.",
        "credit_line": "Ann Lee",
    }


@pytest.mark.parametrize("selector", ["main", ".x-pic, main", ".x-pic img"])
def test_each_picture_once(selector: str) -> None:
    assert [i.url[-5:] for i in read(images=selector).images] == ["a.jpg", "b.jpg"]


def test_no_pictures_where_the_selector_finds_none_that_are_any() -> None:
    article = read(images="p")
    assert article.images == extract(PAGE, URL, fetched_at=FETCHED).images
    assert [c.value for c in evidence(article, "images")] == [""]


def test_a_story_in_several_places_and_nothing_else() -> None:
    article = read(body=".text, .text p, .x-more")
    assert [b.text for b in article.blocks] == [*SENTENCES, VALUES["body"][1]]


def test_what_stands_in_the_story_is_sifted_all_the_same() -> None:
    text = f"""{STORY.replace("</p>", "</p><h2>Sub-heading</h2>", 1)}
      <figure><img src=a.jpg><figcaption>A caption.</figcaption></figure>
      <p><a href="/other">Read also: another story</a></p><div class="newsletter">Sign up for more!</div>"""
    article = read(story_page(text=f'<nav class="related"><h1>{TITLE}</h1>{text}</nav>'), body="nav")
    assert [b.text for b in article.blocks] == [SENTENCES[0], "Sub-heading", *SENTENCES[1:]]
    assert article.headings == ("Sub-heading",)


def test_paragraphs_and_headings_picked_one_by_one_are_one_story() -> None:
    text = STORY.replace(
        "</p>", "</p><h2>Sub-heading</h2><p>An advertisement, in as many words as any other.</p>", 1
    )
    html = story_page(text=text.replace("<p>An ad", "<p class=no>An ad"))
    article = read(html, body=".text > p:not(.no), .text > h2")
    assert [b.text for b in article.blocks] == [SENTENCES[0], "Sub-heading", *SENTENCES[1:]]
    comments = "".join(
        f"<nav class='comments'>{part}</nav>" for part in STORY.replace("<p>", "|<p>").split("|")[1:]
    )
    assert read(story_page(text=comments), body="nav").body == "\n\n".join(SENTENCES)


def test_a_headline_in_the_story_begins_it() -> None:
    html = story_page(
        text=f"<p>A kicker of some length stands here, above it all.</p><h2>{TITLE}</h2>{STORY}"
    )
    assert read(html, headline=".text h2", body=".text").body == "\n\n".join(SENTENCES)


def test_no_text_is_endless() -> None:
    html = story_page(head=f'<meta name=x content="{"x " * 100_000}">')
    for selector in ("meta[name=x]", "meta[name=x]::attr(content)", "(string(//meta[@name='x']/@content))"):
        assert len(read(html, headline=selector).headline or "") in range(10_000, 20_001)


def test_other_fields_stay_out_of_the_body() -> None:
    line = "<p class=when>Written down on 5 March 2026, on board of a ferry to the north.</p>"
    html = story_page(text=STORY.replace("</p>", f"</p>{line}", 1))
    assert "Written down" in extract(html, URL).body
    article = read(html, date_published=".when", body=".text")
    assert value(article, "date_published") == "2026-03-05"
    assert "Written down" not in article.body


def test_what_is_removed_is_not_there_for_any_field() -> None:
    article = read(remove=(".byline", "script", "//time", ".text > p:first-child", "html", "nowhere"))
    assert SENTENCES[0] not in article.body
    assert SENTENCES[1] in article.body
    assert "Otto Kern" not in repr(article)
    assert "Wrong" not in repr(article)
    assert article.headline == TITLE


def test_what_is_removed_from_a_large_page_is_not_there_either() -> None:
    data = b"<script>" + b" " * LARGE + b"</script>"
    document = parse(PAGE.replace(b"</body>", data + b"</body>"), URL)
    asked(document, Override(remove=("section",)))
    assert "section" not in [element.tag for element in document.elements]


def test_removing_keeps_the_text_behind() -> None:
    html = story_page(
        text=f'<p>The ferry <b class="x">(map: <i class="x">here</i>)</b> sailed at noon today.</p>{STORY}'
    )
    assert read(html, remove=(".x", "i")).blocks[0].text == "The ferry sailed at noon today."


@pytest.mark.parametrize("gone", ["body", "*", "body *"])
def test_a_page_of_which_nothing_is_left(gone: str) -> None:
    article = read(remove=(gone,), headline="h1", body="main", images="img")
    assert article.blocks == ()


# The day -------------------------------------------------------------------------------------------

FIRST = Override(headline="h1")
MARCH = Override(valid_from=dt.date(2026, 3, 1), headline="h2")
JUNE = Override(valid_from=dt.date(2026, 6, 1))


@pytest.mark.parametrize(
    ("fetched_at", "wanted"),
    [
        ("2020-01-01T00:00:00+00:00", FIRST),
        ("2026-02-28T23:59:59+00:00", FIRST),
        ("2026-03-01T00:00:00+00:00", MARCH),
        ("2026-03-01T00:30:00+01:00", FIRST),
        ("2026-05-31T23:00:00-05:00", JUNE),
        ("2030-01-01T00:00:00+00:00", JUNE),
    ],
)
def test_the_latest_that_holds_on_the_day_of_the_fetch(fetched_at: str, wanted: Override) -> None:
    moment = dt.datetime.fromisoformat(fetched_at)
    assert applying((FIRST, MARCH, JUNE), moment) == wanted
    assert applying((JUNE, FIRST, MARCH), moment) == wanted


def test_today_where_the_time_is_not_known() -> None:
    today = dt.datetime.now(dt.UTC).date()
    tomorrow = Override(valid_from=today + dt.timedelta(days=2))
    assert applying((Override(valid_from=today), tomorrow), None) == Override(valid_from=today)
    assert applying((tomorrow,), None) is None
    assert applying((), FETCHED) is None


def test_a_later_override_replaces_an_earlier_one_whole() -> None:
    hints = Hints(
        overrides=(Override(headline=".x-head", body=".x-more"), Override(valid_from=FETCHED.date()))
    )
    before = extract(PAGE, URL, fetched_at=FETCHED - dt.timedelta(days=1), hints=hints)
    assert before.headline == "What the newsroom calls it"
    assert extract(PAGE, URL, fetched_at=FETCHED, hints=hints) == extract(PAGE, URL, fetched_at=FETCHED)


# Its name ------------------------------------------------------------------------------------------

FULL = Override(remove=("aside", "p.ad"), headline="h1.é", body="main")


def test_the_digest_tells_selectors_apart_and_nothing_else() -> None:
    others = [
        Override(remove=("p.ad", "aside"), headline="h1.é", body="main"),
        Override(remove=("aside", "p.ad"), description="h1.é", body="main"),
        Override(remove=("aside", "p.ad"), headline="h1.e", body="main"),
        Override(headline="h1.é", body="main"),
    ]
    assert len({digest(one) for one in (FULL, *others)}) == 5
    assert digest(Override(valid_from=dt.date(2026, 1, 1), remove=("aside",))) == digest(
        Override(remove=("aside",))
    )
    assert digest(None) == digest(JUNE) == ""


def test_the_digest_is_the_same_in_another_process() -> None:
    code = (
        "import pickle, sys; from crawler.extraction.overrides import digest;"
        "print(digest(pickle.loads(bytes.fromhex(sys.argv[1]))))"
    )
    line = [sys.executable, "-c", code, pickle.dumps(FULL).hex()]
    found = {
        subprocess.run(
            line, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {digest(FULL)} == {"d394b2cccdb9"}


# What a source tells -------------------------------------------------------------------------------


def test_hints_of_a_source() -> None:
    source = Source(
        slug="a",
        name="The A",
        home_page="https://a.example/",
        language="de",
        country="AT",
        time_zone="Europe/Vienna",
        overrides=(FULL,),
    )
    assert Hints.of(source, title="T") == Hints(
        time_zone="Europe/Vienna",
        language="de",
        country="AT",
        site_name="The A",
        title="T",
        overrides=(FULL,),
    )


@pytest.mark.parametrize("name", ["a", "a.example:80"])
def test_a_name_that_is_made_of_the_address_is_none(name: str) -> None:
    assert Hints.of(Source(slug="a", name=name, home_page="https://a.example:80/")).site_name is None


# Hostile -------------------------------------------------------------------------------------------

SECONDS = 8.0
FLOODS = {
    "10,000 siblings": f"<ul>{'<li>x</li>' * 10_000}</ul>{STORY}",
    "many lists of 100": f"<ul>{'<li>x</li>' * 100}</ul>" * 100 + STORY,
    "600 siblings, which are asked": f"<ul>{'<li>x</li>' * 600}</ul>{STORY}",
    "45 lists of 100, which are asked": f"<ul>{'<li>x</li>' * 100}</ul>" * 45 + STORY,
    "900 nested, which are asked": "<div class=a>" * 900 + STORY + "</div>" * 900,
    "10,000 nested": "<div class=a>" * 10_000 + STORY,
    "1,000 nested": "<div class=a>" * 1_000 + STORY + "</div>" * 1_000,
    "100,000 elements": "<i>x</i>" * 100_000 + STORY,
}
ASKS_MUCH = Override(
    remove=("li ~ li ~ li", ":has(li)", "div:has(div):has(div)"),
    headline="li ~ li:nth-last-child(2n+1)",
    description="//li/following::li[1]",
    byline="div.a div.a div.a div.a p",
    body="div div div div",
    keywords="//*[.//*[.//*]]",
    images="//div/preceding::*/ancestor::*",
)


@pytest.mark.parametrize("flood", FLOODS)
def test_no_page_makes_selectors_slow(flood: str) -> None:
    start = time.process_time()
    article = extract(story_page(text=FLOODS[flood]), URL, hints=Hints(overrides=(ASKS_MUCH,)))
    assert time.process_time() - start < SECONDS
    assert article.headline


@pytest.mark.parametrize(
    "wrong", ["h1[", "//h1[", "//x:h1", "nope()", "(1)", "", "\x00", "a" * 5_000, "//@*", "/"]
)
def test_a_wrong_selector_that_nobody_has_checked_finds_nothing(wrong: str) -> None:
    fields = (
        "headline",
        "byline",
        "date_published",
        "body",
        "images",
        "caption",
        "keywords",
        "article_section",
    )
    article = read(remove=(wrong,), **dict.fromkeys(fields, wrong))
    assert article.body
    assert article.headline


def test_a_page_as_large_as_they_come_is_still_asked() -> None:
    list_of_links = f"<ul>{'<li><a href=/x>Another story of ours</a></li>' * 300}</ul>"
    html = story_page(above='<b class="x">Here it is</b>', below=list_of_links * 5)
    assert read(html, headline="b.x").headline == "Here it is"


def test_each_selector_is_asked_once() -> None:
    picks = asked(parse(PAGE, URL), Override(headline="h1"))
    assert picks.matches("headline") is picks.matches("headline")
    assert picks.matches("byline") == ()
