"""A site whose articles change between crawls over loopback: each kind of change, from real pages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from storage.archive import Archive
from storage.records import Outcome
from tests.command import Begin, Command
from tests.databases import on_both_engines
from tests.site import XML, Site, answer, rss

pytestmark = on_both_engines

TEXT = (
    "The harbour board met on Monday evening and put the decision off for another four weeks, they said.",
    "Ferries will go on using the northern landing stage, which has room for only two of them at a time.",
    "An engineer told the meeting that most of the planks under the café would not last another storm.",
    "Shopkeepers near the pier say that they have lost a third of their customers since autumn began.",
)
UNLIKE = (
    "Frost came early to the orchards of the valley, and the growers lit fires on three nights running.",
    "Half of the pears had been picked by then, says the cooperative, which expects a small but sweet crop.",
    "Its press opens on Saturday for everybody who brings at least a basket of fruit of their own garden.",
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a page says."""

    headline: str
    standfirst: str = "The board wants to wait for its insurers, and the fishermen do not."
    author: str = "Maren Holt"
    caption: str = "The pier at low tide."
    text: tuple[str, ...] = TEXT
    correction: str | None = None
    free: bool | None = None
    published: str = "2026-03-02T09:00:00Z"
    modified: str = "2026-03-02T10:00:00Z"


def page(told: Told) -> bytes:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.headline,
        "description": told.standfirst,
        "datePublished": told.published,
        "dateModified": told.modified,
        "author": {"@type": "Person", "name": told.author},
    }
    if told.free is not None:
        data["isAccessibleForFree"] = told.free
    paragraphs = "".join(f"<p>{told.headline}: {text}</p>" for text in told.text)
    correction = f'<p class="correction">Correction: {told.correction}</p>' if told.correction else ""
    return f"""<!doctype html><html lang="en"><head><title>{told.headline}</title>
<script type="application/ld+json">{json.dumps(data)}</script></head><body><main><article>
<h1>{told.headline}</h1><p class="standfirst">{told.standfirst}</p>
<p class="byline">By <a rel="author" href="/a">{told.author}</a></p>
<figure><img src="/pier.jpg" alt="Pier"><figcaption>{told.caption}</figcaption></figure>
<div class="entry-content">{paragraphs}{correction}</div></article></main></body></html>""".encode()


LATER = {"modified": "2026-03-02T15:00:00Z"}
# The name of each story, what changes in it, and the kinds of change that are to be seen.
EDITS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "same": ({}, []),
    "headline": (
        {"headline": "Story of the headline, told anew", "text": TEXT, **LATER},
        ["headline", "body"],
    ),
    "standfirst": ({"standfirst": "The insurers have now said no to all of it.", **LATER}, ["description"]),
    "body": ({"text": (*TEXT, "The council has since voted for the money."), **LATER}, ["body"]),
    "byline": ({"author": "Tobias Finch", **LATER}, ["byline"]),
    "caption": ({"caption": "The pier at high tide.", **LATER}, ["caption"]),
    "published": ({"published": "2026-03-02T09:30:00Z"}, ["date_published"]),
    "silent": ({"text": (*TEXT[:3], "Shopkeepers near the pier say nothing.")}, ["body", "silent_edit"]),
    "walled": ({"free": False, "text": TEXT[:1]}, ["paywall_raised"]),
}


@dataclass
class Lived:
    """What became of it all."""

    archive: Archive
    site: Site
    command: Command
    outcomes: dict[str, int] = field(default_factory=dict)

    def kinds(self, name: str) -> list[str]:
        item = self.archive.article_by_url(f"{self.site.url}/news/{name}")
        assert item, name
        return [str(change.kind) for change in self.archive.changes(item.id)]


NAMES = (*EDITS, "gone", "missing", "soft", "home", "away", "onward")


def first_told(name: str) -> Told:
    return Told(headline=f"Story of the {name} at the harbour")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, begin: Begin) -> Iterator[Lived]:
    """Two crawls; between them all stories change."""
    with Site() as site, begin(tmp_path_factory.mktemp("versions")) as command:
        urls = [site.serve(f"/news/{name}", page(first_told(name))) for name in NAMES]
        site.serve("/feed", rss(*urls), headers=XML)
        assert command.crawl(f"{site.url}/feed")["outcomes"] == {"stored": len(NAMES)}
        for name, (edit, _) in EDITS.items():
            site.serve(f"/news/{name}", page(Told(**{"headline": first_told(name).headline, **edit})))
        site.serve("/news/gone", b"gone", 410)
        site.serve("/news/missing", b"not found", 404)
        sorry = b"<title>Page not found</title></head><body><h1>Page not found</h1><p>Sorry.</p></body>"
        site.serve("/news/soft", b"<html><head>" + sorry)
        site.serve("/", b"<html><body><h1>Courier</h1></body></html>")
        site.serve("/news/other", page(Told(headline="Another story altogether", text=UNLIKE)))
        elsewhere = f"{site.url.replace('127.0.0.1', 'localhost')}/news/other"
        for name, target in (("home", "/"), ("onward", "/news/other"), ("away", elsewhere)):
            site.serve(f"/news/{name}", b"", 302, {"Location": target})
        result = command.crawl(f"{site.url}/feed", "--again", 36_500)
        with command.archive() as archive:
            yield Lived(archive, site, command, result["outcomes"])


@pytest.mark.parametrize("name", EDITS)
def test_each_edit_by_its_kind(lived: Lived, name: str) -> None:
    assert lived.kinds(name) == EDITS[name][1]


def test_gone_for_good_at_once_and_else_in_doubt(lived: Lived) -> None:
    assert lived.kinds("gone") == ["removed"]
    for name in ("missing", "soft", "home"):
        assert lived.kinds(name) == [], name
        entry = lived.archive.why(f"{lived.site.url}/news/{name}")
        assert entry
        assert entry.outcome is Outcome.GONE
        assert entry.next_fetch_at
        assert entry.outcome_at
        assert 3500 < (entry.next_fetch_at - entry.outcome_at).total_seconds() <= 3601
    gone = lived.archive.why(f"{lived.site.url}/news/gone")
    assert gone
    assert gone.next_fetch_at is None


def test_an_address_that_leads_to_another_article(lived: Lived) -> None:
    item = lived.archive.article_by_url(f"{lived.site.url}/news/onward")
    assert item
    [change] = lived.archive.changes(item.id)
    assert (change.kind, change.detail) == ("redirected", f"leads to {lived.site.url}/news/other")


def test_an_address_that_leads_to_another_site(lived: Lived) -> None:
    assert lived.kinds("away") == ["redirected"]
    entry = lived.archive.why(f"{lived.site.url}/news/away")
    assert entry
    assert entry.outcome is Outcome.REDIRECTED


def test_a_later_look(lived: Lived) -> None:
    """Gone a second time is removed; there again is back; a wall may come down."""
    site, command = lived.site, lived.command
    for name in ("gone", "onward"):
        site.serve(f"/news/{name}", page(first_told(name)))
    site.serve("/news/walled", page(first_told("walled")))
    command.crawl(
        *(f"{site.url}/news/{name}" for name in ("gone", "missing", "soft", "home", "onward", "walled"))
    )
    assert lived.kinds("missing") == lived.kinds("soft") == lived.kinds("home") == ["removed"]
    assert lived.kinds("gone") == ["removed", "back"]
    assert lived.kinds("onward") == ["redirected", "back"]
    assert lived.kinds("walled") == ["paywall_raised", "paywall_lowered"]


class TestCommands:
    def test_history(self, lived: Lived) -> None:
        url = f"{lived.site.url}/news/silent"
        told = json.loads(lived.command("history", url, "--json"))
        assert [one["kinds"] for one in told["versions"]] == [[], ["body", "silent_edit"]]
        assert [one["kind"] for one in told["changes"]] == ["body", "silent_edit"]
        assert 0 < told["changes"][0]["share"] < 0.3
        shown = lived.command("history", url)
        assert "silent_edit" in shown
        assert "first read" in shown

    def test_a_check_mark_is_shown(self, lived: Lived) -> None:
        assert "✓" in lived.command("history", f"{lived.site.url}/news/same")

    def test_diff(self, lived: Lived) -> None:
        shown = lived.command("diff", f"{lived.site.url}/news/standfirst")
        assert "[-board wants" in shown.replace("\n", " ")
        assert "{+insurers have now" in shown.replace("\n", " ")
        assert "body" not in shown

    def test_diff_in_colours(self, lived: Lived) -> None:
        line = lived.command.line("diff", f"{lived.site.url}/news/caption")
        environment = {**lived.command.environment(), "FORCE_COLOR": "1"}
        done = subprocess.run(line, cwd=lived.command.folder, env=environment, capture_output=True, text=True)
        assert "\x1b[9;31mlow\x1b[0m" in done.stdout
        assert "\x1b[1;32mhigh\x1b[0m" in done.stdout

    def test_diff_as_a_page(self, lived: Lived) -> None:
        lived.command("diff", f"{lived.site.url}/news/caption", 1, 2, "--html", "diff.html")
        written = (lived.command.folder / "diff.html").read_text(encoding="utf-8")
        assert "<del>low</del>" in written
        assert "<ins>high</ins>" in written
        assert lived.command("diff", f"{lived.site.url}/news/caption", "--html", "-") == f"{written}\n"

    def test_as_of(self, lived: Lived) -> None:
        published = ("--as-of", "2026-03-02T10:00Z", "--by", "published")
        [before] = json.loads(lived.command("search", '"the headline at the harbour"', *published, "--json"))
        assert before["headline"] == "Story of the headline at the harbour"
        query = ("search", '"the headline at the harbour"', "--json")
        assert json.loads(lived.command(*query)) == []
        assert json.loads(lived.command(*query, "--as-of", "2026-03-01T00:00Z")) == []
        url = f"{lived.site.url}/news/headline"
        shown = json.loads(lived.command("show", url, "--json", "--as-of", "2999-01-01"))
        assert shown["headline"] == "Story of the headline, told anew"
        assert lived.command("export", "--as-of", "2026-03-01T00:00+01:00") == ""
        assert "this machine's time zone" in lived.command.run("export", "--as-of", "2026-03-01").stderr

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["history", "999"], "no article"),
            (["diff", "999"], "no article"),
            (["diff", "{same}"], "one version only"),
            (["diff", "{body}", "1"], "two versions"),
            (["diff", "{body}", "1", "7"], "no version 7: there are 1 to 2"),
            (["diff", "{body}", "1", "x"], "integer"),
            (["diff", "{body}", "--html", "no/such/folder.html"], "cannot write"),
            (["search", "pier", "--as-of", "yesterday"], "2026-03-01T12:00"),
            (["search", "pier", "--as-of", "2026-03-01", "--by", "guess"], "guess"),
            (["show", "{same}", "--as-of", "1999-01-01T00:00Z"], "no article"),
            (["crawl", "https://e.org/", "--again", "0"], "--again"),
        ],
    )
    def test_mistakes(self, lived: Lived, arguments: list[str], words: str) -> None:
        urls = {name: f"{lived.site.url}/news/{name}" for name in ("same", "body")}
        done = lived.command.run(*(argument.format(**urls) for argument in arguments))
        assert (done.returncode, done.stdout) == (2, "")
        [line] = done.stderr.splitlines()
        assert line.startswith("error: ")
        assert words in line


def test_what_a_page_says_cannot_get_into_the_diff_as_markup(newsarchive: Command) -> None:
    with Site() as site:
        quoted = "&lt;script&gt;alert(1)&lt;/script&gt; [bold]not bold[/bold] $headline"
        evil = f"The chair wrote {quoted} into her letter to the board, which nobody there understood."
        url = site.serve("/news/x", page(Told(headline="Harbour")))
        newsarchive.crawl(url)
        site.behave("/news/x", answer(page(Told(headline="Harbour", text=(*TEXT, evil)))))
        assert newsarchive.crawl(url)["outcomes"] == {"updated": 1}
        written = newsarchive("diff", url, "--html", "-")
        shown = newsarchive("diff", url)
    assert "<script" not in written
    assert quoted in written
    assert "[bold]not bold[/bold] $headline" in shown.replace("\n", " ")
