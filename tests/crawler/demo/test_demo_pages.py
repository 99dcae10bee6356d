"""Every page over HTTP: it answers as its expected outcome says, and shows what its story says."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from html import escape
from io import BytesIO
from urllib.parse import urljoin

import pytest
from lxml import etree, html
from PIL import Image

from crawler.demo import Newspaper, OtherPage, Story
from crawler.demo.outlet import Outlet
from crawler.demo.pictures import picture
from storage.records import Outcome
from tests.crawler.demo.newspaper_client import Fetch, Reply

WITH_STATUS = {
    "missing": 404,
    "gone": 410,
    "restricted": 403,
    "redirect": 301,
    "loop": 302,
}


def read(fetch: Fetch, story: Story) -> Reply:
    """A story's page; the shy one needs a second try."""
    reply = fetch(story.url)
    return fetch(story.url) if reply.status == 503 else reply


def real_text(reply: Reply, story: Story) -> str:
    return reply.body.decode(story.manuscript.charset)


def linked_data(page: str) -> list[dict[str, object]]:
    (script,) = html.fromstring(page).xpath('//script[@type="application/ld+json"]/text()')
    graph: list[dict[str, object]] = json.loads(str(script))["@graph"]
    return graph


def visible_text(page: str) -> str:
    """What stands in the body, without scripts."""
    pieces = html.document_fromstring(page).xpath("//body//text()[not(ancestor::script)]")
    return " ".join("".join(pieces).split())


def test_every_story_shows_what_it_says(paper: Newspaper, fetch: Fetch) -> None:
    for story in paper.stories:
        reply = read(fetch, story)
        assert reply.status == 200, story.url
        text = visible_text(real_text(reply, story))
        wanted = [story.headline, story.description, story.byline, story.section]
        wanted += [block.text for block in story.body]
        wanted += [image.caption for image in story.images] + [image.credit_line for image in story.images]
        assert [piece for piece in wanted if piece and piece not in text] == [], story.url


def test_blocks_stand_in_order(paper: Newspaper, fetch: Fetch) -> None:
    for story in paper.stories:
        text = visible_text(real_text(read(fetch, story), story))
        places = [text.index(block.text) for block in story.body]
        assert places == sorted(places), story.url


def test_list_items_stand_in_lists(paper: Newspaper, fetch: Fetch) -> None:
    for story in paper.stories:
        tree = html.fromstring(real_text(read(fetch, story), story))
        assert tree.xpath("//li[not(parent::ul or parent::ol)]") == [], story.url


def test_pictures_and_their_alternative_texts_are_in_the_page(paper: Newspaper, fetch: Fetch) -> None:
    for story in paper.stories:
        page = real_text(read(fetch, story), story)
        for each in story.pictures:
            assert each.path(each.widths[-1]) in page
            assert f'alt="{escape(each.image.alt_text or "")}"' in page


def test_dates_are_in_the_page(paper: Newspaper, fetch: Fetch) -> None:
    for story in paper.stories:
        text = visible_text(real_text(read(fetch, story), story))
        day = story.date_published
        assert str(day.year) in text
        assert str(day.day) in text
        has_hour = f"{story.published:%H:%M}" in text
        assert has_hour == isinstance(day, dt.datetime), story.url


def test_designs_differ_as_they_should(paper: Newspaper, fetch: Fetch) -> None:
    marks = {
        "block": "wp-element-caption",
        "classic": "wp-caption-text",
        "portal": "caption__text",
        "homemade": 'class="foto"',
    }
    illustrated = [story for story in paper.stories if story.pictures]
    for story in illustrated:
        page = real_text(read(fetch, story), story)
        assert {design for design, mark in marks.items() if mark in page} == {story.design}, story.url
    assert {story.design for story in illustrated} == marks.keys()


def test_home_made_pages_have_no_metadata(paper: Newspaper, fetch: Fetch) -> None:
    for story in paper.stories:
        if story.design == "homemade":
            page = html.fromstring(real_text(read(fetch, story), story))
            assert page.xpath('//meta | //script | //time | //link[@rel!="stylesheet"] | //html[@lang]') == []


def test_linked_data_refers_to_its_authors(paper: Newspaper, fetch: Fetch) -> None:
    for story in (s for s in paper.stories if s.design == "portal"):
        graph = linked_data(read(fetch, story).body.decode())
        things = {thing.get("@id"): thing for thing in graph}
        (article,) = [thing for thing in graph if thing["@type"] == "NewsArticle"]
        authors = [things[reference["@id"]] for reference in article["author"]]  # type: ignore[attr-defined]
        assert tuple(author["name"] for author in authors) == story.authors
        assert article["datePublished"] == story.date_published.isoformat()
        images = [things[reference["@id"]] for reference in article["image"]]  # type: ignore[attr-defined]
        assert [image["url"] for image in images] == [image.url for image in story.images]


def test_the_paywalled_story_says_so_and_lacks_the_rest(paper: Newspaper, fetch: Fetch) -> None:
    (story,) = [s for s in paper.stories if not s.is_accessible_for_free]
    assert story.expected_outcome is Outcome.PAYWALL
    page = read(fetch, story).text
    (article,) = [thing for thing in linked_data(page) if thing["@type"] == "NewsArticle"]
    assert article["isAccessibleForFree"] is False
    selector = article["hasPart"]["cssSelector"]  # type: ignore[index]
    (paid,) = html.fromstring(page).xpath(f'//div[@class="{selector.removeprefix(".")}"]')
    assert paid.text_content() == ""


def test_canonical_addresses(paper: Newspaper, fetch: Fetch) -> None:
    for story in (s for s in paper.stories if s.design != "homemade"):
        page = html.fromstring(real_text(read(fetch, story), story))
        assert page.xpath('//link[@rel="canonical"]/@href') == [story.url]


def test_charsets(paper: Newspaper, fetch: Fetch) -> None:
    charsets = {}
    for story in paper.stories:
        reply = read(fetch, story)
        if (story.manuscript.charset, reply.charset) != ("utf-8", "utf-8"):
            charsets[story.manuscript.charset, reply.charset] = (story, reply)
    assert charsets.keys() == {
        ("windows-1252", "windows-1252"),
        ("shift_jis", "shift_jis"),
        ("utf-8", "iso-8859-1"),
    }
    for (real, claimed), (story, reply) in charsets.items():
        assert story.headline in reply.body.decode(real)
        assert (story.body[0].text in reply.text) == (real == claimed)


def test_the_shy_page_answers_the_second_time(own_paper: Newspaper, fetch: Fetch) -> None:
    (story,) = [s for s in own_paper.stories if s.manuscript.shy]
    first, second, third = (fetch(story.url) for _ in range(3))
    assert (first.status, first.headers["retry-after"]) == (503, "1")
    assert (second.status, third.status) == (200, 200)


def test_other_pages_answer_as_their_outcome_says(paper: Newspaper, fetch: Fetch) -> None:
    for page in paper.pages:
        assert fetch(page.url).status == WITH_STATUS.get(page.kind, 200), page.url


def of_kind(paper: Newspaper, kind: str) -> list[OtherPage]:
    return [page for page in paper.pages if page.kind == kind]


def test_redirects_lead_to_their_story(paper: Newspaper, fetch: Fetch) -> None:
    for page in of_kind(paper, "redirect"):
        assert urljoin(page.url, fetch(page.url).headers["location"]) == page.story


def test_the_loop_never_ends(paper: Newspaper, fetch: Fetch) -> None:
    (page,) = of_kind(paper, "loop")
    url = page.url
    for _ in range(5):
        reply = fetch(url)
        assert reply.status == 302
        url = urljoin(url, reply.headers["location"])


@pytest.mark.parametrize("kind", ["print", "copy", "amp", "slash"])
def test_aliases_carry_the_same_text(paper: Newspaper, fetch: Fetch, kind: str) -> None:
    pages = of_kind(paper, kind)
    assert pages
    stories = {story.url: story for story in paper.stories}
    for page in pages:
        assert page.story is not None
        text = visible_text(fetch(page.url).text)
        assert all(block.text in text for block in stories[page.story].body), page.url
        assert page.expected_outcome is Outcome.DUPLICATE


def test_the_amp_page_and_its_story_know_each_other(paper: Newspaper, fetch: Fetch) -> None:
    (page,) = of_kind(paper, "amp")
    assert page.story is not None
    assert html.fromstring(fetch(page.url).body).xpath('//link[@rel="canonical"]/@href') == [page.story]
    assert html.fromstring(fetch(page.story).body).xpath('//link[@rel="amphtml"]/@href') == [page.url]


@pytest.mark.parametrize("kind", ["print", "copy"])
def test_these_aliases_name_no_canonical_address(paper: Newspaper, fetch: Fetch, kind: str) -> None:
    for page in of_kind(paper, kind):
        assert b"canonical" not in fetch(page.url).body


def test_walls_show_no_story(paper: Newspaper, fetch: Fetch) -> None:
    for page in of_kind(paper, "consent_wall"):
        text = fetch(page.url).text
        assert 'role="dialog"' in text
        assert "<article" not in text


def test_stubs_are_hardly_anything(paper: Newspaper, fetch: Fetch) -> None:
    shortest = min(sum(len(block.text) for block in story.body) for story in paper.stories)
    for page in of_kind(paper, "stub"):
        headline, _, line = page.title.partition(" | ")
        assert headline in fetch(page.url).text
        assert line in fetch(page.url).text
        assert len(line) < shortest / 2


def test_robots_forbids_what_must_not_be_fetched(paper: Newspaper, fetch: Fetch) -> None:
    for outlet in paper.outlets:
        robots = fetch(f"{outlet.base}/robots.txt").text
        assert "Crawl-delay: 0.1" in robots
        (disallowed,) = [line.split(": ")[1] for line in robots.splitlines() if line.startswith("Disallow: ")]
        forbidden = [page.path for page in outlet.pages if page.kind == "forbidden"]
        assert forbidden
        assert all(path.startswith(disallowed) for path in forbidden)
        assert not any(story.path.startswith(disallowed) for story in outlet.stories)


def test_section_pages_lead_to_all_recent_stories(paper: Newspaper, fetch: Fetch) -> None:
    lengths = set()
    for outlet in paper.outlets:
        for place, edition in enumerate(outlet.editions):
            for section in edition.text.sections:
                found, pages = walk(fetch, outlet, edition.section_page(section))
                recent = {
                    story.url
                    for story in edition.stories
                    if story.section_key == section and outlet.now - story.published < dt.timedelta(days=6)
                }
                torn = {story.url for story in edition.stories if story.manuscript.torn}
                extra = {p.url for p in outlet.pages if p.announced_by == "section" and p.edition == place}
                assert found == recent - torn | extra
                lengths.add(pages)
    assert max(lengths) > 1


def walk(fetch: Fetch, outlet: Outlet, path: str) -> tuple[set[str], int]:
    """The links of a section's list and the number of its pages, by following its rel=next."""
    found: set[str] = set()
    pages = 0
    while path:
        tree = html.fromstring(fetch(outlet.base + path).body)
        found |= {urljoin(outlet.base, h) for h in tree.xpath('//div[@class="teaser"]/h3/a/@href')}
        found |= {urljoin(outlet.base, h) for h in tree.xpath('//p[@class="extra"]/a/@href')}
        path = next(iter(tree.xpath('//a[@rel="next"]/@href')), "")
        pages += 1
    return found, pages


def test_every_link_leads_somewhere(paper: Newspaper, fetch: Fetch) -> None:
    """From the front pages, through all links of the site, nothing is dead but what is meant to be."""
    meant = {page.url for page in paper.pages}
    seen: set[str] = set()
    waiting = [outlet.home_page for outlet in paper.outlets]
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        reply = fetch(url) if (first := fetch(url)).status == 503 else first
        if reply.status != 200:
            assert url in meant, url
        elif reply.headers["content-type"].startswith("text/html") and reply.body:
            hrefs = html.fromstring(reply.body).xpath("//a/@href | //link/@href | //img/@src")
            waiting += [
                urljoin(url, href)
                for href in hrefs
                if not href.startswith("#") and not href.startswith("data:")
            ]
    assert {story.url for story in paper.stories} <= seen | old(paper)


def old(paper: Newspaper) -> set[str]:
    return {story.url for story in paper.stories if story.expected_outcome is Outcome.PENDING}


def test_every_picture_opens(paper: Newspaper, fetch: Fetch) -> None:
    for outlet in paper.outlets:
        for story in outlet.stories:
            for each in story.pictures:
                for width in each.widths:
                    reply = fetch(outlet.base + each.path(width))
                    image = Image.open(BytesIO(reply.body))
                    image.load()
                    assert image.size == (width, width * 9 // 16)
                    assert reply.headers["content-type"] == Image.MIME[image.format or ""]


def test_pictures_are_the_same_in_every_process() -> None:
    path = "/media/city-7-320.jpg"
    code = f"from crawler.demo.pictures import picture; print(picture({path!r})[0].hex())"
    elsewhere = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout
    file = picture(path)
    assert file is not None
    assert bytes.fromhex(elsewhere) == file[0]


@pytest.mark.parametrize(
    "path",
    [
        "/no/such/page",
        "/media/harbour-1-321.jpg",
        "/media/dragon-1-320.jpg",
        "/%00",
        "/../../etc/passwd",
        "/en/read.php?id=999999",
        "/?" + "x" * 3000,
    ],
)
def test_anything_else_is_not_there(paper: Newspaper, fetch: Fetch, path: str) -> None:
    status = fetch(paper.outlets[1].base + path).status
    assert status == (200 if path.startswith("/?") else 404)


def test_pages_are_well_formed_enough_for_a_strict_reader(paper: Newspaper, fetch: Fetch) -> None:
    parser = etree.HTMLParser(recover=False)
    for outlet in paper.outlets:
        reply = fetch(outlet.home_page)
        assert etree.fromstring(reply.body, parser) is not None
