"""What is kept as an article, and what is kept out under which outcome."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from crawler.extraction import read
from crawler.extraction.page_kind import Signs, judge
from crawler.items import Page
from storage.records import Outcome

HOST = "https://news.example.org"
SENTENCE = (
    "The harbour board said on Monday that the old pier would stay closed until the repairs are paid for."
)
STORY = "".join(
    f"<p>{opening} {SENTENCE}</p>"
    for opening in (
        "Its chair, Ada Holm, spoke of a difficult spring.",
        "Fishermen who land their catch there were told by letter.",
        "A smaller landing stage further north takes some of the boats.",
        "The council meets again in two weeks to vote on the money.",
        "Nobody expects the ferries to wait that long.",
        "Two of them have already moved to the island.",
        "Insurance covers a third of what the storm has broken.",
        "The planks were last changed eleven years ago.",
    )
)
MENU = "<nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/sport'>Sport</a></nav>"
ARTICLE_DATA = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pier stays closed",'
    ' "datePublished": "2026-03-02T09:00:00+01:00"%s}</script>'
)


def cards(count: int, summary: str = "") -> str:
    """A list of other stories, each a linked headline."""
    return "".join(
        f"<div class='item'><h3><a href='/2026/story-{n}'>Story number {n} of the day in town</a></h3>"
        f"<p>{summary}</p></div>"
        for n in range(count)
    )


def outcome(
    body: str, *, path: str = "/2026/pier-stays-closed", head: str = "", title: str = "News"
) -> Outcome:
    """What `read` makes of a page."""
    html = f"<html><head><title>{title}</title>{head}</head><body>{MENU}{body}</body></html>"
    page = Page(
        url=HOST + path,
        final_url=HOST + path,
        status=200,
        body=html.encode(),
        fetched_at=dt.datetime(2026, 3, 3, tzinfo=dt.UTC),
    )
    return read(page).outcome


KEPT = {
    "a plain article": (f"<h1>Pier stays closed</h1><article>{STORY}</article>", {}),
    "no metadata, no article element": (f"<h1>Pier stays closed</h1><div>{STORY}</div>", {}),
    "three sentences of news in brief": (
        "<h1>Pier reopens</h1><div><p>The old pier opened again on Monday. "
        "Repairs had taken a year. The first ferry left at noon with forty passengers.</p></div>",
        {},
    ),
    "news in brief above many other headlines": (
        "<article><h1>Pier reopens</h1><time datetime='2026-03-02T09:00:00Z'></time><p>The old pier opened "
        "again on Monday after a year of repairs. The first ferry left at noon with forty passengers and a "
        f"brass band on board, watched by half the town.</p></article><section>{cards(14)}</section>",
        {"head": ARTICLE_DATA % ""},
    ),
    "Japanese": (
        "<h1>旧桟橋が再開</h1><article><p>老朽化のため閉鎖されていた旧桟橋が二日、一年ぶりに再開した。</p>"
        "<p>港湾局によると、補修には約三億円がかかった。正午には最初の連絡船が四十人の乗客を乗せて出航し、"
        "地元の吹奏楽団が演奏で見送った。</p></article>",
        {},
    ),
    "an article that says it is a website": (
        f"<h1>Pier stays closed</h1><article>{STORY}</article>",
        {"head": '<meta property="og:type" content="website">'},
    ),
    "a live blog": (
        "<h1>Storm over the coast: live</h1><div class='live'>"
        + "".join(
            f"<article id='e{n}'><h3><a href='#e{n}'>Update {n}: water rises in the lower town</a></h3>"
            f"<p>{SENTENCE} Entry {n}.</p></article>"
            for n in range(12)
        )
        + "</div>",
        {},
    ),
    "an interview": (
        "<h1>“We count every plank”</h1><div>"
        + "".join(
            f"<p><b>What happens in month {n}, Ms Holm?</b></p><p>We count every plank again, number {n} "
            "included, and then we see what is left of the money.</p>"
            for n in range(8)
        )
        + "</div>",
        {},
    ),
    "an article in a section called search": (
        f"<h1>Pier stays closed</h1>{STORY}",
        {"path": "/research/pier-stays-closed"},
    ),
    "an article about consent": (
        "<h1>Cookie rules tightened</h1><article>"
        + "".join(
            f"<p>Consent to cookies must be free, the regulator said in ruling {n}. {SENTENCE}</p>"
            for n in range(12)
        )
        + "</article>",
        {"head": ARTICLE_DATA % ""},
    ),
    "an article about a missing page": (
        f"<h1>Page not found: how a library lost its catalogue</h1><article>{STORY}</article>",
        {"head": ARTICLE_DATA % "", "title": "Page not found"},
    ),
}

KEPT_OUT = {
    "the home page": (cards(30, SENTENCE), {"path": "/"}, Outcome.NOT_ARTICLE),
    "a section page": (
        f"<h1>District</h1>{cards(20, SENTENCE)}",
        {"path": "/district/"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page with a word of welcome": (
        f"<h1>District</h1><p>{SENTENCE}</p>{cards(20, SENTENCE)}",
        {"path": "/district/"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page of whole links": (
        "<h1>District</h1>"
        + "".join(f"<a href='/s/{n}'><h2>Story {n} of the day</h2><p>{SENTENCE}</p></a>" for n in range(15)),
        {"path": "/district"},
        Outcome.NOT_ARTICLE,
    ),
    "a tag page with its explanation": (
        f"<h1>Harbour</h1><p>{SENTENCE} {SENTENCE}</p>{cards(12, SENTENCE)}",
        {"path": "/tag/harbour"},
        Outcome.NOT_ARTICLE,
    ),
    "an author's page": (
        "<h1>Ada Holm</h1><p>Ada Holm has written about harbours since 2009. She lives by the sea. Before "
        f"that she was a carpenter.</p>{cards(12)}",
        {"path": "/author/ada-holm", "head": '<meta property="og:type" content="profile">'},
        Outcome.NOT_ARTICLE,
    ),
    "a video index": (
        "<h1>Videos</h1>"
        + "".join(f"<a href='/video/{n}'><img src='{n}.jpg'>Watch clip {n} now</a>" for n in range(40)),
        {"path": "/videos"},
        Outcome.NOT_ARTICLE,
    ),
    "search results": (
        f"<h1>Results for pier</h1>{cards(10, SENTENCE)}",
        {"path": "/search?q=pier"},
        Outcome.NOT_ARTICLE,
    ),
    "a log-in form": (
        "<h1>Welcome back</h1><form><input name='user'><input type='password'><button>Log in</button></form>"
        "<p>Log in to read on.</p>",
        {"path": "/login"},
        Outcome.NOT_ARTICLE,
    ),
    "a consent wall": (
        "<h1>Your privacy</h1><p>We and our 214 partners store cookies on your device and use personal data "
        "such as your address to show advertising. You can withdraw your consent at any time.</p>"
        "<button>Accept</button>",
        {},
        Outcome.CONSENT_WALL,
    ),
    "a German consent wall": (
        "<div><h1>Weiter mit Werbung lesen</h1><p>Mit Ihrer Einwilligung nutzen wir und unsere Partner "
        "Cookies, um Werbung auszuspielen. Die Zustimmung ist jederzeit widerrufbar, mehr dazu im "
        "Datenschutz.</p></div>",
        {},
        Outcome.CONSENT_WALL,
    ),
    "a soft 404": (
        f"<h1>Page not found</h1><p>Sorry, what you are looking for has moved or never was.</p>{cards(8)}",
        {"title": "404"},
        Outcome.GONE,
    ),
    "a soft 404 in Spanish": (
        "<h1>Página no encontrada</h1><p>La dirección que busca ya no existe en nuestro diario. Puede "
        "volver a la portada y seguir leyendo desde allí.</p>",
        {},
        Outcome.GONE,
    ),
    "nothing but a headline": ("<h1>Pier stays closed</h1>", {}, Outcome.TOO_SHORT),
    "an empty page": ("", {}, Outcome.TOO_SHORT),
    "a paywalled teaser": (
        f"<h1>Pier stays closed</h1><article><p>{SENTENCE}</p><p>Its chair spoke of …</p></article>",
        {"head": ARTICLE_DATA % ', "isAccessibleForFree": false, "wordCount": 800'},
        Outcome.PAYWALL,
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_articles_of_all_forms_are_kept(name: str) -> None:
    body, more = KEPT[name]
    assert outcome(body, **more) is Outcome.STORED


@pytest.mark.parametrize("name", KEPT_OUT)
def test_other_pages_are_kept_out(name: str) -> None:
    body, more, expected = KEPT_OUT[name]
    assert outcome(body, **more) is expected


def test_a_paywalled_story_that_is_all_there_is_kept() -> None:
    head = ARTICLE_DATA % ', "isAccessibleForFree": false'
    assert outcome(f"<h1>Pier</h1><article>{STORY}</article>", head=head) is Outcome.STORED


ARTICLE = Signs(prose=3000, says_article=True, has_date=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Outcome.STORED),
        ({"cards": 200}, Outcome.STORED),
        ({"address_is_list": True}, Outcome.STORED),
        ({"says_list": True}, Outcome.STORED),
        ({"says_not_found": True}, Outcome.STORED),
        ({"prose": 100.0}, Outcome.STORED),
        ({"prose": 50.0}, Outcome.TOO_SHORT),
        ({"prose": 50.0, "is_free": False, "is_whole": False}, Outcome.PAYWALL),
        ({"is_free": False}, Outcome.STORED),
        ({"is_free": False, "is_whole": False}, Outcome.PAYWALL),
        ({"says_article": False, "has_date": False, "cards": 40}, Outcome.STORED),
        ({"says_article": False, "has_date": False, "cards": 40, "prose": 500.0}, Outcome.NOT_ARTICLE),
        ({"says_article": False, "says_list": True, "cards": 10}, Outcome.NOT_ARTICLE),
        ({"says_article": False, "address_is_list": True, "cards": 10}, Outcome.NOT_ARTICLE),
        ({"address_is_home": True, "cards": 40}, Outcome.NOT_ARTICLE),
    ],
)
def test_judgement_by_signs(changes: dict[str, object], expected: Outcome) -> None:
    assert judge(dataclasses.replace(ARTICLE, **changes)).outcome is expected
