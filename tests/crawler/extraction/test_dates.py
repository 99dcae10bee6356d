"""When a story was published and changed."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extraction.dates import Dates, dates
from crawler.extraction.hints import Hints
from tests.news_page import STORY, json_ld, laid_out, story_page

URL = "https://www.hafenpost.de/nachrichten/pier"


def found(
    above: str = "",
    below: str = "",
    head: str = "",
    *,
    lang: str = "de",
    url: str = URL,
    hints: Hints | None = None,
) -> Dates:
    return dates(*laid_out(story_page(above, below, head, lang=lang), url, hints or Hints()))


def iso(above: str = "", below: str = "", head: str = "", **known: object) -> tuple[str | None, str | None]:
    both = found(above, below, head, **known)  # type: ignore[arg-type]
    return tuple(d.value.isoformat() if d.value else None for d in (both.published, both.modified))  # type: ignore[return-value]


LINKED = json_ld(
    '{"@type": "NewsArticle", "datePublished": "2026-05-03T15:47:00+02:00", '
    '"dateModified": "2026-05-04T08:00:00Z"}'
)


def test_linked_data() -> None:
    both = found(head=LINKED)
    assert both.published.value is not None
    assert both.published.value.isoformat() == "2026-05-03T15:47:00+02:00"
    assert both.published.value.origin == "json-ld:datePublished"
    assert both.published.value.raw == "2026-05-03T15:47:00+02:00"
    assert both.modified.value is not None
    assert both.modified.value.isoformat() == "2026-05-04T08:00:00+00:00"


@pytest.mark.parametrize(
    ("above", "published", "modified"),
    [
        ('<time datetime="2026-05-03T15:47+02:00">3. Mai</time>', "2026-05-03T15:47:00+02:00", None),
        ('<p class="date">3. Mai 2026, 15:47 Uhr</p>', "2026-05-03T15:47:00+02:00", None),
        ('<p class="date">3. Mai 2026</p>', "2026-05-03", None),
        ("<span>3. Mai 2026, 15:47 Uhr</span>", "2026-05-03T15:47:00+02:00", None),
        ('<p class="x">Veröffentlicht: 03.05.2026 15:47, aktualisiert: 04.05.2026 08:00</p>',
         "2026-05-03T15:47:00+02:00", "2026-05-04T08:00:00+02:00"),
        ('<time class="updated" datetime="2026-05-04T08:00Z">x</time>'
         '<time datetime="2026-05-03T15:47Z">y</time>',
         "2026-05-03T15:47:00+00:00", "2026-05-04T08:00:00+00:00"),
        # The one date that there is, is of the last change: the story was there by then.
        ("<p>Stand: 03.05.2026 15:47 Uhr</p>", "2026-05-03T15:47:00+02:00", "2026-05-03T15:47:00+02:00"),
    ],
)  # fmt: skip
def test_shown(above: str, published: str, modified: str | None) -> None:
    assert iso(above) == (published, modified)


def test_a_day_is_a_day() -> None:
    assert iso(head='<meta name="date" content="2026-05-03">')[0] == "2026-05-03"
    assert iso(head='<meta name="date" content="2026-05-03T00:00:00+02:00">')[0] == "2026-05-03"


def test_a_day_is_refined_by_what_knows_the_hour_of_that_day() -> None:
    head = '<meta name="date" content="2026-05-03">'
    assert (
        iso('<time datetime="2026-05-03T15:47+02:00">x</time>', head=head)[0] == "2026-05-03T15:47:00+02:00"
    )
    assert iso('<time datetime="2026-05-09T15:47+02:00">x</time>', head=head)[0] == "2026-05-03"


@pytest.mark.parametrize(
    ("known", "published"),
    [
        ({"hints": Hints(time_zone="Asia/Tokyo")}, "2026-05-03T15:47:00+09:00"),
        ({"url": "https://hafenpost.at/x"}, "2026-05-03T15:47:00+02:00"),
        ({"url": "https://hafenpost.example/x", "lang": "en"}, "2026-05-03"),
    ],
)
def test_local_times(known: dict[str, object], published: str) -> None:
    assert iso(head='<meta name="date" content="2026-05-03T15:47:00">', **known)[0] == published


def test_a_date_after_the_fetch_is_refused() -> None:
    hints = Hints(fetched_at=dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC))
    head = '<meta property="article:published_time" content="2026-06-01T10:00:00Z">'
    assert iso('<p class="date">2. Mai 2026</p>', head=head, hints=hints)[0] == "2026-05-02"
    assert iso(head=head, hints=hints)[0] is None


def test_the_clock_of_the_server_is_no_modification() -> None:
    fetched = dt.datetime(2026, 5, 5, 12, 0, 7, tzinfo=dt.UTC)
    head = LINKED.replace("2026-05-04T08:00:00Z", "2026-05-05T12:00:00Z")
    assert iso(head=head, hints=Hints(fetched_at=fetched))[1] is None


def test_a_modification_before_the_publication_is_none() -> None:
    assert iso(head=LINKED.replace("2026-05-04T08:00:00Z", "2026-05-01T08:00:00Z"))[1] is None


def test_dates_of_other_things_do_not_count() -> None:
    related = '<div class="related"><time datetime="2026-05-09T10:00Z">9. Mai</time></div>'
    story = STORY.replace("on Monday evening", "on 9. Mai 2026")
    html = story_page(below=related, text=story, lang="de")
    assert dates(*laid_out(html, URL)).published.value is None


def test_the_address_is_asked_last() -> None:
    url = "https://www.hafenpost.de/2026/05/03/pier"
    assert iso(url=url)[0] == "2026-05-03"
    assert iso('<p class="date">2. Mai 2026</p>', url=url)[0] == "2026-05-02"
    assert iso(url="https://www.hafenpost.de/2026/99/03/pier")[0] is None


def test_what_the_pages_scripts_are_told() -> None:
    one = '<script>var page = {"publicationDate":"2026-05-03T13:47:00Z"}</script>'
    other = one.replace("}", ', "list": [{"publicationDate":"2026-05-02T13:47:00Z"}]}')
    assert iso(head=one)[0] == "2026-05-03T13:47:00+00:00"
    assert iso(head=other)[0] is None


def test_what_was_announced() -> None:
    hints = Hints(published=dt.datetime(2026, 5, 3, 13, 47, tzinfo=dt.UTC))
    assert iso(hints=hints)[0] == "2026-05-03T13:47:00+00:00"
    assert iso(head=LINKED, hints=hints)[0] == "2026-05-03T15:47:00+02:00"


@pytest.mark.parametrize(
    "raw", ["0000-00-00", "9999-99-99T99:99:99Z", "2026-05-03T10:00:00+99:99", "now", "5"]
)
def test_odd_dates(raw: str) -> None:
    iso(head=LINKED.replace("2026-05-03T15:47:00+02:00", raw))
